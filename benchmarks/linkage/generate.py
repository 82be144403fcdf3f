"""Synthetic residents and a programme's register with known wrong links.

Usage: ``python benchmarks/linkage/generate.py --out DIR [--residents N] [--register N] [--kind plain|hard]
[--seed N] [--tiles K] [--noise X]``. Writes ``residents.parquet``, ``register.parquet`` and
``truth.parquet`` (row, pid, true_person or -1, error). With ``--tiles`` the population is repeated in K
regions of other city names and shifted birth dates, to measure cost at national size.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import notation
import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow.parquet as pq
from mistakes import Register, partner_pools, wrong_links
from people import Population, numbers_of_tile, populate

type Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Noise:
    """Share of rows with each benign difference, and of wrong rows whose true owner left the register of
    residents."""

    no_kana: float = 0.03
    no_sex: float = 0.05
    no_addr: float = 0.0
    moved: float = 0.08
    surname_changed: float = 0.008
    name_slip: float = 0.001
    placeholder: float = 0.0
    dob_slip: float = 0.0
    dob_unknown: float = 0.0
    owner_absent: float = 0.0


NOISE = {
    "plain": Noise(),
    "hard": Noise(
        no_kana=0.30, no_sex=0.40, no_addr=0.12, moved=0.15, surname_changed=0.02, name_slip=0.005,
        placeholder=0.03, dob_slip=0.02, dob_unknown=0.01, owner_absent=0.08,
    ),
}  # fmt: skip


def resident_texts(people: Population) -> pl.DataFrame:
    """Name, reading and sex of all residents, the same in every tile."""
    names, zero = people.names, np.zeros(len(people.number), np.int64)
    surname, given = names.surnames.gather(people.surname), names.given.gather(people.given)
    readings = names.surname_kana.gather(people.surname), names.given_kana.gather(people.given)
    return pl.DataFrame(
        {
            "name": notation.names(surname, given, zero),
            "kana": notation.kana(*readings, zero),
            "sex": notation.sexes(people.sex, zero),
        }
    )


def residents_frame(
    people: Population, texts: pl.DataFrame, keep: Ints, first_person: int, city: str, shift: int
) -> pl.DataFrame:
    """The residents' register: one tidy notation."""
    zero = np.zeros(len(keep), np.int64)
    number = pl.Series(numbers_of_tile(people.number[keep], people, first_person))
    return texts[keep].select(
        pl.Series("person", keep + first_person),
        number.cast(pl.String).str.zfill(12).alias("mynumber"),
        "name",
        "kana",
        notation.dates((people.dob[keep] + shift) % 38_300, zero).alias("dob"),
        "sex",
        notation.addresses(people.homes, people.home[keep], zero, city).alias("addr"),
    )


def register_frame(
    people: Population,
    register: Register,
    noise: Noise,
    rng: np.random.Generator,
    first_person: int,
    city: str,
    shift: int,
) -> pl.DataFrame:
    """The programme's register: every row in its own notation, with benign differences."""
    rows, person, names = len(register.person), register.person, people.names
    surname = people.surname[person].copy()
    changed = (rng.random(rows) < noise.surname_changed) & ~people.foreign[person]
    surname[changed] = people.surname[rng.integers(0, len(people.surname), rows)][changed]
    home = np.where(
        rng.random(rows) < noise.moved, rng.integers(0, len(people.homes.city), rows), people.home[person]
    )
    dob = people.dob[person].copy() + shift
    slip = rng.random(rows) < noise.dob_slip
    dob[slip] = one_part_wrong(dob[slip], rng)
    number = register.number
    if first_person:
        number = np.where(number < 0, number, numbers_of_tile(number, people, first_person))
    texts = pl.select(
        pl.when(pl.Series(number) < 0)
        .then(pl.lit(""))
        .otherwise(pl.Series(number).cast(pl.String).str.zfill(12))
    ).to_series()
    style = _styles(rng, rows, noise)
    given = people.given[person]
    name = notation.names(names.surnames.gather(surname), names.given.gather(given), style["name"])
    return pl.DataFrame(
        {
            "pid": pl.Series(register.pid.tolist()),
            "mynumber": texts,
            "name": _damaged(name, noise, rng),
            "kana": notation.kana(
                names.surname_kana.gather(surname), names.given_kana.gather(given), style["kana"]
            ),
            "dob": notation.dates(dob % 38_300, style["dob"]),
            "sex": notation.sexes(people.sex[person], style["sex"]),
            "addr": notation.addresses(people.homes, home, style["addr"], city),
        }
    )


