"""Crash safety: torn and damaged journals, sealing, series of files."""

from __future__ import annotations

import math
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.probe.certificate import Certificate
from tenshu.engines.probe.journal import Journal, JournalError, read_journal
from tenshu.engines.probe.observation import Recorder
from tenshu.engines.probe.results import read_results, sample_schema, seal
from tenshu.engines.probe.sample import Redirect, Sample
from tenshu.engines.probe.series import journal_of, journals, next_file, sealed_files

pytestmark = pytest.mark.engine


def sample(number: int) -> Sample:
    certificate = Certificate("ab" * 32, "CN=例", "CN=root", 1_700_000_000, 1_800_000_000, ("a.test",))
    return Sample(
        f"市{number}", "https://a.test/", 1_795_000_000.25, started_at=1_795_000_000.5,
        outcome="ok", status=200,
        dns_ms=0.1234567, total_ms=1.5, redirects=(Redirect("https://b.test/", 301, "/", "192.0.2.1", 1.0),),
        addresses=("192.0.2.1",), chain=(certificate,), days_left=12.5,
    )  # fmt: skip


def write(results: Path, count: int, *, start: int = 0) -> Path:
    journal = Journal(results)
    for number in range(start, start + count):
        journal.add(sample(number))
    journal.close()
    return journal.path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write(tmp_path_factory.mktemp("journal") / "r.parquet", 6).read_bytes()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_journal_cut_anywhere_gives_exactly_its_whole_lines(
    whole: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(whole)))
    path = tmp_path_factory.mktemp("cut") / "r.parquet.journal"
    path.write_bytes(whole[:cut])
    damaged: list[int] = []
    rows = list(read_journal(path, damaged))
    assert len(rows) == max(0, whole[:cut].count(b"\n") - 1)
    assert damaged == []


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_byte_costs_at_most_the_lines_it_touches(
    whole: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    head = whole.index(b"\n") + 1
    position = data.draw(st.integers(head, len(whole) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda v: v != whole[position]))
    path = tmp_path_factory.mktemp("damage") / "r.parquet.journal"
    path.write_bytes(whole[:position] + bytes([value]) + whole[position + 1 :])
    rows = list(read_journal(path, []))
    assert 4 <= len(rows) <= 5
    assert all(row[0] in {f"市{n}" for n in range(6)} for row in rows)


def test_sealing_gives_a_parquet_file_and_removes_the_journal(tmp_path: Path) -> None:
    results = tmp_path / "r.parquet"
    assert seal(write(results, 3)) == results
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.parquet"]
    table = pq.read_table(results)
    assert table.schema.equals(sample_schema())
    row = table.to_pylist()[1]
    assert row["target"] == "市1"
    assert row["dns_ms"] == pytest.approx(0.123)
    assert row["transfer_ms"] is None
    assert row["started_at"].timestamp() == 1_795_000_000.5
    assert row["chain"][0]["subject"] == "CN=例"
    assert row["redirects"][0]["status"] == 301


def test_a_journal_being_written_is_not_sealed(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "r.parquet")
    with pytest.raises(JournalError, match="書き込み中"):
        seal(journal.path)
    journal.close()


def test_a_journal_without_samples_leaves_no_file(tmp_path: Path) -> None:
    assert seal(write(tmp_path / "r.parquet", 0)) is None
    assert list(tmp_path.iterdir()) == []


def test_a_journal_that_was_sealed_before_the_crash_is_not_counted_twice(tmp_path: Path) -> None:
    results = tmp_path / "r.parquet"
    content = write(results, 3).read_bytes()
    seal(journal_of(results))
    journal_of(results).write_bytes(content)
    assert read_results(results).num_rows == 3
    seal(journal_of(results))
    assert pq.read_table(results).num_rows == 3


def test_a_damaged_journal_is_kept_beside_what_could_be_saved(tmp_path: Path) -> None:
    path = write(tmp_path / "r.parquet", 3)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1] + b"x" + lines[2][1:] + lines[3])
    seal(path)
    assert read_results(tmp_path / "r.parquet").num_rows == 2
    assert (tmp_path / "r.parquet.journal.damaged").exists()


def test_a_series_never_overwrites_and_reads_as_one_table(tmp_path: Path) -> None:
    results = tmp_path / "r.parquet"
    seal(write(results, 2))
    second = next_file(results)
    assert second.name == "r.0002.parquet"
    write(second, 3, start=2)
    assert journals(results) == [journal_of(second)]
    assert sealed_files(results) == [results]
    assert next_file(results).name == "r.0003.parquet"
    assert read_results(results)["target"].to_pylist() == [f"市{n}" for n in range(5)]


def test_a_full_file_is_sealed_while_the_next_one_is_written(tmp_path: Path) -> None:
    results = tmp_path / "r.parquet"
    recorder = Recorder(results, rows_a_file=10)
    for number in range(25):
        recorder.add(sample(number))
        recorder.flush()
    recorder.close()
    assert [pq.read_table(path).num_rows for path in sealed_files(results)] == [10, 10, 5]
    assert journals(results) == []


def test_a_second_prober_may_not_write_the_same_series(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "r.parquet")
    with pytest.raises(JournalError):
        Recorder(tmp_path / "r.parquet")
    recorder.close()


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.parquet.journal"
    path.write_bytes(b'd202ef8d {"columns":[],"format":9}\n')
    import json
    import zlib

    text = json.dumps({"format": 9, "columns": []}).encode()
    path.write_bytes(b"%08x %b\n" % (zlib.crc32(text), text))
    with pytest.raises(JournalError, match="この版"):
        list(read_journal(path))


def test_values_that_were_not_reached_are_null(tmp_path: Path) -> None:
    results = tmp_path / "r.parquet"
    seal(write(results, 1))
    row = pq.read_table(results).to_pylist()[0]
    assert row["canary_ms"] is None
    assert row["chain_read_at"] is None
    assert math.isnan(sample(0).canary_ms)
