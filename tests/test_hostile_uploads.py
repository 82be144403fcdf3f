"""Hostile files at the doors of the house: each is refused in plain words, keeps nothing, and costs little."""

import os
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.exchange.models import ImportRun
from tenshu.ground.files import store
from tenshu.ground.files.models import Attachment, StoredFile
from tenshu.ground.systems.models import System
from tests.commands import ROOT
from tests.hostile_files import ATTACHED, good, imported

KEPT = (Attachment, StoredFile, ImportRun, AuditRow, System)


def kept_so_far():
    return {model.__name__: model.objects.count() for model in KEPT} | {
        "disk": len(list(store.digests_on_disk()))
    }


def told(response):
    """What the page says is wrong, without its markup."""
    assert response.status_code in {200, 422}
    return response.content.decode()


@pytest.fixture
def secretary(world):
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    return client


def test_hostile_attachments_are_refused_at_the_page_and_nothing_of_them_stays(secretary, world):
    before, wrong = kept_so_far(), []
    url = f"/gatherings/{world.objects['own_meeting'].pk}/materials/new/"
    assert secretary.get(url).status_code == 200
    for hostile in ATTACHED:
        page = told(secretary.post(url, {"file": SimpleUploadedFile(hostile.name, hostile.make())}))
        if hostile.told not in page:
            wrong.append(hostile.title)
    assert wrong == []
    assert kept_so_far() == before


def test_hostile_tables_are_refused_at_the_import_and_nothing_of_them_stays(secretary):
    before, wrong = kept_so_far(), []
    for hostile in imported():
        page = told(
            secretary.post("/imports/systems/", {"file": SimpleUploadedFile(hostile.name, hostile.make())})
        )
        if hostile.told not in page:
            wrong.append(hostile.title)
    assert wrong == []
    assert kept_so_far() == before


def test_good_files_of_every_kind_still_come_in(secretary, world):
    url = f"/gatherings/{world.objects['own_meeting'].pk}/materials/new/"
    before = Attachment.objects.count()
    for name, content in good().items():
        response = secretary.post(url, {"file": SimpleUploadedFile(name, content)})
        assert response.status_code == 302, name
    assert Attachment.objects.count() == before + len(good())


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("CON.txt", "_CON.txt"),
        ("lpt1", "_lpt1"),
        ("要綱.txt. .", "要綱.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("..\\..\\要綱.txt", "要綱.txt"),
        ("/etc/要綱.txt", "要綱.txt"),
        ("案\u202etxt.pdf", "案txt.pdf"),
        ("名\x00前.txt", "名前.txt"),
    ],
)
def test_a_name_is_one_that_every_system_can_keep(given, kept):
    from tenshu.ground.files.actions import clean_name

    assert clean_name(given) == kept


LOOK = """
import io, resource
import django; django.setup()
from tenshu.ground.exchange.reading import read_book
from tenshu.ground.files.inspection import inspect_file
from tenshu.ground.files.refusals import FileRefused
from tests.hostile_files import ATTACHED, imported
files = [(False, h.name, h.make()) for h in ATTACHED] + [(True, h.name, h.make()) for h in imported()]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for table, name, content in files:
    try:
        read_book(content, name) if table else inspect_file(io.BytesIO(content), name)
    except FileRefused:
        continue
    raise SystemExit(name)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_no_hostile_file_takes_the_memory_of_the_house():
    """The peak grows by less than 150 MB over all of them, though they claim to hold gigabytes."""
    env = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "DJANGO_SETTINGS_MODULE": "tenshu.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=env, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(done.stdout) < 150_000
