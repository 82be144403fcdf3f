"""The file that a backup is written into: nobody else's, for its owner's eyes, and whole or not there."""

import fcntl
import os

import pytest

from tenshu.ground.operations import backup
from tenshu.ground.operations.backup import BackupInProgressError, remove_abandoned


def written(path, content=b"whole"):
    with backup._beside(path) as stream:
        stream.write(content)


def test_a_backup_that_ends_while_another_begins_is_not_emptied(tmp_path, monkeypatch):
    path, partial = tmp_path / "b.zip", tmp_path / "b.zip.partial"
    partial.write_bytes(b"whole")
    lock = fcntl.flock

    def ended_meanwhile(stream, how):
        if partial.exists():
            partial.replace(path)
        return lock(stream, how)

    monkeypatch.setattr(backup.fcntl, "flock", ended_meanwhile)
    with pytest.raises(BackupInProgressError):
        written(path, b"second")
    assert path.read_bytes() == b"whole"


def test_what_lay_there_before_does_not_open_a_backup_to_others(tmp_path):
    path, partial = tmp_path / "b.zip", tmp_path / "b.zip.partial"
    partial.write_bytes(b"left")
    partial.chmod(0o666)
    written(path)
    assert (path.read_bytes(), path.stat().st_mode & 0o077) == (b"whole", 0)
    partial.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic links"):
        written(path)
    assert not (tmp_path / "elsewhere").exists()


def test_unfinished_backups_go_unless_somebody_writes_them(tmp_path):
    left, living = tmp_path / "left.partial", tmp_path / "living.partial"
    left.write_bytes(b"x")
    handle = os.open(living, os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    assert remove_abandoned([left, living, tmp_path / "none.partial"]) == [left]
    assert living.exists()
    os.close(handle)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"at": "yesterday"}', '{"at": 3}'])
def test_a_note_of_the_last_backup_that_cannot_be_read_is_none(content, settings, tmp_path):
    settings.TENSHU_HOME = tmp_path
    (tmp_path / backup.LAST_BACKUP).write_text(content)
    assert backup.last_backup() is None
