"""From scored pairs to one verdict a row: class, margin, tie, reasons and the order of review."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag, auto

import numpy as np
import numpy.typing as npt
import polars as pl

from tenshu.engines.linkage.normalise import BAD_NUMBER, UNLINKED
from tenshu.engines.linkage.policy import Thresholds
from tenshu.engines.linkage.scoring import DateLevel, ItemLevel, NameLevel

type Ints = npt.NDArray[np.int64]
type Flags = npt.NDArray[np.bool_]

#: Marks "none" in columns of persons and scores.
NONE = np.iinfo(np.int64).min


class RowClass(IntEnum):
    """Class of a row, in the order of the codes A, B, C, U, N, D, X."""

    A = 0
    B = 1
    C = 2
    U = 3
    N = 4
    D = 5
    X = 6


class Reason(IntFlag):
    """Why a row has its class; several may hold."""

    NAME_KANA_ONLY = auto()
    NAME_NEAR = auto()
    NAME_GIVEN_ONLY = auto()
    NAME_SCRIPT = auto()
    NAME_SURNAME_ONLY = auto()
    NAME_DIFFERENT = auto()
    NAME_UNKNOWN = auto()
    DOB_SWAPPED = auto()
    DOB_PARTIAL = auto()
    DOB_ONE_PART = auto()
    DOB_YEAR = auto()
    DOB_DIFFERENT = auto()
    DOB_UNKNOWN = auto()
    SEX_DIFFERENT = auto()
    ADDR_TOWN_ONLY = auto()
    ADDR_DIFFERENT = auto()
    ADDR_UNKNOWN = auto()
    OTHER_OWNER = auto()
    NO_OWNER = auto()
    TIE = auto()
    SEVERAL_OWNERS = auto()
    UNLINKED = auto()
    BAD_NUMBER = auto()
    NOT_IN_REGISTER = auto()
    PROPOSAL = auto()
    NUMBER_SHARED = auto()
    PID_SHARED = auto()
    PID_COLLIDES = auto()


_NAME_REASONS: dict[int, Reason] = {
    NameLevel.KANA: Reason.NAME_KANA_ONLY,
    NameLevel.NEAR: Reason.NAME_NEAR,
    NameLevel.GIVEN: Reason.NAME_GIVEN_ONLY,
    NameLevel.SCRIPT: Reason.NAME_SCRIPT,
    NameLevel.SURNAME: Reason.NAME_SURNAME_ONLY,
    NameLevel.DIFFERENT: Reason.NAME_DIFFERENT,
    NameLevel.UNKNOWN: Reason.NAME_UNKNOWN,
}
_DOB_REASONS: dict[int, Reason] = {
    DateLevel.SWAPPED: Reason.DOB_SWAPPED,
    DateLevel.PARTIAL: Reason.DOB_PARTIAL,
    DateLevel.ONE_PART: Reason.DOB_ONE_PART,
    DateLevel.YEAR: Reason.DOB_YEAR,
    DateLevel.DIFFERENT: Reason.DOB_DIFFERENT,
    DateLevel.UNKNOWN: Reason.DOB_UNKNOWN,
}
_SEX_REASONS: dict[int, Reason] = {ItemLevel.DIFFERENT: Reason.SEX_DIFFERENT}
_ADDR_REASONS: dict[int, Reason] = {
    ItemLevel.TOWN: Reason.ADDR_TOWN_ONLY,
    ItemLevel.DIFFERENT: Reason.ADDR_DIFFERENT,
    ItemLevel.UNKNOWN: Reason.ADDR_UNKNOWN,
}
_MARK_REASONS = {"number": Reason.NUMBER_SHARED, "pid": Reason.PID_SHARED, "collision": Reason.PID_COLLIDES}

#: Review order of the classes: what may show one person's data to another comes first.
_REVIEW_ORDER = (RowClass.C, RowClass.N, RowClass.X, RowClass.D, RowClass.B, RowClass.U)


@dataclass
class Verdicts:
    """One entry a register row, in file order. Persons and hundredths are `NONE` where there is none."""

    state: npt.NDArray[np.int8]
    row_class: npt.NDArray[np.int8]
    claimed: Ints
    score: Ints
    best: Ints
    margin: Ints
    tie: Flags
    reasons: npt.NDArray[np.int32]
    rank: npt.NDArray[np.int32]

    @classmethod
    def blank(cls, state: npt.NDArray[np.int8]) -> "Verdicts":
        """Verdicts before anything is known."""
        rows = len(state)
        return cls(
            state=state,
            row_class=np.zeros(rows, np.int8),
            claimed=np.full(rows, NONE),
            score=np.full(rows, NONE),
            best=np.full(rows, NONE),
            margin=np.full(rows, NONE),
            tie=np.zeros(rows, np.bool_),
            reasons=np.zeros(rows, np.int32),
            rank=np.zeros(rows, np.int32),
        )


def decide(
    state: npt.NDArray[np.int8],
    claims: pl.DataFrame,
    scored: pl.DataFrame,
    marks: pl.DataFrame,
    limits: Thresholds,
) -> Verdicts:
    """Return the verdicts of all rows.

    ``claims`` has row, person, matches, score; ``scored`` the output of `score_pairs`; ``marks`` row and
    kind.
    """
    verdicts = Verdicts.blank(state)
    claims = claims.sort("row", "person").unique("row", keep="first", maintain_order=True)
    rows = claims["row"].to_numpy()
    matches = np.zeros(len(state), np.bool_)
    matches[rows] = claims["matches"].to_numpy()
    verdicts.claimed[rows] = claims["person"].to_numpy()
    verdicts.score[rows] = claims["score"].to_numpy()
    conflict = _set_claimed(verdicts, scored)
    others = _others(scored, claims)
    _set_linked(verdicts, matches, conflict, others, limits)
    _set_without_claim(verdicts, others, limits)
    _set_marks(verdicts, marks)
    _set_rank(verdicts, limits)
    return verdicts


def _set_claimed(verdicts: Verdicts, scored: pl.DataFrame) -> Flags:
    """Take over score and reasons of the claimed pairs that were looked at; return which conflict."""
    rows = scored["row"].to_numpy()
    own = scored.filter(pl.Series(verdicts.claimed[rows] == scored["person"].to_numpy()))
    rows = own["row"].to_numpy()
    verdicts.score[rows] = own["score"].to_numpy()
    for column, table in (
        ("name_level", _NAME_REASONS),
        ("dob_level", _DOB_REASONS),
        ("sex_level", _SEX_REASONS),
        ("addr_level", _ADDR_REASONS),
    ):
        codes = np.array([table.get(level, 0) for level in range(9)], np.int32)
        verdicts.reasons[rows] |= codes[own[column].to_numpy()]
    conflict = np.zeros(len(verdicts.state), np.bool_)
    conflict[rows] = own["conflict"].to_numpy()
    return conflict


def _others(scored: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """Best and second-best person of each row other than the claimed one; a plain conflict of names is no
    owner."""
    return (
        scored.filter(~pl.col("conflict"))
        .join(claims.select("row", "person"), on=["row", "person"], how="anti")
        .sort(["row", "score", "person"], descending=[False, True, False])
        .group_by("row", maintain_order=True)
        .agg(
            pl.col("person").first().alias("best"),
            pl.col("score").first().cast(pl.Int64).alias("score"),
            pl.col("score").slice(1, 1).first().cast(pl.Int64).fill_null(NONE // 2).alias("second"),
        )
    )


def _set_linked(
    verdicts: Verdicts, matches: Flags, conflict: Flags, others: pl.DataFrame, limits: Thresholds
) -> None:
    """Classes A, B and C of the rows whose number belongs to somebody."""
    linked = (verdicts.claimed != NONE) & ~matches
    others = others.filter(pl.Series(linked[others["row"].to_numpy()]))
    rows = others["row"].to_numpy()
    verdicts.best[rows] = others["best"].to_numpy()
    verdicts.margin[rows] = others["score"].to_numpy() - verdicts.score[rows]
    good = np.zeros(len(matches), np.bool_)
    good[rows] = others["score"].to_numpy() >= limits.no_owner
    several = np.zeros(len(matches), np.bool_)
    several[rows] = others["score"].to_numpy() - others["second"].to_numpy() <= limits.tie
    other_owner = linked & good & (verdicts.margin >= limits.other_owner)
    no_owner = linked & ~other_owner & (conflict | (verdicts.score < limits.no_owner))
    tie = linked & ~other_owner & ~no_owner & good & (verdicts.margin >= -limits.tie)
    verdicts.row_class[linked] = RowClass.B
    verdicts.row_class[other_owner | no_owner] = RowClass.C
    verdicts.tie |= tie | (other_owner & several)
    for flags, reason in (
        (other_owner, Reason.OTHER_OWNER),
        (no_owner, Reason.NO_OWNER),
        (tie, Reason.TIE),
        (other_owner & several, Reason.SEVERAL_OWNERS),
    ):
        verdicts.reasons[flags] |= int(reason)


def _set_without_claim(verdicts: Verdicts, others: pl.DataFrame, limits: Thresholds) -> None:
    """Classes U, N and X, with a proposal only where one person stands out."""
    alone = verdicts.claimed == NONE
    bad, unlinked = verdicts.state == BAD_NUMBER, verdicts.state == UNLINKED
    for flags, row_class, reason in (
        (alone & bad, RowClass.X, Reason.BAD_NUMBER),
        (alone & unlinked, RowClass.U, Reason.UNLINKED),
        (alone & ~bad & ~unlinked, RowClass.N, Reason.NOT_IN_REGISTER),
    ):
        verdicts.row_class[flags] = row_class
        verdicts.reasons[flags] |= int(reason)
    others = others.filter(pl.Series(alone[others["row"].to_numpy()]))
    lead = pl.col("score") - pl.col("second")
    clear = others.filter((pl.col("score") >= limits.proposal) & (lead >= limits.other_owner))
    rows = clear["row"].to_numpy()
    verdicts.best[rows] = clear["best"].to_numpy()
    verdicts.score[rows] = clear["score"].to_numpy()
    lone = clear["second"].to_numpy() < NONE // 4
    verdicts.margin[rows] = np.where(lone, NONE, clear["score"].to_numpy() - clear["second"].to_numpy())
    verdicts.reasons[rows] |= int(Reason.PROPOSAL)
    tied = others.filter((pl.col("score") >= limits.proposal) & (lead < limits.other_owner))["row"].to_numpy()
    verdicts.tie[tied] = True
    verdicts.reasons[tied] |= int(Reason.TIE)


def _set_marks(verdicts: Verdicts, marks: pl.DataFrame) -> None:
    """Class D for rows that share their number or programme number and are not wrong by themselves."""
    for kind, reason in _MARK_REASONS.items():
        rows = marks.filter(pl.col("kind") == kind)["row"].to_numpy()
        verdicts.reasons[rows] |= int(reason)
    shared = (verdicts.reasons & int(Reason.NUMBER_SHARED | Reason.PID_SHARED)) != 0
    verdicts.row_class[shared & (verdicts.row_class <= RowClass.B)] = RowClass.D


def _set_rank(verdicts: Verdicts, limits: Thresholds) -> None:
    """Order of review from 1; rows of class A have rank 0 (none)."""
    rows = np.flatnonzero(verdicts.row_class != RowClass.A)
    classes, reasons = verdicts.row_class[rows], verdicts.reasons[rows]
    score, margin = verdicts.score[rows], verdicts.margin[rows]
    group = np.zeros(RowClass.X + 1, np.int64)
    group[list(_REVIEW_ORDER)] = np.arange(len(_REVIEW_ORDER))
    priority = np.where(margin != NONE, margin, np.where(score != NONE, -score, 0))
    no_owner = (reasons & int(Reason.NO_OWNER)) != 0
    priority = np.where(
        no_owner, np.maximum(priority, limits.other_owner + limits.no_owner - score), priority
    )
    priority = priority + np.where(reasons & int(Reason.NUMBER_SHARED), limits.shared_number, 0)
    untied = ~verdicts.tie[rows] & (classes == RowClass.B)
    order = np.lexsort((rows, -priority, untied, group[classes]))
    verdicts.rank[rows[order]] = np.arange(1, len(rows) + 1)
