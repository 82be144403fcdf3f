"""The beacon score as SQL over lists, one text for both engines.

Source of the formulas: the published description of RITA v5's four-part score (regularity of intervals `ts`,
of sizes `ds`, of the hourly histogram `hist`, and duration `dur`), written anew; the `own` window is this
project's variant for machines that run in office hours only. Numbers are written with an exponent: both
engines take `0.5` for a decimal, which Spark divides with few digits.
"""

from dataclasses import dataclass

from tenshu.engines.beacons.dialects import Dialect

BINS = 24
LEVELS = 21
MIN_TIMES = 4
"""A pair is scored from this many different whole seconds on."""
STROBE = 86_400
"""From this many connections in the window on, a pair is a strobe and has no beacon score."""
INTERVAL_EDGES = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400)
"""Lower edges (seconds) of the interval histogram; the last class is open above."""
MIN_SPREAD = 10
MIN_RUN_BINS = 6
HISTOGRAM_FROM = 0.5
"""The interval histogram is kept for beacon scores from here on."""


@dataclass(frozen=True)
class WindowRule:
    """What the two windows do differently.

    rita: 24 calendar bins, two-level test from 11 busy bins, ideal run of 12 bins that may wrap midnight.
    own: the bins from the first to the last busy one (when there are at least 5), two-level test from
    max(5, 45 %) busy bins, ideal run of 8 bins that does not wrap.
    """

    name: str
    own: bool
    ideal_run: int


RULES = {"rita": WindowRule("rita", own=False, ideal_run=12), "own": WindowRule("own", own=True, ideal_run=8)}
OWN_MIN_SPAN = 5
RITA_MIN_BUSY = 11


@dataclass(frozen=True)
class Window:
    """Seconds since 1970 UTC: bins lie over [start, end]; rows are read from the start's whole hour on."""

    start: int
    end: int

    @property
    def read_from(self) -> int:
        """The beginning of the hour in which the window starts."""
        return self.start // 3600 * 3600

    @property
    def span(self) -> int:
        """Length in seconds, at least 1."""
        return max(1, self.end - self.start)


def middle(d: Dialect, values: str, first: str, count: str) -> str:
    """Median of the `count` elements of an ordered list that begin after position `first`."""
    low = d.at(values, f"{first} + {d.div(f'{count} + 1', '2')}")
    high = d.at(values, f"{first} + {d.div(count, '2')} + 1")
    return f"(({low} + {high}) / 2e0)"


def quartiles(d: Dialect, values: str, prefix: str) -> str:
    """Columns prefix_q1, _q2, _q3 of an ordered list: Tukey's hinges, the middle value left out."""
    n = d.size(values)
    half = d.div(n, "2")
    return (
        f"{middle(d, values, '0', half)} AS {prefix}_q1, {middle(d, values, '0', n)} AS {prefix}_q2,"
        f" {middle(d, values, f'{n} - {half}', half)} AS {prefix}_q3"
    )


def evenness(prefix: str) -> str:
    """1 - |Bowley's skewness|; 1 where the quartiles lie too close to tell."""
    q1, q2, q3 = f"{prefix}_q1", f"{prefix}_q2", f"{prefix}_q3"
    return (
        f"(CASE WHEN {q3} - {q1} < {MIN_SPREAD} OR {q2} = {q1} OR {q2} = {q3} THEN 1e0"
        f" ELSE 1e0 - abs(({q1} + {q3} - 2 * {q2}) / nullif({q3} - {q1}, 0)) END)"
    )


def tightness(prefix: str, default: float) -> str:
    """(median - MAD) / median, not below 0; `default` where the median is below 1."""
    q2, mad = f"{prefix}_q2", f"{prefix}_mad"
    return f"(CASE WHEN {q2} < 1 THEN {default}e0 ELSE greatest(0e0, ({q2} - {mad}) / nullif({q2}, 0)) END)"


