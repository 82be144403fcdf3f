"""Reading attachments in the background: what is written in a file becomes part of the index."""

import logging
import subprocess
import sys
from dataclasses import dataclass

from django.db import transaction

from tenshu.ground.files import store
from tenshu.ground.files.inspection import CONTENT_TYPES
from tenshu.ground.files.models import Attachment, StoredFile
from tenshu.ground.jobs.tasks import JobRun, job
from tenshu.ground.search.attachments import ATTACHMENTS
from tenshu.ground.search.extraction import LONGEST, PLAIN, READABLE, SECONDS, plain_text
from tenshu.ground.search.index import refresh
from tenshu.ground.search.models import Extract, ExtractState

logger = logging.getLogger(__name__)
_EXTENSIONS = {content_type: extension for extension, content_type in CONTENT_TYPES.items()}


@dataclass(frozen=True, slots=True)
class Reading:
    """How it ended, the text, and why there is none."""

    state: ExtractState
    text: str = ""
    note: str = ""


@job(title="添付の本文を検索できるようにする")
def read_file(run: JobRun, *, stored_id: int) -> None:
    """Read one stored file and index the attachments that it is; done already means done."""
    stored = StoredFile.objects.filter(pk=stored_id).first()
    if stored is None:
        return
    if not Extract.objects.filter(stored=stored).exists():
        reading = read_stored(stored)
        keep(stored, reading)
        run.log(f"{reading.state.label}（{len(reading.text):,}字）")


@transaction.atomic
def keep(stored: StoredFile, reading: Reading) -> None:
    """Keep the text and bring the rows of its attachments up to date."""
    Extract.objects.update_or_create(
        stored=stored, defaults={"state": reading.state, "text": reading.text, "note": reading.note}
    )
    refresh(ATTACHMENTS, Attachment.objects.filter(stored=stored).values_list("pk", flat=True))


def read_stored(stored: StoredFile) -> Reading:
    """The text of a stored file. Never raises for what is in the file."""
    extension = _EXTENSIONS.get(stored.content_type, "")
    if extension in PLAIN:
        return _plain(stored)
    if extension in READABLE:
        return _apart(stored, extension)
    return Reading(ExtractState.PASSED_OVER)


def _plain(stored: StoredFile) -> Reading:
    try:
        with store.open_content(stored.sha256) as stream:
            text = plain_text(stream.read(LONGEST * 4))
    except OSError:
        return _failed(stored, "ファイルが保存場所にありません")
    return _cut(text)


def _apart(stored: StoredFile, extension: str) -> Reading:
    command = [
        sys.executable,
        "-m",
        "tenshu.ground.search.extraction",
        str(store.path_of(stored.sha256)),
        extension,
    ]
    try:
        # Nobody reads what a library complains of; of a hostile file that may be more than the memory holds.
        done = subprocess.run(  # noqa: S603
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS * 2,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _failed(stored, "読むのに時間がかかりすぎました")
    if done.returncode:
        return _failed(stored, "ファイルの中を読めませんでした")
    return _cut(done.stdout.decode("utf-8", "replace"))


def _cut(text: str) -> Reading:
    text = text.replace("\0", "")
    state = ExtractState.CUT if len(text) >= LONGEST else ExtractState.READ
    return Reading(state, text[:LONGEST])


def _failed(stored: StoredFile, note: str) -> Reading:
    # By its hash: names of files may say more than a log should.
    logger.warning("The text of the stored file %s could not be read: %s", stored.sha256[:12], note)
    return Reading(ExtractState.FAILED, note=note)
