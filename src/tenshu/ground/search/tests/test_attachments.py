"""What is written in attached files is found, seen like the record, and no file can break anything."""

import datetime
import io
import zipfile

import docx
import openpyxl
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tenshu.ground.access.roles import Role
from tenshu.ground.files.actions import attach
from tenshu.ground.files.models import Attachment, StoredFile
from tenshu.ground.jobs.tasks import JobRun
from tenshu.ground.search import extraction, reading
from tenshu.ground.search.attachments import ATTACHMENTS
from tenshu.ground.search.models import Extract, ExtractState
from tenshu.ground.search.reading import read_file, read_stored
from tenshu.ground.search.tests.asking import found


def word(text):
    document = docx.Document()
    document.add_paragraph("前書き")
    document.add_table(1, 1).cell(0, 0).text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet(text):
    book = openpyxl.Workbook()
    book.active["C7"] = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def slides(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "ppt/slides/slide1.xml",
            f'<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>{text[:3]}</a:t></a:r><a:r><a:t>{text[3:]}</a:t></a:r></a:p></p:sld>',
        )
    return out.getvalue()


def pdf(text):
    """A page whose font maps two bytes a letter to Unicode, as printers write Japanese."""
    codes = "".join(f"{ord(letter):04X}" for letter in text)
    content = f"BT /F1 12 Tf 50 700 Td <{codes}> Tj ET".encode()
    cmap = b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(cmap), cmap),
    ]
    out, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 8\n0000000000 65535 f \n%strailer<</Size 8/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (table, len(out))
    )


KINDS = {
    "点検表.docx": word,
    "点検表.xlsx": sheet,
    "点検表.pptx": slides,
    "点検表.pdf": pdf,
    "点検表.txt": lambda text: text.encode("cp932"),
    "点検表.csv": lambda text: f"番号,内容\r\n1,{text}\r\n".encode("utf-8-sig"),
    "点検表.md": lambda text: text.encode("utf-16"),
}


def hang(world, name, content, on="own_meeting"):
    return attach(world.objects[on], SimpleUploadedFile(name, content), acting_user=world.house.machine)


@pytest.mark.parametrize("name", KINDS)
def test_the_text_of_a_file_is_found(indexed, name):
    secretary = indexed.users[Role.SECRETARIAT]
    hang(indexed, name, KINDS[name]("地下倉庫の浸水を調べた"))
    assert found(secretary, "倉庫の浸水") == [f"attachment {name}"]
    assert found(secretary, name, "attachment") == [f"attachment {name}"]


def test_a_hit_leads_to_the_record_and_to_the_file(indexed):
    attachment = hang(indexed, "覚え書き.txt", "地下倉庫の浸水".encode())
    client = Client()
    client.force_login(indexed.users[Role.SECRETARIAT])
    html = client.get(reverse("search:results"), {"q": "倉庫の浸水"}).content.decode()
    assert reverse("gathering:gathering-detail", args=[indexed.objects["own_meeting"].pk]) in html
    assert reverse("files:attachment-download", args=[attachment.pk]) in html
    assert "会議・研修「人事課の打合せ」の添付" in html
    assert "<mark>倉庫の浸水</mark>" in html


def test_a_file_is_seen_by_those_who_see_its_record(indexed):
    hang(indexed, "覚え書き.txt", "地下倉庫の浸水".encode())
    hits = {role: bool(found(indexed.users[role], "倉庫の浸水")) for role in Role}
    assert hits == {
        Role.SECRETARIAT: True,
        Role.SECURITY: True,
        Role.EXECUTIVE: True,
        Role.HEAD: True,
        Role.OFFICER: True,
        Role.STAFF: False,
        Role.AUDITOR: False,
    }


def test_the_gate_of_a_room_counts(indexed, monkeypatch):
    from tenshu.ground.files import queries

    hang(indexed, "覚え書き.txt", "地下倉庫の浸水".encode())
    monkeypatch.setattr(queries, "_gates", lambda: {"gathering.gathering": lambda user, record: False})
    assert found(indexed.users[Role.SECRETARIAT], "倉庫の浸水") == []