def histogram(d: Dialect, span: int) -> str:
    """Connections in each of 24 equal bins, from ordered offsets `s`; earlier offsets count first."""
    bins = d.each("s", f"least({BINS - 1}, greatest(0, {d.div(f'x * {BINS}', str(span))}))")
    return f"{d.tally(bins)} AS bin_tally"


def counted(d: Dialect) -> str:
    """Column `h`: the 24 counts."""
    return f"{d.pack([d.count_of('bin_tally', k) for k in range(BINS)])} AS h"


def best_run(d: Dialect, rule: WindowRule) -> str:
    """Length of the longest chain of busy bins; RITA's wraps round."""
    marks = "busy" if rule.own else "concat(busy, busy)"
    return f"least({BINS}, {d.largest(d.each(d.runs(marks), 'length(x)'))})"


def cut_bins(d: Dialect, rule: WindowRule) -> str:
    """Column `g`: the bins that count."""
    if not rule.own:
        return "h AS g"
    first, last = "instr(busy, '1')", f"({BINS} + 1 - instr(reverse(busy), '1'))"
    return f"CASE WHEN {last} - {first} + 1 >= {OWN_MIN_SPAN} THEN {d.cut('h', first, last)} ELSE h END AS g"


def steadiness(d: Dialect) -> str:
    """1 - coefficient of variation of the bins `g`, 0 above 1.

    With k bins of sum n: cv = sqrt(k * sum of squares - n * n) / n, exact in whole numbers up to the root.
    """
    n, k, squares = "g_total", "g_size", "g_squares"
    cv = f"(sqrt(CAST({k} * {squares} - {n} * {n} AS DOUBLE)) / nullif({n}, 0))"
    return f"(CASE WHEN {cv} > 1 THEN 0e0 ELSE 1e0 - {cv} END)"


def two_levels(d: Dialect, rule: WindowRule) -> str:
    """Share of the busy bins on the two most frequent levels; levels are steps of 5 % of the highest bin."""
    threshold = "greatest(5, ceil(45e-2 * g_size))" if rule.own else str(RITA_MIN_BUSY)
    return (
        f"(CASE WHEN busy_bins >= {threshold} THEN least(1e0, ({d.at('level_counts', '1')}"
        f" + coalesce({d.at('level_counts', '2')}, 0)) / CAST(busy_bins - 1 AS DOUBLE)) ELSE 0e0 END)"
    )


def interval_classes(d: Dialect) -> str:
    """Each interval's class in the histogram, for a pair with a notable score, else null."""
    steps = " ".join(f"WHEN x < {edge} THEN {number}" for number, edge in enumerate(INTERVAL_EDGES[1:]))
    classes = d.each("iv", f"CASE {steps} ELSE {len(INTERVAL_EDGES) - 1} END")
    return f"CASE WHEN beacon >= {HISTOGRAM_FROM}e0 THEN {d.tally(classes)} END AS class_tally"


def interval_histogram(d: Dialect) -> str:
    """Column `intervals`: how many intervals lie in each class of INTERVAL_EDGES."""
    counts = d.pack([d.count_of("class_tally", number) for number in range(len(INTERVAL_EDGES))])
    return f"CASE WHEN class_tally IS NOT NULL THEN {counts} END AS intervals"


def layers(source: str, steps: list[str]) -> str:
    """`source` with columns added step by step, each step seeing the columns of those before it."""
    for columns in steps:
        source = f"(SELECT *, {columns}\nFROM {source})"
    return source


