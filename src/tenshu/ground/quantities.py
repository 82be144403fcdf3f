"""Values with a unit or a quality: ``Quality``, ``HeadCount``, ``Yen``."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NewType

from django.db import models

Yen = NewType("Yen", int)
"""An amount of money in whole yen. Thousands of yen exist only on pages."""


class Quality(models.TextChoices):
    """How sure the office is of a number (数値の確からしさ)."""

    EXACT = "exact", "実数"
    APPROXIMATE = "approx", "約"
    AT_LEAST = "at_least", "以上"

    @classmethod
    def combine(cls, qualities: Iterable[str]) -> "Quality":
        """The quality of a sum: a lower bound taints before an estimate, an estimate before an exact count."""
        seen = set(qualities)
        if cls.AT_LEAST.value in seen:
            return cls.AT_LEAST
        if cls.APPROXIMATE.value in seen:
            return cls.APPROXIMATE
        return cls.EXACT


@dataclass(frozen=True, slots=True)
class HeadCount:
    """A number of people with its quality (人数). Sums keep the weaker quality."""

    count: int
    quality: Quality = Quality.EXACT

    def __add__(self, other: "HeadCount") -> "HeadCount":
        return HeadCount(self.count + other.count, Quality.combine([self.quality, other.quality]))

    @classmethod
    def total(cls, counts: Iterable["HeadCount"]) -> "HeadCount":
        """The sum of any number of counts; an empty sum is exactly 0."""
        result = cls(0)
        for count in counts:
            result += count
        return result

    def __str__(self) -> str:
        number = f"{self.count:,}名"
        match self.quality:
            case Quality.APPROXIMATE:
                return f"約{number}"
            case Quality.AT_LEAST:
                return f"{number}以上"
            case _:
                return number
