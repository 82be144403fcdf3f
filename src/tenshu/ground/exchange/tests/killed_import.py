"""The processes of the test that kills an import: prepare, commit (and die in the middle), tell.

Run as ``python -m tenshu.ground.exchange.tests.killed_import STEP`` with TENSHU_HOME and TENSHU_DATABASE_URL.
"""

import os
import sys
import time

ROWS = 40


def say(text: str) -> None:
    """A line to the process that watches."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def prepare() -> None:
    """An empty office, and a previewed import of many people."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    from tenshu.ground.access.models import User
    from tenshu.ground.exchange.actions import do_preview
    from tenshu.ground.exchange.registry import find_table
    from tenshu.ground.exchange.tests.bringing_in import uploaded, workbook
    from tenshu.ground.office.tests.building import House

    House.build()
    rows = [[f"9{n:03d}", f"見本 {n}"] for n in range(ROWS)]
    spec = find_table("office-staff")
    assert spec is not None
    content = workbook([["職員番号", "氏名"], *rows], sheet="職員")
    do_preview(spec, uploaded(content), acting_user=User.objects.get(login_name="secretary"))


def commit(*, dying: bool) -> None:
    """Carry the import out; ``dying`` waits to be killed when everything is written but not committed."""
    from tenshu.ground.access.models import User
    from tenshu.ground.exchange import actions
    from tenshu.ground.exchange.models import ImportRun

    if dying:
        record = actions.record_commit

        def linger(run: ImportRun, *, acting_user: User) -> None:
            record(run, acting_user=acting_user)
            say("written")
            time.sleep(60)

        actions.record_commit = linger
    actions.do_commit(ImportRun.objects.get(), acting_user=User.objects.get(login_name="secretary"))


def tell() -> None:
    """The state of the import, how many people it wrote, how many audit rows of imports there are."""
    from tenshu.ground.audit.models import AuditRow
    from tenshu.ground.exchange.models import ImportRun
    from tenshu.ground.office.models import Staff

    people = Staff.objects.filter(number__startswith="9").count()
    rows = AuditRow.objects.filter(channel="import").count()
    say(f"{ImportRun.objects.get().state} {people} {rows}")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tenshu.config.settings"
    import django

    django.setup()
    match sys.argv[1]:
        case "prepare":
            prepare()
        case "commit":
            commit(dying=False)
        case "die":
            commit(dying=True)
        case _:
            tell()