def one_part_wrong(days: Ints, rng: np.random.Generator) -> Ints:
    """Dates with a slip in the year (±1, ±10), the month or the day; never the same day again."""
    day = np.datetime64("1920-01-01") + days
    month = day.astype("datetime64[M]")
    of_month = (day - month).astype(np.int64)
    # Days 29 to 31 exist only in some months: there the slip is in the day itself.
    part = np.where(of_month > 27, 2, rng.integers(0, 3, len(days)))
    in_year = month.astype(np.int64) % 12
    later = np.where(days < 4_000, 1, np.where(days > 34_000, -1, rng.choice([-1, 1], len(days))))
    months = np.where(part == 0, 12 * rng.choice([1, 10], len(days)) * later, 0)
    months += np.where(part == 1, (in_year + rng.integers(1, 12, len(days))) % 12 - in_year, 0)
    of_month = np.where(part == 2, (of_month + rng.integers(1, 28, len(days))) % 28, of_month)
    wrong = ((month + months) + of_month.astype("timedelta64[D]") - np.datetime64("1920-01-01")).astype(
        np.int64
    )
    return np.clip(wrong, 0, 38_299)


def _styles(rng: np.random.Generator, rows: int, noise: Noise) -> dict[str, Ints]:
    styles = {
        "name": rng.choice(4, rows, p=[0.45, 0.2, 0.25, 0.1]),
        "kana": rng.choice(4, rows, p=[0.2, 0.55, 0.15, 0.1]),
        "dob": rng.choice(6, rows, p=[0.15, 0.3, 0.25, 0.1, 0.1, 0.1]),
        "sex": rng.choice(3, rows, p=[0.5, 0.3, 0.2]),
        "addr": rng.choice(5, rows, p=[0.25, 0.25, 0.15, 0.15, 0.2]),
    }
    for item, style, share in (
        ("kana", 4, noise.no_kana), ("dob", 6, noise.dob_unknown),
        ("sex", 3, noise.no_sex), ("addr", 5, noise.no_addr),
    ):  # fmt: skip
        styles[item][rng.random(rows) < share] = style
    return styles


def _damaged(names: pl.Series, noise: Noise, rng: np.random.Generator) -> pl.Series:
    """One character unprintable (●) or wrong in a few names."""
    chance = rng.random(len(names))
    rows = np.flatnonzero(chance < noise.placeholder + noise.name_slip)
    texts: list[str] = []
    for row in rows:
        letters = list(names[int(row)])
        places = [at for at, letter in enumerate(letters) if letter.strip()]
        letters[int(rng.choice(places))] = (
            "●" if chance[row] < noise.placeholder else str(rng.choice(list("宇佐美波多")))
        )
        texts.append("".join(letters))
    return names.scatter(rows, pl.Series(texts, dtype=pl.String)) if texts else names


def generate(
    out: Path, *, residents: int, register: int, kind: str, seed: int, tiles: int = 1, noise: float = 1.0
) -> None:
    """Write the three files into ``out``; sizes are per tile."""
    out.mkdir(parents=True, exist_ok=True)
    base = NOISE[kind]
    scaled = Noise(**{name: min(value * noise, 0.9) for name, value in vars(base).items()})
    rng = np.random.default_rng(seed + 10_000)
    people = populate(residents, seed)
    pools = partner_pools(people, rng)
    texts = resident_texts(people)
    writers: dict[str, pq.ParquetWriter] = {}
    for tile in range(tiles):
        rows, absent = wrong_links(people, pools, register, rng, scaled.owner_absent)
        rows.pid = np.array([f"{pid}-{tile:03d}" for pid in rows.pid], object) if tile else rows.pid
        first, city, shift = tile * residents, f"{notation.region(tile)}" if tile else "", tile * 37
        keep = np.setdiff1d(np.arange(residents), absent)
        gone = np.isin(rows.person, absent)
        truth = pl.DataFrame(
            {
                "row": np.arange(len(rows.person)) + tile * len(rows.person) + 1,
                "pid": pl.Series(rows.pid.tolist()),
                "true_person": np.where(gone, -1, rows.person + first),
                "error": pl.Series(rows.error.tolist()),
            }
        )
        for name, frame in (
            ("register", register_frame(people, rows, scaled, rng, first, city, shift)),
            ("truth", truth),
            ("residents", residents_frame(people, texts, keep, first, city, shift)),
        ):
            table = frame.to_arrow()
            if name not in writers:
                writers[name] = pq.ParquetWriter(out / f"{name}.parquet", table.schema, compression="zstd")
            writers[name].write_table(table, row_group_size=131_072)
        print(f"tile {tile + 1}/{tiles}", file=sys.stderr)
    for writer in writers.values():
        writer.close()


def main() -> None:
    """Read the options and generate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--residents", type=int, default=1_000_000, help="residents per tile")
    parser.add_argument("--register", type=int, default=300_000, help="rows of the register per tile")
    parser.add_argument("--kind", choices=sorted(NOISE), default="plain")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tiles", type=int, default=1)
    parser.add_argument("--noise", type=float, default=1.0, help="multiplies every share of benign noise")
    options = vars(parser.parse_args())
    generate(options.pop("out"), **options)


if __name__ == "__main__":
    main()
