"""The sweep takes what no record knows, after its grace, and never what somebody is just putting."""

import io
import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tenshu.ground.access.models import User
from tenshu.ground.files import store, sweeping
from tenshu.ground.files.actions import attach
from tenshu.ground.files.queries import verify_store
from tenshu.ground.files.sweeping import Swept, sweep_store
from tenshu.ground.files.tasks import tidy_store
from tenshu.ground.jobs.tasks import JobRun
from tenshu.ground.office.tests.building import House

pytestmark = pytest.mark.django_db


def put(content: bytes, *, hours_ago: float) -> str:
    digest, _ = store.put(io.BytesIO(content))
    then = time.time() - hours_ago * 3600
    os.utime(store.path_of(digest), (then, then))
    return digest


def test_what_no_record_knows_goes_after_its_grace(house: House, secretary: User) -> None:
    unit = house.units["0101"]
    kept = attach(unit, SimpleUploadedFile("a.txt", b"kept"), acting_user=secretary).stored.sha256
    then = time.time() - 100 * 3600
    os.utime(store.path_of(kept), (then, then))
    old, young = put(b"old", hours_ago=25), put(b"young", hours_ago=1)
    assert sweep_store(only_look=True).contents == 1
    swept = sweep_store()
    assert (swept.contents, swept.bytes, swept.young) == (1, 3, 1)
    assert [store.path_of(digest).exists() for digest in (kept, old, young)] == [True, False, True]


def test_a_transaction_that_was_taken_back_leaves_what_the_sweep_finds(house: House, secretary: User) -> None:
    with transaction.atomic():
        attach(house.units["0101"], SimpleUploadedFile("a.txt", b"back"), acting_user=secretary)
        transaction.set_rollback(True)
    assert [problem.kind for problem in verify_store()] == ["unknown"]
    assert sweep_store(hours=-1).contents == 1
    assert verify_store() == []


def test_a_content_that_is_put_again_has_its_grace_again() -> None:
    digest = put(b"again", hours_ago=100)
    store.put(io.BytesIO(b"again"))
    assert sweep_store().contents == 0
    assert store.path_of(digest).exists()


def test_a_content_put_while_the_sweep_looks_stays() -> None:
    digest = put(b"meanwhile", hours_ago=100)
    before = time.time() - 24 * 3600
    os.utime(store.path_of(digest))
    assert not store.take_away(digest, unless_since=before)
    assert store.open_content(digest).read() == b"meanwhile"


def test_what_killed_processes_left_half_written_goes_too() -> None:
    put(b"x", hours_ago=1)
    half = store.path_of("0" * 64).parents[2] / "incoming" / "tmp123"
    half.write_bytes(b"half")
    os.utime(half, (0, 0))
    assert sweep_store().half_written == 1
    assert not half.exists()


def test_the_clock_has_a_turn_for_it() -> None:
    from tenshu.ground.files.clock import SLOTS

    digest = put(b"old", hours_ago=30)
    SLOTS[0].job.func(JobRun())
    assert not store.path_of(digest).exists()


def test_nothing_goes_while_a_database_that_was_replaced_may_be_wanted_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    digest = put(b"of the house before", hours_ago=100)
    here = SimpleNamespace(vendor="sqlite", settings_dict={"NAME": tmp_path / "tenshu.sqlite3"})
    monkeypatch.setattr(sweeping, "connection", here)
    replaced = tmp_path / "tenshu.sqlite3.replaced-20240401-120000"
    replaced.write_bytes(b"")
    assert sweep_store() == Swept(waits_for=replaced.name)
    run = JobRun()
    tidy_store.func(run)
    assert store.path_of(digest).exists()
    replaced.unlink()
    assert sweep_store().contents == 1


def test_a_content_that_the_disk_has_damaged_is_whole_after_it_is_put_again() -> None:
    digest = put(b"whole", hours_ago=1)
    path = store.path_of(digest)
    path.chmod(0o600)
    path.write_bytes(b"wh")
    store.put(io.BytesIO(b"whole"))
    assert path.read_bytes() == b"whole"
    assert path.stat().st_mode & 0o777 == 0o440
    assert not list((path.parents[2] / "incoming").iterdir())
