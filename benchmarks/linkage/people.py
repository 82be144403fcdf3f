"""A synthetic population: households, twins, facilities, namesakes, foreigners. Every name is composed by
chance."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

_WORDS = {
    name: words.split()
    for name, words in tomllib.loads(
        (Path(__file__).parent / "words.toml").read_text(encoding="utf-8")
    ).items()
}

#: Numbers walk modulo this prime below 10¹¹.
_PRIME = 99_999_999_977

type Ints = npt.NDArray[np.int64]


def _split(words: list[str]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Written form and reading of items such as ``田タ`` and ``LEEイ``."""
    cut = [next(i for i, letter in enumerate(word) if "ァ" <= letter <= "ヶ") for word in words]
    written = [word[:at] for word, at in zip(words, cut, strict=True)]
    readings = [word[at:] for word, at in zip(words, cut, strict=True)]
    return np.array(written, object), np.array(readings, object)


def _zipf(rng: np.random.Generator, kinds: int, size: int, exponent: float) -> Ints:
    weights = 1 / np.arange(3, kinds + 3) ** exponent
    return rng.choice(kinds, size=size, p=weights / weights.sum())


def _compose(first: list[str], second: list[str], rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """All two-part names in a shuffled (popularity) order, doubled characters left out."""
    (a, ar), (b, br) = _split(first), _split(second)
    names = [
        (x + y, xr + yr) for x, xr in zip(a, ar, strict=True) for y, yr in zip(b, br, strict=True) if x != y
    ]
    order = rng.permutation(len(names))
    return [names[at][0] for at in order], [names[at][1] for at in order]


@dataclass(frozen=True)
class Population:
    """People as codes: texts are looked up when a file is written."""

    surname: Ints
    given: Ints
    sex: Ints
    dob: Ints
    home: Ints
    household: Ints
    foreign: npt.NDArray[np.bool_]
    number: Ints
    step: int
    names: "Names"
    homes: "Homes"


@dataclass(frozen=True)
class Names:
    """Written forms and readings behind the codes."""

    surnames: pl.Series
    surname_kana: pl.Series
    given: pl.Series
    given_kana: pl.Series


@dataclass(frozen=True)
class Homes:
    """Addresses behind the codes: city, town, three numbers, building text (empty for a house)."""

    city: Ints
    town: Ints
    numbers: npt.NDArray[np.int64]
    room: Ints
    cities: list[str]
    towns: list[str]


def _names(rng: np.random.Generator) -> tuple[Names, dict[str, tuple[int, int]]]:
    surnames, surname_kana = _compose(_WORDS["surname_first"], _WORDS["surname_second"], rng)
    male, male_kana = _compose(_WORDS["male_first"], _WORDS["male_second"], rng)
    female, female_kana = _compose(_WORDS["female_first"], _WORDS["female_second"], rng)
    foreign, foreign_kana = _split(_WORDS["foreign_surnames"])
    given_words = _pairs_of_foreign_given()
    spans = {
        "surname": (0, len(surnames)),
        "foreign": (len(surnames), len(foreign)),
        "male": (0, len(male)),
        "female": (len(male), len(female)),
        "foreign_given": (len(male) + len(female), len(given_words)),
    }
    return Names(
        pl.Series([*surnames, *foreign]),
        pl.Series([*surname_kana, *foreign_kana]),
        pl.Series([*male, *female, *(word for word, _ in given_words)]),
        pl.Series([*male_kana, *female_kana, *(kana for _, kana in given_words)]),
    ), spans


def _pairs_of_foreign_given() -> list[tuple[str, str]]:
    """Given names of one or two words with readings of one or two words."""
    pairs: list[tuple[str, str]] = []
    latin: list[str] = []
    kana: list[str] = []
    for word in _WORDS["foreign_given"]:
        at = next((i for i, letter in enumerate(word) if "ァ" <= letter <= "ヶ"), len(word))
        if at and kana:
            pairs.append((" ".join(latin), " ".join(kana)))
            latin, kana = [], []
        if at:
            latin.append(word[:at])
        if word[at:]:
            kana.append(word[at:])
    return [*pairs, (" ".join(latin), " ".join(kana))]


def _households(rng: np.random.Generator, count: int) -> Ints:
    """Household of each person: sizes 1 to 5 as in Japan's census."""
    sizes = rng.choice([1, 2, 3, 4, 5], size=count, p=[0.38, 0.28, 0.17, 0.12, 0.05])
    return np.repeat(np.arange(count), sizes)[:count]


def _birthdays(rng: np.random.Generator, household: Ints) -> Ints:
    """Days since 1920-01-01; members of a household follow one another by generation."""
    place = np.arange(len(household)) - np.searchsorted(household, household)
    base = rng.integers(3_650, 31_000, household.max() + 1)[household]
    children = rng.integers(8_000, 13_000, len(household))
    dob = np.where(
        place == 0, base, np.where(place == 1, base + rng.integers(-1500, 1500, len(base)), base + children)
    )
    dob = np.where(place >= 3, dob + rng.integers(300, 2_000, len(dob)) * (place - 2), dob)
    return np.where((dob < 0) | (dob > 38_299), rng.integers(0, 38_300, len(dob)), dob)


def check_digits(first: Ints) -> Ints:
    """Personal numbers (twelve digits) from their first eleven."""
    total, rest = np.zeros_like(first), first.copy()
    for weight in (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6):
        total += rest % 10 * weight
        rest //= 10
    remainder = total % 11
    return first * 10 + np.where(remainder <= 1, 0, 11 - remainder)


def populate(count: int, seed: int) -> Population:
    """Return a population of ``count`` residents."""
    rng = np.random.default_rng(seed)
    names, spans = _names(rng)
    household = _households(rng, count)
    homes_count = int(household.max()) + 1
    foreign = (rng.random(homes_count) < 0.022)[household]
    surname = _zipf(rng, spans["surname"][1], homes_count, 0.85)[household]
    surname = np.where(
        foreign, spans["foreign"][0] + rng.integers(0, spans["foreign"][1], homes_count)[household], surname
    )
    place = np.arange(count) - np.searchsorted(household, household)
    sex = (
        np.where(
            place <= 1, (place + rng.integers(0, 2, homes_count)[household]) % 2, rng.integers(0, 2, count)
        )
        + 1
    )
    male = _zipf(rng, spans["male"][1], count, 0.6)
    female = spans["female"][0] + _zipf(rng, spans["female"][1], count, 0.6)
    given = np.where(sex == 1, male, female)
    given = np.where(
        foreign, spans["foreign_given"][0] + rng.integers(0, spans["foreign_given"][1], count), given
    )
    dob = _birthdays(rng, household)
    twin = np.flatnonzero((place >= 3) & (rng.random(count) < 0.03))
    dob[twin] = dob[twin - 1]
    home = np.arange(homes_count)
    facility = np.flatnonzero(rng.random(homes_count) < 0.01)
    home[facility] = facility[np.arange(len(facility)) // 60 * 60]
    step = int(rng.integers(10**10, _PRIME - 1))
    number = check_digits(_distinct_numbers(step, count))
    return Population(
        surname,
        given,
        sex,
        dob,
        home[household],
        household,
        foreign,
        number,
        step,
        names,
        _homes(rng, homes_count),
    )


def _distinct_numbers(step: int, count: int) -> Ints:
    """Distinct eleven-digit numbers in no order: an affine walk modulo a prime."""
    # Python integers would be exact but slow; halves keep each product below 2**63.
    index = np.arange(1, count + 1, dtype=np.int64)
    high, low = step >> 18, step & (2**18 - 1)
    return ((index * high % _PRIME) * 2**18 % _PRIME + index * low) % _PRIME


def numbers_of_tile(numbers: Ints, people: Population, first: int) -> Ints:
    """Personal numbers of the same people in another tile: the walk goes on, so that no number repeats."""
    return check_digits((numbers // 10 + first * people.step % _PRIME) % _PRIME)


def _homes(rng: np.random.Generator, count: int) -> Homes:
    towns = [first + second for first in _WORDS["town_first"] for second in _WORDS["town_second"]]
    city = rng.integers(0, len(_WORDS["cities"]), count)
    town = rng.integers(0, len(towns), count)
    numbers = np.stack(
        [rng.integers(1, 9, count), rng.integers(1, 40, count), rng.integers(1, 35, count)], axis=1
    )
    room = np.where(rng.random(count) < 0.4, rng.integers(1, 12, count) * 100 + rng.integers(1, 15, count), 0)
    return Homes(city, town, numbers, room, list(_WORDS["cities"]), towns)
