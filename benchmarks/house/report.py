"""``tenshu report`` of the reference year in four formats. ``python benchmarks/house/report.py [--small]``

Two figures: the whole command (Python and Django start, records are read, four files are written), and the build
alone inside a running process, once cold and once warm: the first chart and the fonts cost once a process.
"""

import argparse
import json
import sys

from homes import DATABASES, ROOT, home, machine

TARGET = 3.0
FORMATS = "html docx pdf json"
INSIDE = """
import json, sys, tempfile, time, pathlib
import django; django.setup()
from tenshu.annual.files import write_report
from tenshu.ground.calendar.fiscal_year import FiscalYear
found = []
for _ in range(2):
    out = pathlib.Path(tempfile.mkdtemp())
    wall, cpu = time.perf_counter(), time.process_time()
    write_report(FiscalYear.parse("R5"), out, sys.argv[1].split())
    found.append([time.perf_counter() - wall, time.process_time() - cpu])
print(json.dumps(found))
"""


def main() -> int:
    """Three lines a database; 1 when the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="SQLite alone")
    small = parser.parse_args().small
    print(f"yearly report of the reference year in four formats: {FORMATS} ({machine()})")
    code = 0
    for database in DATABASES[: 1 if small else 2]:
        with home(database) as place:
            place.tenshu("load-year", str(ROOT / "examples" / "reference-year"))
            out = place.folder / "report"
            command = place.tenshu("report", "--year", "R5", "--out", str(out))
            if len(list(out.iterdir())) != len(FORMATS.split()):
                raise SystemExit("The report did not write its four files.")
            inside = place.run([sys.executable, "-c", INSIDE, FORMATS]).output
        cold, warm = json.loads(inside.splitlines()[-1])
        print(command.line(f"{database}: the whole command", TARGET))
        for label, (wall, cpu) in (("cold", cold), ("warm", warm)):
            reached = "reached" if wall <= TARGET else "MISSED"
            print(
                f"{database + ': build alone, ' + label:<44} {wall:7.2f} s wall, {cpu:6.2f} s CPU  target {TARGET:g} s: {reached}"
            )
        code |= warm[0] > TARGET or cold[0] > TARGET
    return code


if __name__ == "__main__":
    sys.exit(main())
