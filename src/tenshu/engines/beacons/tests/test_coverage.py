"""Coverage: in which hours of which networks somebody looked."""

from datetime import date

import pytest

from tenshu.engines.beacons import coverage, import_files
from tenshu.engines.beacons.tests.logs import CONN, conn, zeek

pytestmark = pytest.mark.engine
DAY = date(2026, 4, 6)


def fill(store, tmp_path, hours, network="本庁", **more):
    path = zeek(tmp_path / f"{network}.log", "conn", CONN, [conn(3600 * h + 60, **more) for h in hours])
    import_files(store, [path], log_format="zeek", network=network)


def test_hours_without_logs_are_gaps(store, tmp_path):
    fill(store, tmp_path, [*range(9), *range(13, 24)])
    row = coverage(store, DAY, DAY)[0]
    assert (row.verdict, row.covered_hours, row.expected_hours) == ("partly", 20, 24)
    assert [(g.since, g.until, g.hours) for g in row.gaps] == [
        ("2026-04-06T09:00+00:00", "2026-04-06T13:00+00:00", 4)
    ]
    assert row.last_log == "2026-04-06T23:00+00:00"


def test_a_registered_network_without_any_log_appears(store, tmp_path):
    fill(store, tmp_path, range(24))
    rows = coverage(store, DAY, DAY, networks=["支所", "本庁"])
    assert [(r.network, r.verdict, r.last_log is None) for r in rows] == [
        ("支所", "none", True),
        ("本庁", "whole", False),
    ]


def test_only_the_hours_in_which_logs_are_expected_count(store, tmp_path):
    fill(store, tmp_path, range(8, 18))
    assert coverage(store, DAY, DAY, hours=(8, 18))[0].verdict == "whole"
    assert coverage(store, DAY, DAY)[0].verdict == "partly"


def test_a_short_silence_is_no_gap(store, tmp_path):
    fill(store, tmp_path, [h for h in range(24) if h != 5])
    assert coverage(store, DAY, DAY)[0].verdict == "whole"
    assert coverage(store, DAY, DAY, longest_silence=0)[0].verdict == "partly"


def test_what_the_sensor_lost_is_told(store, tmp_path):
    fill(store, tmp_path, range(24), missed_bytes=1000)
    assert coverage(store, DAY, DAY)[0].missed_bytes == 24_000
