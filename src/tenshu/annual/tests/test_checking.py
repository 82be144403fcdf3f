"""What "tenshu check" runs of the house itself: the record and the store, on demand."""

import pytest

from tenshu.annual.checking import run_checks
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.files import store
from tenshu.ground.files.models import StoredFile

pytestmark = pytest.mark.django_db
YEAR = FiscalYear(2023)


def found(**options: bool) -> dict[str, list[str]]:
    return {result.id: result.findings for result in run_checks(YEAR, **options)}


def test_the_store_and_the_record_are_read_only_on_demand(world):
    assert not {"files.store", "files.unknown", "audit.chain"} & found().keys()
    assert {"files.store", "files.unknown"} <= found(with_files=True).keys()
    assert "audit.chain" not in found(with_files=True)
    assert {"files.store", "files.unknown", "audit.chain"} <= found(with_audit=True).keys()


def test_a_whole_store_gives_no_finding(world):
    results = found(with_files=True)
    assert results["files.store"] == results["files.unknown"] == []


def test_an_attachment_that_was_exchanged_on_disk_is_found(world):
    kept = StoredFile.objects.order_by("pk")[0]
    path = store.path_of(kept.sha256)
    path.chmod(0o640)
    path.write_bytes(b"x" * kept.size)
    (line,) = found(with_files=True)["files.store"]
    assert kept.sha256[:12] in line
    assert "中身が書き換わっています" in line


def test_an_attachment_that_is_gone_is_found_also_with_the_record(world):
    kept = StoredFile.objects.order_by("pk")[0]
    store.path_of(kept.sha256).unlink()
    (line,) = found(with_audit=True)["files.store"]
    assert "保存場所にありません" in line


def test_a_file_that_no_record_knows_is_a_warning(world):
    stray = store.path_of("ab" * 32)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    results = {result.id: result for result in run_checks(YEAR, with_files=True)}
    assert results["files.unknown"].severity == "warning"
    assert len(results["files.unknown"].findings) == 1
    assert results["files.store"].findings == []
