"""An encrypted backup opens with its passphrase alone, and only as it was written."""

import io
import os

import pytest

from tenshu.ground.operations import encryption
from tenshu.ground.operations.backup import verify_backup, write_backup
from tenshu.ground.operations.container import DamagedBackupError, reading, writing
from tenshu.ground.operations.encryption import MARK, PassphraseError, decrypt, encrypt

WORDS = "城の石垣は野面積みである"
ANOTHER = "城の石垣は切込接ぎである"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A key that costs little: the tests try many."""
    monkeypatch.setattr(encryption, "_COST", 10)
    monkeypatch.setattr(encryption, "PIECE", 1_000)


@pytest.fixture
def sealed(tmp_path):
    """Two and a half pieces of content, sealed."""
    content = os.urandom(2_500)
    path = tmp_path / "b.enc"
    with path.open("w+b") as stream:
        encrypt(io.BytesIO(content), stream, WORDS)
    return content, path


def opened(data, words=WORDS):
    out = io.BytesIO()
    decrypt(io.BytesIO(data), out, words)
    return out.getvalue()


@pytest.mark.parametrize("length", [0, 1, 999, 1_000, 1_001, 2_000, 5_000])
def test_what_was_sealed_comes_back(length, tmp_path):
    content = os.urandom(length)
    path = tmp_path / "b.enc"
    with path.open("w+b") as stream:
        encrypt(io.BytesIO(content), stream, WORDS)
    assert content not in path.read_bytes() or length < 2
    assert opened(path.read_bytes()) == content


def test_another_passphrase_opens_nothing(sealed):
    _, path = sealed
    with pytest.raises(PassphraseError, match="合言葉が違うか"):
        opened(path.read_bytes(), ANOTHER)


def test_not_one_altered_byte_is_believed(sealed):
    _, path = sealed
    good = path.read_bytes()
    for at in range(len(MARK), len(good)):
        if at % 7 and at > 60:
            continue
        with pytest.raises((PassphraseError, DamagedBackupError)):
            opened(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])


def test_pieces_cannot_be_cut_off_swapped_doubled_or_added(sealed):
    _, path = sealed
    good = path.read_bytes()
    head, piece = 52, 1_016
    assert len(good) == head + 2 * piece + 516
    one, two, three = (
        good[head : head + piece],
        good[head + piece : head + 2 * piece],
        good[head + 2 * piece :],
    )
    for altered in (
        good[:head],
        good[:10],
        good[:-1],
        good[:head] + one,
        good[:head] + one + two,
        good[:head] + two + one + three,
        good[:head] + one + one + two + three,
        good + three,
        good + b"x",
    ):
        with pytest.raises((PassphraseError, DamagedBackupError)):
            opened(altered)


def test_the_header_cannot_make_the_key_dear(sealed):
    _, path = sealed
    good = bytearray(path.read_bytes())
    good[len(MARK) + 16] = 30
    with pytest.raises(DamagedBackupError):
        opened(bytes(good))


def test_a_backup_is_read_with_and_without_passphrase(tmp_path, settings):
    plain, path = tmp_path / "plain.zip", tmp_path / "sealed.zip.enc"
    with plain.open("w+b") as stream, writing(stream) as writer:
        writer.add("tables/x.jsonl", [b"[1]\n"])
        writer.finish({"format": 1})
    with path.open("w+b") as stream:
        encrypt(io.BytesIO(plain.read_bytes()), stream, WORDS)
    settings.BACKUP_PASSPHRASE = WORDS
    for file in (plain, path):
        with reading(file) as reader:
            assert list(reader.lines("tables/x.jsonl")) == [b"[1]"]
    settings.BACKUP_PASSPHRASE = ""
    with pytest.raises(PassphraseError, match="暗号化されています"), reading(path):
        pass


@pytest.mark.django_db(transaction=True)
def test_a_house_is_written_and_verified_under_a_passphrase(settings, tmp_path):
    settings.BACKUP_PASSPHRASE = WORDS
    path = tmp_path / "house.zip.enc"
    written = write_backup(path)
    assert path.read_bytes().startswith(MARK)
    assert sorted(found.name for found in tmp_path.iterdir() if "tmp" in found.name) == []
    checked = verify_backup(path)
    assert (checked.tables, checked.rows) == (written.tables, written.rows)
    assert path.stat().st_mode & 0o077 == 0
    settings.BACKUP_PASSPHRASE = "short"
    with pytest.raises(PassphraseError, match="12文字以上"):
        write_backup(path)
