"""The report: its order, its figures, what is missing, its four forms."""

import io
import json
import subprocess

import docx
import pypdf
import pytest

from tenshu.annual.building import build_report
from tenshu.annual.chapters import OUTLINE
from tenshu.annual.declared_figures import FIGURES as DECLARED
from tenshu.annual.files import RENDERERS, write_report
from tenshu.annual.queries import draft
from tenshu.annual.rendering.as_docx import render_docx
from tenshu.annual.rendering.as_html import render_html
from tenshu.annual.rendering.as_json import render_json
from tenshu.annual.rendering.as_pdf import render_pdf
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.figures.registry import all_figures
from tenshu.mechanisms.reporting.content import (
    Gap,
    Paragraph,
    ReportChart,
    ReportTable,
    document_from_json,
)

pytestmark = pytest.mark.django_db
YEAR = FiscalYear(2023)

#: Parts and sections in the order of the office's report.
ORDER = {
    "庁内DX": [
        "システム種別タスクフォース",
        "システムカルテの整備",
        "ハードウェアの集約及びソフトウェアの見直し",
        "業務のICT化",
        "部局支援",
        "IT事業の推進",
        "他都道府県との連絡調整",
    ],
    "DX人材の育成": ["DX研修", "情報システムに関する基礎研修", "システムの要件定義に関する研修"],
    "情報セキュリティ対策": [
        "セキュリティ研修",
        "標的型攻撃メール対応訓練",
        "ウェブ感染型マルウェア検知",
        "ホームページレスポンス観測",
        "サイバー攻撃検知",
        "情報セキュリティに関する基本要綱の改正",
        "記憶装置を含む機器の廃棄状況の確認",
        "情報セキュリティ対策の自己点検",
        "プラットフォーム診断",
    ],
    "マイナンバー制度": ["連絡調整・普及促進", "総点検"],
    "生成AIの業務利活用": ["ルールの周知", "導入検討"],
}


def text_of(document) -> str:
    """Everything that the document says, as one text."""
    return json.dumps(document.as_json()["parts"], ensure_ascii=False)


def section(document, number):
    return next(item for item in document.sections if item.number == number)


def test_parts_and_sections_stand_in_the_order_of_the_offices_report():
    document = draft(YEAR)
    assert {part.title: [item.title for item in part.sections] for part in document.parts} == ORDER
    assert [item.number for item in document.sections if item.number.startswith("3")] == [
        f"3({n})" for n in range(1, 10)
    ]


def test_an_empty_year_states_nothing_and_names_what_is_missing_in_every_section():
    document = draft(YEAR)
    for item in document.sections:
        assert item.blocks
        assert all(isinstance(block, Gap) and "記録なし" in block.text for block in item.blocks)


def test_the_outline_names_only_figures_that_are_registered():
    used = {key for item in draft(YEAR).sections for key in item.figures}
    assert used == {declared.key for declared in DECLARED}
    assert used <= set(all_figures())


def test_a_recorded_section_tells_its_figures_with_unit_and_its_tables(world):
    found = section(draft(YEAR), "1(1)")
    sentence = next(block for block in found.blocks if isinstance(block, Paragraph))
    figures = {span.figure: span.text for span in sentence.spans if span.figure}
    assert figures == {
        "taskforce.systems": "2システム",
        "taskforce.working_groups": "1WG",
        "taskforce.meetings": "1回",
    }
    tables = {block.caption: block.rows for block in found.blocks if isinstance(block, ReportTable)}
    assert tables["タスクフォース会議の開催"] == [["第1回", "令和5年8月24日（木）", "各WGの日程を示した。"]]
    assert tables["WGの構成と移行時期"] == [["総務", "人事課（人事）", "-"]]
    assert found.gaps == []


def test_a_number_that_is_not_in_a_record_is_not_in_the_report(world):
    document = draft(YEAR)
    recorded = {span for item in document.figures for span in [item["value"]] if item["value"] is not None}
    assert recorded == {0, 1, 2, 6}
    for number in ("135", "6,677", "230", "3.9", "170"):
        assert number not in text_of(document)


