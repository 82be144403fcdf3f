"""House styles and the printed forms."""

import io
import json
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from lxml import etree, html

from tenshu.engines.comparison_table import (
    Comparison,
    HouseStyle,
    RegulationError,
    compare_documents,
    load_style,
    parse_text,
    rendered,
    style_from,
)
from tenshu.engines.comparison_table.__main__ import main
from tenshu.engines.comparison_table.table import ComparisonTable
from tenshu.engines.comparison_table.wording import Segment, compare

pytestmark = pytest.mark.engine

OLD = """情報管理規程
（目的）
第１条　この規程は、総務部長が定める。
第２条　端末は、施錠して保管する。
２　鍵は、所属長が保管する。
３　鍵の写しは、作ってはならない。
４　紛失したときは、報告する。
第３条　記録は、５年間保存する。
附則
この規程は、公布の日から施行する。
別表（第３条関係）
区分	期間
甲	５年
乙	３年
"""
NEW = """情報管理規程
（目的）
第１条　この規程は、統括監が定める。
（点検）
第２条　所属長は、毎月点検を行う。
第３条　端末は、施錠して保管する。
２　鍵は、所属長が保管する。
３　鍵の写しは、作ってはならない。
４　紛失したときは、直ちに報告する。
附則
この規程は、公布の日から施行する。
別表（第３条関係）
区分	期間
甲	10年
乙	３年
"""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def comparison(style: HouseStyle | None = None) -> Comparison:
    return compare_documents(parse_text(OLD), parse_text(NEW), style, amendments=True)


def shown(segments: list[Segment]) -> str:
    return "".join(f"[{s.text}]" if s.changed else s.text for s in segments)


def sides(table: ComparisonTable) -> list[tuple[str, str]]:
    return [(shown(e.new), shown(e.old)) for e in table.printed() if e.kind != "row"]


def test_the_standard_style_labels_additions_deletions_and_omissions() -> None:
    assert sides(comparison().table) == [
        ("（目的）", "（目的）"),
        ("第１条　この規程は、[統括監]が定める。", "第１条　この規程は、[総務部長]が定める。"),
        ("[（点検）]", "（新設）"),
        ("[第２条　所属長は、毎月点検を行う。]", ""),
        ("[第３条]　略", "[第２条]　略"),
        ("２及び３　略", "２及び３　略"),
        ("４　紛失したときは、[直ちに]報告する。", "４　紛失したときは、報告する。"),
        ("（削る）", "[第３条　記録は、５年間保存する。]"),
        ("附則　略", "附則　略"),
        ("別表（第３条関係）", "別表（第３条関係）"),
        ("略", "略"),
    ]


def test_a_run_of_three_is_written_with_a_range() -> None:
    old = parse_text("規程\n第１条　甲\n２　乙である。\n３　丙である。\n４　丁である。\n５　戊である。")
    new = parse_text(old.text().replace("戊である", "己である"))
    assert ("２～４　略", "２～４　略") in sides(compare_documents(old, new).table)


def test_one_omission_does_not_go_over_from_items_into_paragraphs() -> None:
    old = parse_text("規程\n第１条　次のとおり\n(1)　甲\n(2)　乙\n２　丙である。\n３　丁である。")
    new = parse_text(old.text().replace("丁である", "戊である"))
    assert sides(compare_documents(old, new).table)[1:3] == [
        ("(1)及び(2)　略", "(1)及び(2)　略"),
        ("２　略", "２　略"),
    ]


def test_renumbered_articles_show_only_their_numbers_underlined() -> None:
    arts = [f"第{k}条　{'甲乙丙丁戊己庚辛'[k] * 12}" for k in range(1, 7)]
    old = parse_text("規程\n" + "\n".join(arts))
    new = parse_text(
        "規程\n第1条　端末は、施錠して保管しなければならない。\n"
        + "\n".join(a.replace(f"第{k}", f"第{k + 1}") for k, a in enumerate(arts, 1))
    )
    assert ("[第2条～第7条]　略", "[第1条～第6条]　略") in sides(compare_documents(old, new).table)
    single = style_from({"renumbered_in_runs": False})
    assert ("[第2条]　略", "[第1条]　略") in sides(compare_documents(old, new, single).table)


def test_the_ministry_style_brackets_labels_and_doubles_the_line_of_an_added_mark() -> None:
    table = comparison(load_style("ministry")).table
    added = next(e for e in table.printed() if any(s.strong for s in e.new))
    assert [s.text for s in added.new if s.strong] == ["第２条"]
    assert ("［削る］", "[第３条　記録は、５年間保存する。]") in sides(table)


def test_the_plain_style_pads_with_underlined_blanks_instead_of_labels() -> None:
    table = comparison(load_style("plain")).table
    assert ("[（点検）]", "[　　　　]") in sides(table)
    assert not any("新設" in old for _, old in sides(table))


def test_a_draft_names_its_columns_proposal_and_present() -> None:
    assert style_from({"stage": "draft"}).titles == ("改正案", "現行")


