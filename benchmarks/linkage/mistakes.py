"""Wrong links and other errors, put into a register in the shares that authorities have published."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from people import Population, check_digits

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


def partners(*keys: Ints, rng: np.random.Generator) -> Ints:
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
    return other


def wrong_links(
    people: Population, pools: dict[str, Ints], count: int, rng: np.random.Generator, absent: float
) -> tuple[Register, Ints]:
    """Choose the rows and put the errors in.

    ``pools`` comes from `partner_pools`. Returns the register and the persons to leave out of the residents,
    the share ``absent`` of the wrong rows' true owners.
    """
    size = len(people.number)
    start = rng.permutation(size)[: count - int(count * ERRORS["double"])]
    start = start[np.argsort(_entry_order(people, start, rng), kind="stable")]
    register = Register(
        start, people.number[start].copy(), np.full(len(start), "", object), np.array([], object)
    )
    free = np.ones(len(start), np.bool_)
    near = {error: pool[start] for error, pool in pools.items()}
    for error in ("twin", "homophone", "namesake", "family"):
        at = _take(free & (near[error] >= 0), round(count * ERRORS[error]), rng)
        free[at] = False
        register.number[at] = people.number[near[error][at]]
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
    gone = register.person[wrong[rng.random(len(wrong)) < absent]]
    return _with_doubles(register, count - len(start), rng), gone


def _entry_order(people: Population, of: Ints, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Half of the households were entered together, everybody else as they came."""
    key = rng.random(int(people.household.max()) + 1)
    return np.where(key[people.household[of]] < 0.5, key[people.household[of]] * 2, rng.random(len(of)))


def partner_pools(people: Population, rng: np.random.Generator) -> dict[str, Ints]:
    """For each person one whose number could be taken by mistake, by kind of error; -1 if nobody."""
    kana = groups(
        _codes(people.names.surname_kana)[people.surname], _codes(people.names.given_kana)[people.given]
    )
    name = groups(people.surname, people.given)
    family = partners(people.household, rng=rng)
    twin = partners(people.household, people.dob, rng=rng)
    homophone = partners(kana, people.dob, people.sex, rng=rng)
    exact = partners(name, people.dob, rng=rng)
    namesake = np.where(exact >= 0, exact, partners(name, rng=rng))
    family = np.where((family >= 0) & (people.dob[family] != people.dob), family, -1)
    homophone = np.where((homophone >= 0) & (name[homophone] != name), homophone, -1)
    # A namesake of the same day is the harmful kind: it comes first while there are any.
    prefer = np.where(exact >= 0, namesake, np.where(rng.random(len(name)) < 0.0005, namesake, -1))
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