def test_one_content_is_read_once_and_found_wherever_it_hangs(indexed):
    first = hang(indexed, "一.txt", "地下倉庫の浸水".encode())
    second = hang(indexed, "二.txt", "地下倉庫の浸水".encode())
    assert first.stored_id == second.stored_id
    assert Extract.objects.filter(stored=first.stored).count() == 1
    assert set(found(indexed.users[Role.SECRETARIAT], "倉庫の浸水")) == {
        "attachment 一.txt",
        "attachment 二.txt",
    }


@pytest.mark.parametrize("name", ["壊れた.pdf", "壊れた.docx", "壊れた.xlsx"])
def test_a_broken_file_is_told_in_the_log_and_found_by_its_name(indexed, name, caplog):
    whole = KINDS[f"点検表.{name.rpartition('.')[2]}"]("読めない")
    broken = StoredFile.objects.create(sha256="ab" * 32, size=9, content_type=_type_of(name))
    path = reading.store.path_of(broken.sha256)
    path.parent.mkdir(parents=True)
    path.write_bytes(whole[: len(whole) // 3] + b"\0\xff" * 40)
    Attachment.objects.create(
        stored=broken,
        name=name,
        target_type=ContentType.objects.get_for_model(indexed.objects["own_meeting"]),
        target_pk=str(indexed.objects["own_meeting"].pk),
        uploaded_by=indexed.house.machine,
    )
    read_file.func(JobRun(), stored_id=broken.pk)
    assert Extract.objects.get(stored=broken).state in (ExtractState.FAILED, ExtractState.READ)
    assert found(indexed.users[Role.SECRETARIAT], "壊れた") == [f"attachment {name}"]
    if Extract.objects.get(stored=broken).state == ExtractState.FAILED:
        assert broken.sha256[:12] in caplog.text


def _type_of(name):
    from tenshu.ground.files.inspection import CONTENT_TYPES

    return CONTENT_TYPES[name.rpartition(".")[2]]


def test_a_missing_content_is_told(indexed):
    lost = StoredFile.objects.create(sha256="cd" * 32, size=9, content_type="text/plain")
    assert read_stored(lost).state == ExtractState.FAILED


def test_pictures_are_passed_over(indexed):
    picture = StoredFile.objects.create(sha256="ef" * 32, size=9, content_type="image/png")
    assert read_stored(picture).state == ExtractState.PASSED_OVER


def test_reading_has_an_end(indexed, monkeypatch):
    endless = hang(indexed, "表.xlsx", sheet("会"))
    monkeypatch.setattr(reading, "SECONDS", 0.0001)
    assert read_stored(endless.stored).note == "読むのに時間がかかりすぎました"


def test_only_so_many_letters_are_taken(indexed):
    long = hang(indexed, "長い.txt", ("長" * (extraction.LONGEST + 10)).encode())
    extract = Extract.objects.get(stored=long.stored)
    assert (extract.state, len(extract.text)) == (ExtractState.CUT, extraction.LONGEST)


def test_a_job_for_a_file_that_is_gone_ends_quietly(indexed):
    read_file.func(JobRun(), stored_id=0)


def test_a_long_plain_text_is_cut_without_losing_its_letters():
    text = "a" + "議事録" * 200_000
    assert (
        extraction.plain_text(text.encode()[: extraction.LONGEST * 4])[: extraction.LONGEST] == text[:300_000]
    )
    assert extraction.plain_text("議事録".encode("cp932")) == "議事録"
    assert extraction.plain_text("議事録".encode("utf-8-sig")) == "議事録"


def test_a_file_bears_the_day_on_which_it_was_attached_here(indexed):
    attachment = Attachment.objects.first()
    attachment.uploaded_at = datetime.datetime(2023, 12, 31, 20, 0, tzinfo=datetime.UTC)
    assert ATTACHMENTS.text(attachment).on == datetime.date(2024, 1, 1)
