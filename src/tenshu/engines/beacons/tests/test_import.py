"""Importing into the store: once only, by day and network, all lines accounted for."""

import json

import polars as pl
import pytest

from tenshu.engines.beacons import LogError, Store, StoreError, import_files
from tenshu.engines.beacons.history import Sightings
from tenshu.engines.beacons.tests.logs import CONN, conn, every, json_lines, zeek

pytestmark = pytest.mark.engine


def parquet_rows(store: Store, table: str) -> int:
    return sum(pl.read_parquet(path).height for path in (store.root / table).rglob("*.parquet"))


def test_the_same_bytes_are_imported_once_whatever_the_files_name(store, tmp_path):
    first = zeek(tmp_path / "conn.log", "conn", CONN, [conn(n) for n in range(5)])
    second = tmp_path / "copy.log"
    second.write_bytes(first.read_bytes())
    results = import_files(store, [first, second, first], log_format="zeek", network="本庁")
    assert [r.already_imported for r in results] == [False, True, True]
    assert "conn.log" in results[1].note
    assert parquet_rows(store, "flows") == 5


def test_rows_are_filed_by_the_offices_day(tmp_path):
    store = Store(tmp_path / "jst", create=True)
    path = zeek(tmp_path / "conn.log", "conn", CONN, [conn(3600 * 14), conn(3600 * 16)])
    assert import_files(store, [path], log_format="zeek", network="本庁")[0].days == [
        "2026-04-06",
        "2026-04-07",
    ]


def test_rejects_are_listed_with_line_and_reason(store, tmp_path):
    path = zeek(tmp_path / "conn.log", "conn", CONN, [conn(1), conn(2, duration="x")])
    result = import_files(store, [path], log_format="zeek", network="本庁")[0]
    assert (result.lines, sum(result.records.values()), result.rejects) == (10, 1, 1)
    assert sum(result.records.values()) + result.rejects + sum(result.explained.values()) == result.lines
    lines = (store.root / "rejects" / f"{result.hash}.jsonl").read_text("utf-8").splitlines()
    assert json.loads(lines[0])["line"] == 9


def test_a_damaged_packed_file_leaves_nothing_behind(store, tmp_path):
    import gzip

    path = tmp_path / "conn.log.gz"
    path.write_bytes(gzip.compress(zeek(tmp_path / "c", "conn", CONN, [conn(1)]).read_bytes())[:-12])
    with pytest.raises(LogError, match=r"conn\.log\.gz"):
        import_files(store, [path], log_format="zeek", network="本庁")
    assert not list(store.root.rglob("*.parquet"))
    assert not list((store.root / "staging").iterdir())


def test_a_missing_file_is_named(store, tmp_path):
    with pytest.raises(LogError, match=r"nothing\.log"):
        import_files(store, [tmp_path / "nothing.log"], log_format="zeek", network="本庁")


@pytest.mark.parametrize("size", [1, 997, 10**6])
@pytest.mark.parametrize(
    "ending", ["", "\n", "\n#close\t2026-04-06-10-00-00", "\n#close\t2026-04-06-10-00-00\n"]
)
def test_blocks_do_not_change_what_is_read(store, tmp_path, monkeypatch, size, ending):
    path = zeek(tmp_path / "conn.log", "conn", CONN, [conn(n) for n in range(300)])
    lines = [line for line in path.read_text().splitlines() if not line.startswith("#close")]
    lines[100] = "cut"
    path.write_text("\n".join(lines) + ending)
    from tenshu.engines.beacons import blocks, ingest

    monkeypatch.setattr(
        ingest, "read_blocks", lambda p, _, comments: blocks.read_blocks(p, size, comments=comments)
    )
    result = import_files(store, [path], log_format="zeek", network="本庁")[0]
    assert result.records == {"flows": 299}
    rejected = (store.root / "rejects" / f"{result.hash}.jsonl").read_text("utf-8")
    assert json.loads(rejected)["line"] == 101
    assert result.lines == len(lines) + ending.count("#")


def test_the_first_sight_of_an_endpoint_moves_back_with_logs_imported_late(store, tmp_path):
    late = zeek(tmp_path / "late.log", "conn", CONN, [conn(5000, dst="203.0.113.50")])
    early = zeek(tmp_path / "early.log", "conn", CONN, [conn(100, dst="203.0.113.50")])
    for path in (late, early):
        import_files(store, [path], log_format="zeek", network="本庁")
    history = pl.read_parquet(store.history_file("本庁")).filter(pl.col("endpoint") == "203.0.113.50")
    assert history["last_us"][0] - history["first_us"][0] == 4900 * 1_000_000
    assert history.height == 1


def test_sightings_of_nothing_write_nothing(tmp_path):
    Sightings().merge_into(tmp_path / "h.parquet", "本庁")
    assert not (tmp_path / "h.parquet").exists()


def test_a_network_may_have_any_name(store, tmp_path):
    path = zeek(tmp_path / "conn.log", "conn", CONN, [conn(n) for n in every(60, 0, 600)])
    import_files(store, [path], log_format="zeek", network="../土木/部 = A'")
    assert [p.network for p in store.parts(["2026-04-06"], "flows")] == ["../土木/部 = A'"]
    assert parquet_rows(store, "flows") == 11


def test_a_folder_that_is_no_store_is_refused(tmp_path):
    with pytest.raises(StoreError, match="保管庫がありません"):
        Store(tmp_path / "nowhere")


def test_empty_files_are_accepted(store, tmp_path):
    empty = tmp_path / "empty.log"
    empty.write_bytes(b"")
    assert import_files(store, [empty], log_format="zeek", network="本庁")[0].lines == 0
    assert (
        import_files(store, [json_lines(tmp_path / "e.json", [""])], log_format="eve", network="本庁")[
            0
        ].lines
        == 1
    )