def test_a_free_text_stands_at_the_end_of_its_section():
    document = build_report(
        YEAR,
        office="見本県",
        passages={"2(1)": "一つ目。\n\n二つ目 & <三つ目>。"},
        years=[YEAR],
        state="下書き",
    )
    found = section(document, "2(1)")
    assert [block.spans[0].text for block in found.blocks if isinstance(block, Paragraph)] == [
        "一つ目。",
        "二つ目 & <三つ目>。",
    ]


def test_a_trend_needs_two_recorded_years(world):
    charts = [block for block in section(draft(YEAR), "1(1)").blocks if isinstance(block, ReportChart)]
    assert charts == []
    for system in world.objects["group"].targets.all():
        system.system.candidate_from = YEAR.previous.start
        system.system.save()
    document = build_report(YEAR, office="", passages={}, years=[YEAR.next, YEAR], state="下書き")
    assert not [block for block in section(document, "1(1)").blocks if isinstance(block, ReportChart)]


def with_chart(document):
    document.parts[0].sections[0].blocks.append(
        ReportChart("推移（件）", "件", ["R3", "R4", "R5"], [3.0, 4.0, 135.0], "増えた。")
    )
    return document


def test_json_gives_the_same_document_back(world):
    document = with_chart(draft(YEAR))
    assert document_from_json(json.loads(render_json(document))) == document


def test_the_pdf_is_pdf_ua_with_an_embedded_japanese_font_and_says_what_the_document_says(world, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(render_pdf(with_chart(draft(YEAR))))
    reader = pypdf.PdfReader(path)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_data()
    assert reader.trailer["/Root"]["/Lang"].startswith("ja")
    fonts = subprocess.run(
        ["pdffonts", path], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert fonts
    assert all("NotoSansCJKjp" in line and " yes " in line for line in fonts)
    text = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    flat = "".join(text.split())
    for words in ("令和5年度事業報告", "見本県", "2システム", "各WGの日程を示した", "記録なし"):
        assert words in flat


def test_the_word_file_opens_and_says_what_the_document_says(world):
    word = docx.Document(io.BytesIO(render_docx(with_chart(draft(YEAR)))))
    headings = [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert headings[0] == "1　庁内DX"
    assert headings[1] == "(1)　システム種別タスクフォース"
    assert word.tables[0].rows[1].cells[2].text == "各WGの日程を示した。"
    assert len(word.inline_shapes) == 1
    assert word.inline_shapes[0]._inline.docPr.get("descr") == "推移（件）。増えた。"


def test_libreoffice_opens_the_word_file(world, tmp_path):
    path = tmp_path / "report.docx"
    path.write_bytes(render_docx(draft(YEAR)))
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            "pdf",
            "--outdir",
            tmp_path,
            path,
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    text = subprocess.run(
        ["pdftotext", tmp_path / "report.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "システム種別タスクフォース" in "".join(text.split())


def test_html_is_escaped_and_stands_alone(world):
    document = build_report(
        YEAR, office="見本県<b>", passages={"1(1)": "<script>alert(1)</script>"}, years=[YEAR], state="下書き"
    )
    page = render_html(with_chart(document)).decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "見本県&lt;b&gt;" in page
    assert "<svg" in page
    assert "http-equiv" not in page
    assert 'src="' not in page


def test_files_are_replaced_whole(world, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "年次報告_R5.json").write_text("古い")
    paths = write_report(YEAR, out, ["json", "html", "json"])
    assert [path.name for path in paths] == ["年次報告_R5.json", "年次報告_R5.html"]
    assert json.loads(paths[0].read_text())["year"] == "R5"
    assert {path.name for path in out.iterdir()} == {"年次報告_R5.json", "年次報告_R5.html"}


def test_a_form_that_cannot_be_made_leaves_the_files_as_they_were(world, tmp_path, monkeypatch):
    def broken(document):
        raise OSError("disk full")

    monkeypatch.setitem(RENDERERS, "pdf", broken)
    with pytest.raises(OSError, match="disk full"):
        write_report(YEAR, tmp_path / "out", ["json", "pdf"])
    assert not (tmp_path / "out").exists()


def test_the_outline_has_a_state_for_every_section():
    assert all(item.states for part in OUTLINE for item in part.sections)
