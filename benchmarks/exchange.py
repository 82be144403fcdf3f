"""Excel out and in for the whole staff: 6,677 rows, with targets. ``python benchmarks/exchange.py [--small]``

Runs on a throw-away SQLite home, or on TENSHU_DATABASE_URL.
"""

import argparse
import io
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROWS, FEW_ROWS = 6_677, 500


def main() -> int:
    """Print a line a measurement; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help=f"{FEW_ROWS} rows")
    rows = FEW_ROWS if parser.parse_args().small else ROWS
    home = tempfile.mkdtemp(prefix="tenshu-exchange-")
    os.environ["TENSHU_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "tenshu.config.settings"
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
    try:
        return measured(rows)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def measured(count: int) -> int:
    """All measurements on an office with ``count`` people."""
    import django

    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    from tenshu.ground.access.actions import system_user
    from tenshu.ground.exchange.actions import do_commit, do_preview
    from tenshu.ground.exchange.outgoing import export_spec
    from tenshu.ground.exchange.registry import find_table
    from tenshu.ground.exchange.spec import ChangeKind, RowChange
    from tenshu.ground.office.sheets import StaffTable

    StaffTable._is_editor = lambda self, user: True  # type: ignore[method-assign]
    StaffTable.may_export = lambda self, user: True  # type: ignore[method-assign]
    user = system_user()
    spec = find_table("office-staff")
    assert spec is not None
    spec.save(
        [RowChange(ChangeKind.ADD, (p["number"],), None, p) for p in map(person, range(count))],
        acting_user=user,
    )

    results = Results()
    content = results.take("export xlsx", 2.0, lambda: export_spec(spec, user))
    results.take("export csv", 2.0, lambda: export_spec(spec, user, "csv"))
    same = SimpleUploadedFile("職員.xlsx", content)
    results.take("preview, nothing changed", 5.0, lambda: do_preview(spec, same, acting_user=user))
    all_changed = SimpleUploadedFile("職員.xlsx", with_every_name_changed(content))
    run = results.take(
        "preview, every row changed", 5.0, lambda: do_preview(spec, all_changed, acting_user=user)
    )
    assert run.counts["changed_rows"] == count
    results.take("commit, every row changed", None, lambda: do_commit(run, acting_user=user))
    results.take("bare calamine read of the same file", None, lambda: bare_read(content))
    return results.code


class Results:
    """Prints as it goes and remembers whether a target was missed."""

    code = 0

    def take[T](self, label: str, target: float | None, work: Callable[[], T]) -> T:
        """The result of ``work``; its wall and CPU seconds are printed beside the target."""
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        verdict = "" if target is None else f"target {target:.1f} s  {'ok' if wall <= target else 'MISSED'}"
        print(f"{label:<38}{wall:7.2f} s  (CPU {cpu:5.2f} s)  {verdict}")
        if target is not None and wall > target:
            self.code = 1
        return result


def person(number: int) -> dict[str, Any]:
    """A made-up person."""
    return {
        "number": f"{100_000 + number}",
        "name": f"見本 {number}郎",
        "kana": f"みほん {number}ろう",
        "mail": f"mihon{number}@example.jp",
        "employment": "regular",
        "joined_on": None,
        "left_on": None,
    }


def with_every_name_changed(content: bytes) -> bytes:
    """The workbook as it comes back when every name was edited."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in book.worksheets[0].iter_rows(min_row=2, min_col=2, max_col=2):
        row[0].value = f"{row[0].value}（旧姓）"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bare_read(content: bytes) -> None:
    """What reading alone takes, without any check."""
    import python_calamine

    python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()


if __name__ == "__main__":
    sys.exit(main())