def shape_steps(d: Dialect, rule: WindowRule, window: Window) -> list[str]:
    """From the lists of a pair to what its four scores are made of."""
    busy_levels = d.each(d.where("g", "x > 0"), d.div("x", "step"))
    squares = d.total(d.each("g", "CAST(x AS BIGINT) * x"))
    return [
        f"{d.ordered('secs')} AS s, {d.ordered('sizes')} AS z",
        f"{d.ordered(d.gaps('s'))} AS iv, {histogram(d, window.span)}, {d.size('s')} AS times",
        f"{counted(d)}, {d.size('iv')} >= {MIN_TIMES - 1} AND times < {STROBE} AS eligible,"
        f" times >= {STROBE} AS strobe",
        f"{d.text(d.each('h', "CASE WHEN x > 0 THEN '1' ELSE '0' END"))} AS busy",
        cut_bins(d, rule),
        f"{d.largest('g')} AS g_max, {best_run(d, rule)} AS run,"
        f" {d.at('s', 'times')} - {d.at('s', '1')} AS covered,"
        f" {quartiles(d, 'iv', 'iv')}, {quartiles(d, 'z', 'z')}",
        f"{d.div('greatest(1, g_max) + 19', '20')} AS step",
        f"{d.tally(busy_levels)} AS level_tally, {d.size(d.where('g', 'x > 0'))} AS busy_bins,"
        f" {d.size('g')} AS g_size, {d.total('g')} AS g_total, {squares} AS g_squares,"
        f" {d.spread('iv', 'iv_q2')} AS iv_mad, {d.spread('z', 'z_q2')} AS z_mad",
        f"{d.highest_counts('level_tally', LEVELS)} AS level_counts",
    ]


def score_steps(d: Dialect, rule: WindowRule, window: Window) -> list[str]:
    """The four scores and their mean, empty for a pair that is not eligible."""
    length = (
        f"greatest(least(1e0, covered / CAST({window.span} AS DOUBLE)), least(1e0, run / {rule.ideal_run}e0))"
    )
    enough_sizes = f"{d.size('z')} >= {MIN_TIMES - 1}"
    sizes = f"({evenness('z')} + {tightness('z', 0.0)}) / 2"
    scores = {
        "ts_score": f"({evenness('iv')} + {tightness('iv', 1.0)}) / 2",
        "ds_score": f"CASE WHEN {enough_sizes} THEN {sizes} ELSE 0e0 END",
        "hist_score": f"greatest({steadiness(d)}, {two_levels(d, rule)})",
        "dur_score": f"CASE WHEN busy_bins < {MIN_RUN_BINS} THEN 0e0 ELSE {length} END",
    }
    each = [f"CASE WHEN eligible THEN CAST({sql} AS DOUBLE) END AS {name}" for name, sql in scores.items()]
    return [
        ", ".join(each),
        f"CASE WHEN eligible THEN 25e-2 * ({' + '.join(scores)}) END AS beacon",
        interval_classes(d),
    ]


def scored(
    d: Dialect, source: str, rule: WindowRule, window: Window, keep: str, nulls: dict[str, str], count: str
) -> str:
    """SELECT that adds the beacon score to pairs with lists `secs` and `sizes`.

    `secs` are whole seconds from the window's start (below 0 in the start hour), `sizes` bytes; `keep` names
    the other columns of `source`, which pass through. `nulls`: the score columns with the engine's types, for
    pairs with too few connections. `count`: the length of `secs`, told by other columns where possible, since
    the lists of pairs with few connections need not be read then.
    """
    unscored = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in nulls.items())
    enough = f"(SELECT * FROM {source} WHERE {count} >= {MIN_TIMES})"
    steps = shape_steps(d, rule, window) + score_steps(d, rule, window)
    return f"""
SELECT {keep}, false AS strobe, CAST({count} AS INT) AS times, {unscored}
FROM {source} WHERE {count} < {MIN_TIMES}
UNION ALL
SELECT {keep}, strobe, times, beacon, ts_score, ds_score, hist_score, dur_score,
    iv_q2 AS interval_median, iv_mad AS interval_mad, z_q2 AS size_median, z_mad AS size_mad,
    CASE WHEN eligible THEN h END AS hourly, {interval_histogram(d)}
FROM {layers(enough, steps)}"""
