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
from people import Population, check_digits, numbers_of_tile, populate

type Ints = npt.NDArray[np.int64]

#: Wrong links and other errors per row of the register, after the published causes.
ERRORS = {
    "family": 0.00135,
    "row_shift": 0.00045,
    "homophone": 0.00041,
    "namesake": 0.0003,
    "twin": 0.00012,
    "random": 0.00009,
    "batch_neighbour": 0.00005,
    "collision": 0.00003,
    "mistyped": 0.00015,
    "not_in_register": 0.002,
    "unlinked": 0.02,
    "double": 0.0005,
}
WRONG = ("family", "row_shift", "homophone", "namesake", "twin", "random", "batch_neighbour", "collision")


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


@dataclass
class Register:
    """Rows under construction: whom each row describes, whose number it carries, and its error."""

    person: Ints
    number: Ints
    error: npt.NDArray[np.object_]
    pid: npt.NDArray[np.object_]


def groups(*keys: Ints) -> Ints:
    """Code of each row's combination of keys."""
    frame = pl.DataFrame({str(at): key for at, key in enumerate(keys)})
    return frame.select(pl.struct(pl.all()).rank("dense"))[:, 0].to_numpy().astype(np.int64)


def partners(people: Population, of: Ints, *keys: Ints, rng: np.random.Generator) -> Ints:
    """For each person another with equal keys, or -1."""
    code = groups(*keys)
    order = np.lexsort((rng.random(len(code)), code))
    following = np.roll(order, -1)
    other = np.full(len(code), -1)
    same = code[order] == code[following]
    other[order[same]] = following[same]
    back = (other == -1) & np.isin(np.arange(len(code)), following[same])
    previous = np.full(len(code), -1)
    previous[following[same]] = order[same]
    other[back] = previous[back]
    return other[of]


def wrong_links(
    people: Population, count: int, rng: np.random.Generator, noise: Noise
) -> tuple[Register, Ints]:
    """Choose the rows and put the errors in; return the register and the persons to leave out of the
    residents."""
    size = len(people.number)
    start = rng.permutation(size)[: count - int(count * ERRORS["double"])]
    start = start[np.argsort(_entry_order(people, start, rng), kind="stable")]
    register = Register(
        start, people.number[start].copy(), np.full(len(start), "", object), np.array([], object)
    )
    free = np.ones(len(start), np.bool_)
    pools = _partner_pools(people, start, rng)
    for error in ("twin", "homophone", "namesake", "family"):
        at = _take(free & (pools[error] >= 0), round(count * ERRORS[error]), rng)
        free[at] = False
        register.number[at] = people.number[pools[error][at]]
        register.error[at] = error
    _row_shifts(register, free, round(count * ERRORS["row_shift"]), rng)
    _batch_neighbours(register, free, round(count * ERRORS["batch_neighbour"]), rng)
    at = _take(free, round(count * ERRORS["random"]), rng)
    free[at] = False
    register.number[at] = people.number[rng.integers(0, size, len(at))]
    register.error[at] = "random"
    _other_errors(register, free, count, rng)
    register.pid = np.array([str(27_000_000 + at) for at in range(len(start))], object)
    _collisions(register, free, round(count * ERRORS["collision"]), rng)
    wrong = np.flatnonzero(np.isin(register.error, WRONG) & (register.error != "row_shift"))
    absent = register.person[wrong[rng.random(len(wrong)) < noise.owner_absent]]
    return _with_doubles(register, count - len(start), rng), absent


