"""For which hours of which networks logs are there: "nothing found" counts only where somebody looked."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tenshu.engines.beacons.store import Store

HOUR_SECONDS = 3600


@dataclass(frozen=True)
class Gap:
    """Hours in a row without any record; times are ISO 8601 in the store's time zone, `until` excluded."""

    since: str
    until: str
    hours: int


@dataclass(frozen=True)
class NetworkCoverage:
    """The logs of one network between two days.

    `covered_hours` of `expected_hours` have records. `verdict`: `whole`, `partly` or `none`. `missed_bytes`:
    what the sensor says it lost, over all its imports.
    """

    network: str
    verdict: str
    last_log: str | None
    covered_hours: int
    expected_hours: int
    rows: int
    rejects: int
    missed_bytes: int
    gaps: list[Gap] = field(default_factory=list)


def coverage(
    store: Store,
    since: date,
    until: date,
    *,
    networks: list[str] | None = None,
    hours: tuple[int, int] = (0, 24),
    longest_silence: int = 1,
) -> list[NetworkCoverage]:
    """Coverage of every network from `since` to `until` (both included).

    `networks`: the register of networks; one without any log appears with verdict `none`. `hours`: the hours
    of the day (from, until) in which a log is expected. A silence of up to `longest_silence` hours is no gap.
    """
    wanted = expected_hours(store, since, until, hours)
    seen: dict[str, dict[int, int]] = {}
    for network, hour, rows in store.catalogue.hours():
        seen.setdefault(network, {})[hour] = rows
    totals = import_totals(store)
    names = sorted(seen) if networks is None else networks
    return [
        one_network(store, name, seen.get(name, {}), wanted, totals.get(name, (0, 0)), longest_silence)
        for name in names
    ]


def expected_hours(store: Store, since: date, until: date, hours: tuple[int, int]) -> list[int]:
    """The hours (since 1970 UTC) in which logs are expected, in order."""
    result = []
    day = since
    while day <= until:
        for hour in range(hours[0], hours[1]):
            moment = datetime(day.year, day.month, day.day, hour, tzinfo=store.timezone)
            result.append(int(moment.timestamp()) // HOUR_SECONDS)
        day += timedelta(days=1)
    return result


def import_totals(store: Store) -> dict[str, tuple[int, int]]:
    """(rejects, missed bytes) of all imports by network."""
    with store.catalogue.reading() as connection:
        rows = connection.execute(
            "SELECT network, sum(rejects), sum(missed_bytes) FROM import GROUP BY network"
        ).fetchall()
    return {str(name): (int(rejects), int(missed)) for name, rejects, missed in rows}


def one_network(
    store: Store, name: str, seen: dict[int, int], wanted: list[int], totals: tuple[int, int], silence: int
) -> NetworkCoverage:
    """The coverage of one network."""
    covered = [hour for hour in wanted if hour in seen]
    gaps = [gap for gap in silent_spans(wanted, seen) if len(gap) > silence]
    verdict = "none" if not covered else "partly" if gaps else "whole"
    return NetworkCoverage(
        network=name,
        verdict=verdict,
        last_log=local_time(store, max(seen)) if seen else None,
        covered_hours=len(covered),
        expected_hours=len(wanted),
        rows=sum(seen[hour] for hour in covered),
        rejects=totals[0],
        missed_bytes=totals[1],
        gaps=[Gap(local_time(store, gap[0]), local_time(store, gap[-1] + 1), len(gap)) for gap in gaps],
    )


def silent_spans(wanted: list[int], seen: dict[int, int]) -> list[list[int]]:
    """Runs of expected hours without a record; hours that are not expected do not break a run."""
    spans: list[list[int]] = []
    silent = False
    for hour in wanted:
        if hour in seen:
            silent = False
        elif silent:
            spans[-1].append(hour)
        else:
            spans.append([hour])
            silent = True
    return spans


def local_time(store: Store, hour: int) -> str:
    """The beginning of an hour in the store's time zone, ISO 8601."""
    return (
        datetime.fromtimestamp(hour * HOUR_SECONDS, UTC)
        .astimezone(store.timezone)
        .isoformat(timespec="minutes")
    )
