"""What a figure is worth in a year: a value with its unit and quality, or nothing recorded."""

from dataclasses import dataclass
from decimal import Decimal

from tenshu.ground.quantities import Quality


@dataclass(frozen=True, slots=True)
class FigureValue:
    """The value of one figure in one fiscal year. ``value`` is ``None`` where no record exists."""

    key: str
    label: str
    unit: str
    value: Decimal | None
    qualifier: Quality
    rows: int

    @property
    def missing(self) -> bool:
        """Whether the office has recorded nothing that this figure could count."""
        return self.value is None

    @property
    def number(self) -> str:
        """The bare number with separators: 6,677 or 3.9; 記録なし when nothing is recorded."""
        if self.value is None:
            return "記録なし"
        return f"{self.value:,}" if self.value % 1 else f"{int(self.value):,}"

    @property
    def text(self) -> str:
        """The number as the report writes it: 135システム, 約20名, 163名以上."""
        if self.value is None:
            return "記録なし"
        number = f"{self.number}{self.unit}"
        match self.qualifier:
            case Quality.APPROXIMATE:
                return f"約{number}"
            case Quality.AT_LEAST:
                return f"{number}以上"
            case _:
                return number

    def as_json(self) -> dict[str, object]:
        """The shape that ``tenshu figures --format json`` prints."""
        plain = (
            None if self.value is None else (int(self.value) if self.value % 1 == 0 else float(self.value))
        )
        return {
            "key": self.key,
            "label": self.label,
            "value": plain,
            "qualifier": str(self.qualifier.value),
            "unit": self.unit,
            "rows": self.rows,
            "missing": self.missing,
        }