def test_old_left_turns_the_columns_round() -> None:
    page = html.fromstring(rendered(comparison(load_style("old_left")), ".html").decode())
    assert page.xpath("//table[@class='comparison']/thead//th/text()") == ["現行", "改正後"]


@pytest.mark.parametrize("values", [{"colour": "red"}, {"pad": "yes"}, {"underline": "wavy"}])
def test_a_wrong_style_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(RegulationError, match="体裁"):
        style_from(values, "house.toml")


def test_html_has_header_cells_with_scope_and_marks_changes_as_ins_and_del() -> None:
    page = html.fromstring(rendered(comparison(), ".html").decode())
    assert page.get("lang") == "ja"
    assert [th.get("scope") for th in page.iter("th")] == ["col", "col"]
    assert "統括監" in page.xpath("//ins/text()")
    assert "総務部長" in page.xpath("//del/text()")


def test_texts_with_markup_are_only_text_in_every_form() -> None:
    old = parse_text('規程<b>\n第１条　A&B "甲" #set <i>$x$\\\n')
    new = parse_text('規程<b>\n第１条　A&B "乙" #set <i>$x$\\\n=1+1')
    found = compare_documents(old, new)
    assert b"<i>" not in rendered(found, ".html")
    assert 'A&B "乙" #set <i>$x$\\' in "".join(
        p.text
        for t in docx.Document(io.BytesIO(rendered(found, ".docx"))).tables
        for c in t._cells
        for p in c.paragraphs
    )
    assert rendered(found, ".pdf").startswith(b"%PDF")
    sheet = openpyxl.load_workbook(io.BytesIO(rendered(found, ".xlsx"))).active
    assert sheet is not None
    assert all(cell.data_type != "f" for row in sheet for cell in row)


def test_word_has_real_underlines_a_repeated_header_and_a4_landscape() -> None:
    file = docx.Document(io.BytesIO(rendered(comparison(), ".docx")))
    section = file.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    xml = file.element.body
    assert len(list(xml.iter(f"{W}tblHeader"))) == 1
    underlined = [
        "".join(t.text or "" for t in r.iter(f"{W}t"))
        for r in xml.iter(f"{W}r")
        if r.find(f"{W}rPr/{W}u") is not None
    ]
    assert "統括監" in underlined
    assert "総務部長" in underlined


def test_excel_repeats_its_header_and_underlines_only_the_changed_words() -> None:
    data = rendered(comparison(), ".xlsx")
    book = zipfile.ZipFile(io.BytesIO(data))
    strings = etree.fromstring(book.read("xl/sharedStrings.xml"))
    ns = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    runs = strings.xpath("//m:r[m:rPr/m:u]/m:t/text()", namespaces=ns)
    assert "統括監" in runs
    assert b"_xlnm.Print_Titles" in book.read("xl/workbook.xml")
    assert b'orientation="landscape"' in book.read("xl/worksheets/sheet1.xml")


def test_pdf_is_tagged_for_accessibility() -> None:
    data = rendered(comparison(load_style("explained")), ".pdf")
    assert b"pdfuaid:part" in data or b"/MarkInfo" in data


def test_differences_are_snapped_to_words_and_references() -> None:
    old, new = compare(
        "個人情報保護管理者は、第３条第１項に定める。", "個人情報取扱管理者は、第４条第１項に定める。"
    )
    assert shown(new) == "個人情報[取扱]管理者は、[第４条]第１項に定める。"
    assert shown(old) == "個人情報[保護]管理者は、[第３条]第１項に定める。"


def test_a_sliver_between_two_changes_is_joined() -> None:
    _, new = compare("報告を受けて審査する。", "届出の後に決定する。")
    assert shown(new) == "[届出の後に決定]する。"


def test_the_command_line_writes_every_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old.txt").write_text(OLD, encoding="utf-8")
    (tmp_path / "new.txt").write_text(NEW, encoding="utf-8")
    outs = [tmp_path / f"table{ending}" for ending in (".docx", ".xlsx", ".html", ".json", ".txt")]
    given = [str(tmp_path / "old.txt"), str(tmp_path / "new.txt")]
    assert main([*given, *(word for out in outs for word in ("--out", str(out)))]) == 0
    assert all(out.stat().st_size > 100 for out in outs)
    value = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    assert value["counts"] == {"changed": 2, "added": 1, "deleted": 1}
    assert "対応付け" in capsys.readouterr().err


def test_the_command_line_parses_lists_references_and_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("規程\n第１条　第９条による。", encoding="utf-8")
    assert main(["parse", str(tmp_path / "a.txt"), "--out", str(tmp_path / "tree.xml")]) == 0
    assert b"<Article" in (tmp_path / "tree.xml").read_bytes()
    capsys.readouterr()
    assert main(["references", str(tmp_path / "a.txt"), "--strict"]) == 1
    assert json.loads(capsys.readouterr().out)["findings"][0]["problem"] == "dangling"
    assert main(["parse", str(tmp_path / "nothing.txt")]) == 2
    assert "nothing.txt: ファイルを開けません" in capsys.readouterr().err
    assert main([str(tmp_path / "a.txt"), str(tmp_path / "a.txt"), "--style", "missing"]) == 2
