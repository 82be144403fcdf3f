"""What the tests of backup and restore run in a home of its own: ``python -m tests.backup_house build | write | several``."""

import datetime
import io
import json
import sys
import uuid
from contextlib import redirect_stderr, redirect_stdout

import django

NASTY = "改行\nタブ\t引用\"'円\\u0000印\\ 行区切\u2028 絵文字🏯 異体字葛󠄀 終端\\."


def tell(*words) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def build() -> None:
    """One record of every kind, and values that a careless copy would change."""
    from django.contrib.sessions.models import Session
    from django.core.management import call_command
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from tenshu.ground.audit.sealing import seal_pending
    from tenshu.ground.files.models import Attachment, StoredFile
    from tenshu.ground.office.models import Staff, Unit
    from tests.world import build_world

    call_command("migrate", verbosity=0)
    world = build_world()
    unit = Unit.objects.order_by("pk")[0]
    kept = StoredFile.objects.order_by("pk")[0]
    Attachment.objects.create(
        stored=kept, name=NASTY, target_type_id=1, target_pk="1", uploaded_by=world.house.machine
    )
    Staff.objects.filter(pk=Staff.objects.order_by("pk")[0].pk).update(kana_order=bytes(range(256)))
    record_change(unit, world.house.machine, {"何": [None, True, 1.5, 10**17, NASTY, {"": {}}], "null": None})
    gone = Attachment.objects.create(
        stored=kept, name="消える", target_type_id=1, target_pk="1", uploaded_by=world.house.machine
    )
    tell("gone", gone.pk)
    gone.delete()
    now = timezone.now()
    DBTaskResult.objects.create(
        id=uuid.uuid4(),
        status="RUNNING",
        task_path="tests.nowhere",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        queue_name="default",
        enqueued_at=now,
        started_at=now,
        run_after=now,
        worker_ids=["w"],
        exception_class_path="",
        traceback="",
    )
    Session.objects.create(session_key="k", session_data="x", expire_date=now + datetime.timedelta(days=1))
    seal_pending()


def record_change(unit, user, after) -> None:
    from django.db import transaction

    from tenshu.ground.audit import actions as audit

    with transaction.atomic():
        audit.record("office.unit.changed", unit, after=after, acting_user=user)


def write() -> None:
    """Attach files one after another until the input ends; each with its audit row in one transaction."""
    import threading

    from django.core.files.uploadedfile import SimpleUploadedFile

    from tenshu.ground.access.actions import system_user
    from tenshu.ground.audit.sealing import seal_pending
    from tenshu.ground.files.actions import attach
    from tenshu.ground.office.models import Unit

    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    unit, user, number = Unit.objects.order_by("pk")[0], system_user(), 0
    while not ended.wait(0.005):
        number += 1
        attach(unit, SimpleUploadedFile(f"書込{number}.txt", f"{number}番".encode()), acting_user=user)
        if number % 10 == 0:
            seal_pending()
        tell(number)


def go_on() -> int:
    """The house lives: new records get new numbers, the record refuses changes, the job waits, no session is open."""
    from django.contrib.sessions.models import Session
    from django.db import DatabaseError, transaction
    from django_tasks_db.models import DBTaskResult

    from tenshu.ground.access.actions import system_user
    from tenshu.ground.audit.models import AuditRow, PendingRow
    from tenshu.ground.audit.sealing import seal_pending
    from tenshu.ground.files.models import Attachment
    from tenshu.ground.office.models import Unit

    assert Session.objects.count() == 0
    assert set(DBTaskResult.objects.filter(task_path="tests.nowhere").values_list("status", flat=True)) == {
        "READY"
    }
    first = Attachment.objects.order_by("pk")[0]
    new = Attachment.objects.create(
        stored=first.stored, name="新しい", target_type_id=1, target_pk="1", uploaded_by=first.uploaded_by
    )
    tell("new", new.pk)
    record_change(Unit.objects.order_by("pk")[0], system_user(), {"続き": 1})
    assert PendingRow.objects.exists()
    seal_pending()
    for change in (
        lambda: AuditRow.objects.update(reason="x"),
        lambda: AuditRow.objects.all()._raw_delete("default"),
    ):
        try:
            with transaction.atomic():
                change()
        except DatabaseError:
            continue
        raise AssertionError("the record took a change")
    return 0


def several() -> None:
    """Commands of ``tenshu`` one after another, as lists of words in JSON: a process for each would cost a second."""
    from tenshu.config.command_line import main

    done = []
    for words in json.load(sys.stdin):
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = go_on() if words == ["go-on"] else main(words)
        done.append({"code": code, "out": out.getvalue(), "err": err.getvalue()})
    json.dump(done, sys.stdout)


if __name__ == "__main__":
    django.setup()
    {"build": build, "write": write, "several": several}[sys.argv[1]]()
