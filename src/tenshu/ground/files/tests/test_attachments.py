"""Attachments: kept once, gated by their record, never shown in the browser."""

import io
import zipfile
from pathlib import Path
from urllib.parse import quote

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.test import Client
from PIL import Image

from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.files import queries, store
from tenshu.ground.files.actions import attach, clean_name, detach
from tenshu.ground.files.models import Attachment, StoredFile
from tenshu.ground.files.queries import attachments_of, verify_store
from tenshu.ground.files.refusals import FileRefused
from tenshu.ground.office.models import Unit
from tenshu.ground.office.tests.building import House

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3, 3)).save(out, kind)
    return out.getvalue()


PNG = picture("PNG")


def upload(content: bytes = PDF, name: str = "要綱（案）.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return out.getvalue()


def word() -> bytes:
    out = io.BytesIO()
    docx.Document().save(out)
    return out.getvalue()


@pytest.fixture
def unit(house: House) -> Unit:
    return house.units["0101"]


def test_the_same_content_is_kept_once_under_its_hash(unit: Unit, secretary: User) -> None:
    first = attach(unit, upload(name="一.pdf"), acting_user=secretary)
    second = attach(unit, upload(name="二.pdf"), acting_user=secretary)
    assert first.stored == second.stored
    assert StoredFile.objects.count() == 1
    path = store.path_of(first.stored.sha256)
    assert path.read_bytes() == PDF
    assert path.parent.parent.name == first.stored.sha256[:2]
    assert [a.name for a in attachments_of(unit)] == ["一.pdf", "二.pdf"]
    assert AuditRow.objects.filter(verb="files.attachment.added").count() == 2


def test_taking_off_keeps_the_content_and_records_the_reason(unit: Unit, secretary: User) -> None:
    attachment = attach(unit, upload(), acting_user=secretary)
    digest = attachment.stored.sha256
    detach(attachment, acting_user=secretary, reason="差替えのため")
    assert not attachments_of(unit).exists()
    assert store.path_of(digest).exists()
    assert AuditRow.objects.get(verb="files.attachment.removed").reason == "差替えのため"


def test_a_download_is_saved_never_shown(
    client: Client, unit: Unit, secretary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_gates", lambda: {"office.unit": lambda user, obj: user == secretary})
    attachment = attach(unit, upload(), acting_user=secretary)
    client.force_login(secretary)
    response = client.get(f"/files/{attachment.pk}/")
    assert b"".join(response.streaming_content) == PDF  # type: ignore[arg-type]
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('要綱（案）.pdf')}"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_who_may_not_read_the_record_does_not_find_the_file(
    client: Client, unit: Unit, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachment = attach(unit, upload(), acting_user=house.account("secretary"))
    monkeypatch.setattr(queries, "_gates", lambda: {"office.unit": lambda user, obj: False})
    client.force_login(house.account("staff"))
    assert client.get(f"/files/{attachment.pk}/").status_code == 404
    assert client.get("/files/999999/").status_code == 404


def test_a_model_without_a_gate_is_closed(
    unit: Unit, secretary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_gates", dict)
    monkeypatch.delattr(type(Unit.objects), "for_user", raising=False)
    monkeypatch.delattr(type(Unit.objects.all()), "for_user", raising=False)
    attachment = attach(unit, upload(), acting_user=secretary)
    assert not queries.may_read_target(secretary, attachment)


def _numbered(value: object) -> str | None:
    """Contents get numbers for names: their bytes hold the time of the run and would name tests anew."""
    return f"{len(value)}bytes" if isinstance(value, bytes) else None


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF, "a.pdf"),
        (PNG, "a.png"),
        (picture("JPEG"), "写真.JPEG"),
        ("番号,名称".encode("cp932"), "a.csv"),
        ("見本".encode(), "a.txt"),
        (archive(**{"a.txt": b"x"}), "a.zip"),
        (word(), "a.docx"),
        (word(), "中身はWord.zip"),
    ],
    ids=_numbered,
)
def test_usual_files_are_taken(unit: Unit, secretary: User, content: bytes, name: str) -> None:
    assert attach(unit, upload(content, name), acting_user=secretary).stored.size == len(content)


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.pdf", "空です"),
        (b"MZ\x90", "a.exe", ".exeのファイルは受け取れません"),
        (b"<html>", "a.html", "受け取れません"),
        (b"<svg/>", "a.svg", "受け取れません"),
        (b"x", "拡張子なし", "拡張子の無い名前"),
        (b"<html>", "a.pdf", "中身は別の形式"),
        (PNG, "a.pdf", "中身は .png"),
        (PDF, "a.docx", "中身は .pdf"),
        (word(), "a.xlsx", "中身は .docx"),
        (word(), "a.docm", "マクロ"),
        (archive(**{"[Content_Types].xml": b"<x/>", "word/vbaProject.bin": b"x"}), "a.docx", "マクロ"),
        (archive(**{"a.bin": bytes(30_000_000)}), "a.zip", "圧縮"),
        (archive(**{"a.txt": b"x" * 100})[:-30], "a.zip", "壊れて"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"), "a.xls", "マクロ"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            "パスワード",
        ),
        (b"a\x00b", "a.txt", "中身は別の形式"),
    ],
    ids=_numbered,
)
def test_other_files_are_refused_with_what_to_do(
    unit: Unit, secretary: User, content: bytes, name: str, message: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        attach(unit, upload(content, name), acting_user=secretary)
    assert message in refused.value.message
    assert not Attachment.objects.exists()
    assert not list(store.digests_on_disk())


def test_a_file_over_the_limit_is_refused(unit: Unit, secretary: User) -> None:
    with pytest.raises(FileRefused, match="MBまで"):
        attach(unit, upload(), acting_user=secretary, largest=10)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\書類\\要綱.pdf", "要綱.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("要\u202e綱\r\n.pdf", "要綱.pdf"),
        ("長" * 300 + ".pdf", "長" * 196 + ".pdf"),
    ],
)
def test_a_name_keeps_no_folders_and_no_hidden_characters(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_the_check_of_the_store_finds_what_is_missing_altered_and_unknown(
    unit: Unit, secretary: User
) -> None:
    whole = attach(unit, upload(), acting_user=secretary)
    gone = attach(unit, upload(PNG, "a.png"), acting_user=secretary)
    altered = attach(unit, upload(b"text", "a.txt"), acting_user=secretary)
    assert verify_store() == []

    store.path_of(gone.stored.sha256).unlink()
    path = store.path_of(altered.stored.sha256)
    path.chmod(0o640)
    path.write_bytes(b"tex!")
    store.put(io.BytesIO(b"nobody's"))
    found = {(problem.kind, problem.sha256) for problem in verify_store()}
    assert ("missing", gone.stored.sha256) in found
    assert ("altered", altered.stored.sha256) in found
    assert len(found) == 3
    assert whole.stored.sha256 not in {digest for _, digest in found}


def test_a_lost_content_is_a_page_not_found(
    client: Client, unit: Unit, secretary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "_gates", lambda: {"office.unit": lambda user, obj: True})
    attachment = attach(unit, upload(), acting_user=secretary)
    store.path_of(attachment.stored.sha256).unlink()
    client.force_login(secretary)
    assert client.get(f"/files/{attachment.pk}/").status_code == 404


def test_nothing_half_written_is_left_when_reading_fails(tmp_path: Path) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        store.put(Breaking(b"x"))
    assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []


def test_a_page_lists_what_hangs_on_a_record(unit: Unit, secretary: User) -> None:
    template = Template("{% load attachments %}{% attachment_list unit %}")
    assert "添付はありません" in template.render(Context({"unit": unit}))
    attachment = attach(unit, upload(), acting_user=secretary)
    shown = template.render(Context({"unit": unit}))
    assert f"/files/{attachment.pk}/" in shown
    assert "要綱（案）.pdf" in shown
