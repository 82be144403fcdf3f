"""Why a wrong link came about, told after the verdict from file order, household, birth date and digits.

The cause helps to find the other rows of the same slip (a pasted block, one day's entries); it never
changes a class.
"""

from enum import IntEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from tenshu.engines.linkage.scoring import DateLevel, ItemLevel, NameLevel
from tenshu.engines.linkage.verdicts import NONE, Reason, RowClass, Verdicts

type Ints = npt.NDArray[np.int64]
type Flags = npt.NDArray[np.bool_]

#: Shortest run of rows, each linked to its neighbour's person, that counts as a shifted block.
SHORTEST_SHIFT = 3
#: How far apart rows of one batch of entries are looked for.
BATCH_REACH = 30


class Cause(IntEnum):
    """Cause of a wrong or doubtful link; the value is its code, the name in lower case its label."""

    NONE = 0
    ROW_SHIFT = 1
    NUMBER_COLLISION = 2
    TYPO = 3
    TWO_LINKS = 4
    TWIN = 5
    FAMILY = 6
    NAMESAKE = 7
    BATCH_NEIGHBOUR = 8
    SAME_ADDRESS = 9
    SAME_BIRTHDAY = 10
    DUPLICATE_NUMBER = 11
    STRANGER = 12


def label(
    verdicts: Verdicts, scored: pl.DataFrame, residents: pl.DataFrame, marks: pl.DataFrame, slips: Ints
) -> npt.NDArray[np.int8]:
    """Return the cause of every row.

    Args:
        verdicts: the decided rows.
        scored: scored pairs, for the levels of the claimed ones.
        residents: person, name, dob_parts, addr_h of the persons named in class C rows.
        marks: row, kind, group_key of rows that share a number or programme number.
        slips: rows whose number and their owner's differ by one slip of the hand.
    """
    causes = np.zeros(len(verdicts.state), np.int8)
    has_mark = {kind: (verdicts.reasons & int(reason)) != 0 for kind, reason in _SHARED.items()}
    doubled = verdicts.row_class == RowClass.D
    causes[doubled & has_mark["number"]] = Cause.DUPLICATE_NUMBER
    causes[doubled & has_mark["pid"]] = Cause.TWO_LINKS
    wrong = np.flatnonzero((verdicts.row_class == RowClass.C) & (verdicts.claimed != NONE))
    owner = owners(verdicts)
    found = _by_levels(verdicts, wrong, scored) | _by_household(verdicts, wrong, residents)
    found[Cause.BATCH_NEIGHBOUR] = wrong[_near_in_file(verdicts.claimed, owner, wrong)]
    found[Cause.DUPLICATE_NUMBER] = wrong[has_mark["number"][wrong]]
    found[Cause.TWO_LINKS] = wrong[has_mark["pid"][wrong]]
    found[Cause.ROW_SHIFT] = _shifted(verdicts.claimed, owner, wrong)
    found[Cause.NUMBER_COLLISION] = _collided(verdicts.claimed, owner, wrong, marks)
    found[Cause.STRANGER] = wrong
    for cause in sorted(found, reverse=True):
        causes[found[cause]] = cause
    causes[slips[causes[slips] != Cause.ROW_SHIFT]] = Cause.TYPO
    return causes


_SHARED = {"number": Reason.NUMBER_SHARED, "pid": Reason.PID_SHARED}


def owners(verdicts: Verdicts) -> Ints:
    """Whom each row most likely describes: the other person found where one was, else the claimed one."""
    replaced = (verdicts.row_class == RowClass.C) | (verdicts.claimed == NONE)
    return np.where(replaced, verdicts.best, verdicts.claimed)


def _shifted(claimed: Ints, owner: Ints, wrong: Ints) -> Ints:
    """Wrong rows in a run of at least `SHORTEST_SHIFT`, each holding the number of the row above (or
    below)."""
    rows: list[Ints] = []
    for step in (-1, 1):
        neighbour = np.full(len(owner), NONE)
        if step > 0:
            neighbour[:-1] = owner[1:]
        else:
            neighbour[1:] = owner[:-1]
        hit = wrong[(claimed[wrong] == neighbour[wrong]) & (neighbour[wrong] != NONE)]
        if not hit.size:
            continue
        run = np.cumsum(np.append(True, np.diff(hit) > 1))
        rows.append(hit[np.bincount(run)[run] >= SHORTEST_SHIFT])
    return np.unique(np.concatenate(rows)) if rows else wrong[:0]


def _near_in_file(claimed: Ints, owner: Ints, wrong: Ints) -> Flags:
    """Whether the claimed person is the owner of a row nearby in the file."""
    near = np.zeros(len(wrong), np.bool_)
    for step in (*range(-BATCH_REACH, 0), *range(1, BATCH_REACH + 1)):
        at = wrong + step
        inside = (at >= 0) & (at < len(owner))
        near[inside] |= claimed[wrong[inside]] == owner[at[inside]]
    return near


def _collided(claimed: Ints, owner: Ints, wrong: Ints, marks: pl.DataFrame) -> Ints:
    """Wrong rows whose claimed person owns a row of the same programme number but for zeros, width and
    hyphens."""
    rows = marks.filter(pl.col("kind") == "collision").select("row", "group_key")
    rows = rows.with_columns(pl.Series("owner", owner[rows["row"].to_numpy()]))
    asked = rows.filter(pl.col("row").is_in(pl.Series(wrong).implode()))
    asked = asked.with_columns(pl.Series("claimed", claimed[asked["row"].to_numpy()]))
    joined = asked.join(rows, left_on=["group_key", "claimed"], right_on=["group_key", "owner"], how="semi")
    return joined["row"].to_numpy()


def _by_levels(verdicts: Verdicts, wrong: Ints, scored: pl.DataFrame) -> dict[Cause, Ints]:
    """Causes seen in the comparison of the row with its claimed person."""
    pairs = scored.filter(
        pl.Series(verdicts.claimed[scored["row"].to_numpy()] == scored["person"].to_numpy())
    )
    pairs = pairs.filter(pl.col("row").is_in(pl.Series(wrong).implode()))
    same_name = pl.col("name_level").is_in([int(NameLevel.EQUAL), int(NameLevel.KANA)])
    same_day = pl.col("dob_level") == int(DateLevel.EQUAL)
    same_place = pl.col("addr_level") == int(ItemLevel.EQUAL)
    return {
        Cause.NAMESAKE: pairs.filter(same_name)["row"].to_numpy(),
        Cause.SAME_ADDRESS: pairs.filter(same_place)["row"].to_numpy(),
        Cause.SAME_BIRTHDAY: pairs.filter(same_day)["row"].to_numpy(),
    }


def _by_household(verdicts: Verdicts, wrong: Ints, residents: pl.DataFrame) -> dict[Cause, Ints]:
    """Twins and family: claimed person and owner live at one address under one surname."""
    links = pl.DataFrame({"row": wrong, "claimed": verdicts.claimed[wrong], "best": verdicts.best[wrong]})
    people = residents.with_columns(pl.col("name").str.extract(r"^([^ ]+) ", 1).alias("surname"))
    links = links.join(people, left_on="claimed", right_on="person").join(
        people, left_on="best", right_on="person", suffix="_owner"
    )
    home = (pl.col("addr_h") == pl.col("addr_h_owner")) & (pl.col("surname") == pl.col("surname_owner"))
    same_day = pl.col("dob_parts") == pl.col("dob_parts_owner")
    return {
        Cause.TWIN: links.filter(home & same_day)["row"].to_numpy(),
        Cause.FAMILY: links.filter(home & ~same_day)["row"].to_numpy(),
    }