def _entry_order(people: Population, of: Ints, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Half of the households were entered together, everybody else as they came."""
    key = rng.random(int(people.household.max()) + 1)
    return np.where(key[people.household[of]] < 0.5, key[people.household[of]] * 2, rng.random(len(of)))


def _partner_pools(people: Population, of: Ints, rng: np.random.Generator) -> dict[str, Ints]:
    kana = groups(
        _codes(people.names.surname_kana)[people.surname], _codes(people.names.given_kana)[people.given]
    )
    name = groups(people.surname, people.given)
    family = partners(people, of, people.household, rng=rng)
    twin = partners(people, of, people.household, people.dob, rng=rng)
    homophone = partners(people, of, kana, people.dob, people.sex, rng=rng)
    exact = partners(people, of, name, people.dob, rng=rng)
    namesake = np.where(exact >= 0, exact, partners(people, of, name, rng=rng))
    family = np.where((family >= 0) & (people.dob[family] != people.dob[of]), family, -1)
    homophone = np.where((homophone >= 0) & (name[homophone] != name[of]), homophone, -1)
    # A namesake of the same day is the harmful kind: it comes first while there are any.
    prefer = np.where(exact >= 0, namesake, np.where(rng.random(len(of)) < 0.0005, namesake, -1))
    return {"family": family, "twin": twin, "homophone": homophone, "namesake": prefer}


def _codes(texts: pl.Series) -> Ints:
    return texts.rank("dense").to_numpy().astype(np.int64)


def _take(allowed: npt.NDArray[np.bool_], count: int, rng: np.random.Generator) -> Ints:
    rows = np.flatnonzero(allowed)
    return rng.permutation(rows)[:count]


def _row_shifts(
    register: Register, free: npt.NDArray[np.bool_], count: int, rng: np.random.Generator
) -> None:
    """Blocks in which every row carries the number of the row above."""
    while count > 3:
        length = int(min(count, rng.integers(10, 140)))
        first = int(rng.integers(1, len(free) - length - 1))
        if not free[first - 1 : first + length].all():
            continue
        block = slice(first, first + length)
        register.number[block] = register.number[first - 1 : first + length - 1].copy()
        register.error[block] = "row_shift"
        free[first - 1 : first + length] = False
        count -= length


def _batch_neighbours(
    register: Register, free: npt.NDArray[np.bool_], count: int, rng: np.random.Generator
) -> None:
    for at in _take(free, count, rng):
        other = int(np.clip(at + rng.integers(2, 25) * rng.choice([-1, 1]), 0, len(free) - 1))
        if other != at and free[at]:
            register.number[at] = register.number[other]
            register.error[at] = "batch_neighbour"
            free[at] = False


def _collisions(
    register: Register, free: npt.NDArray[np.bool_], count: int, rng: np.random.Generator
) -> None:
    """Programme numbers equal but for a leading zero: one row took the personal number of the other."""
    at = _take(free, 2 * count, rng)
    wrong, source = at[:count], at[count : 2 * count]
    free[at] = False
    register.pid[wrong] = np.array(["0" + pid for pid in register.pid[source]], object)
    register.number[wrong] = register.number[source]
    register.error[wrong] = "collision"


def _other_errors(
    register: Register, free: npt.NDArray[np.bool_], count: int, rng: np.random.Generator
) -> None:
    """Numbers that are missing, mistyped or of nobody in the register."""
    at = _take(free, round(count * ERRORS["mistyped"]), rng)
    free[at] = False
    place = 10 ** rng.integers(0, 12, len(at))
    digit = register.number[at] // place % 10
    register.number[at] += ((digit + rng.integers(1, 10, len(at))) % 10 - digit) * place
    register.error[at] = "mistyped"
    at = _take(free, round(count * ERRORS["not_in_register"]), rng)
    free[at] = False
    register.number[at] = check_digits(rng.integers(10**10, 10**11, len(at)))
    register.error[at] = "not_in_register"
    at = _take(free, round(count * ERRORS["unlinked"]), rng)
    free[at] = False
    register.number[at] = -1
    register.error[at] = "unlinked"


def _with_doubles(register: Register, count: int, rng: np.random.Generator) -> Register:
    """Append rows that repeat a right row under a new programme number."""
    at = _take(register.error == "", count, rng)
    pid = np.array([str(48_000_000 + place) for place in range(len(at))], object)
    return Register(
        np.append(register.person, register.person[at]),
        np.append(register.number, register.number[at]),
        np.append(register.error, np.full(len(at), "double", object)),
        np.append(register.pid, pid),
    )


def residents_frame(people: Population, keep: Ints, first_person: int, city: str, shift: int) -> pl.DataFrame:
    """The residents' register: one tidy notation."""
    names, zero = people.names, np.zeros(len(keep), np.int64)
    surname, given = names.surnames.gather(people.surname[keep]), names.given.gather(people.given[keep])
    readings = names.surname_kana.gather(people.surname[keep]), names.given_kana.gather(people.given[keep])
    return pl.DataFrame(
        {
            "person": keep + first_person,
            "mynumber": pl.Series(numbers_of_tile(people.number[keep], people, first_person))
            .cast(pl.String)
            .str.zfill(12),
            "name": notation.names(surname, given, zero),
            "kana": notation.kana(*readings, zero),
            "dob": notation.dates((people.dob[keep] + shift) % 38_300, zero),
            "sex": notation.sexes(people.sex[keep], zero),
            "addr": notation.addresses(people.homes, people.home[keep], zero, city),
        }
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
    writers: dict[str, pq.ParquetWriter] = {}
    for tile in range(tiles):
        rows, absent = wrong_links(people, register, rng, scaled)
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
            ("residents", residents_frame(people, keep, first, city, shift)),
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
