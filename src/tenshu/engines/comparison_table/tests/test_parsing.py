"""Reading regulations: national and local style, branches, kana orders, Word files."""

import io

import docx
import pytest
from docx.oxml import parse_xml

from tenshu.engines.comparison_table import Document, RegulationError, check_document, parse_text, read_bytes
from tenshu.engines.comparison_table.numerals import kanji_numeral, numeral_value

pytestmark = pytest.mark.engine

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def kinds(document: Document) -> list[tuple[str, tuple[int, ...], str]]:
    return [(n.kind, n.number, n.label) for n in document.walk()]


def word_file(*lines: str) -> docx.document.Document:
    file = docx.Document()
    for line in lines:
        file.add_paragraph(line)
    return file


def saved(file: docx.document.Document) -> bytes:
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


@pytest.mark.parametrize("label", ["第12条の３", "第１２条の３", "第十二条の三"])
def test_numbers_of_every_notation_are_the_same_number(label: str) -> None:
    document = parse_text(f"規程\n{label}　文である。")
    assert ("article", (12, 3), label) in kinds(document)


def test_a_reference_at_the_start_of_a_line_is_no_article() -> None:
    document = parse_text("規程\n第１条　文である。\n第２条の規定による届出を含む。")
    assert [n.number for n in document.walk() if n.kind == "article"] == [(1,)]


def test_part_of_an_article_is_not_read_as_a_branch() -> None:
    document = parse_text("規程\n第三条の二　文である。\n第四条　第三条の一部を改める。")
    assert [n.number for n in document.walk() if n.kind == "article"] == [(3, 2), (4,)]


def test_a_caption_belongs_to_the_article_after_it() -> None:
    document = parse_text("規程\n（目的）\n第１条　文である。\n（定義）\n第２条　文である。")
    assert [n.caption for n in document.walk() if n.kind == "article"] == ["（目的）", "（定義）"]


def test_kana_items_are_numbered_in_the_order_in_use() -> None:
    local = parse_text("規程\n第１条　次のとおり\n(1)　甲\nア　一つ\nイ　二つ\nウ　三つ")
    national = parse_text("規程\n第一条　次のとおり\n一　甲\nイ　一つ\nロ　二つ\nハ　三つ")
    for document in (local, national):
        assert [n.number for n in document.walk() if n.kind == "subitem1"] == [(1,), (2,), (3,)]


def test_a_parenthesised_number_is_an_item_locally_and_below_kana_nationally() -> None:
    local = parse_text("規程\n第１条　次のとおり\n(1)　甲\nア　乙\n(2)　丙")
    national = parse_text("規程\n第一条　次のとおり\n一　甲\nイ　乙\n(1)　丙")
    assert [n.kind for n in local.walk()][-1] == "item"
    assert [n.kind for n in national.walk()][-1] == "subitem2"


def test_a_table_of_contents_is_not_taken_for_the_chapters() -> None:
    contents = "目次\n　第１章　総則（第１条―第２条）\n　附則\n"
    text = f"規程\n{contents}第１章　総則\n第１条　甲\n第２条　乙\n附則\n丙\n"
    document = parse_text(text)
    assert [n.kind for n in document.root.children] == ["title", "toc", "chapter", "supplement"]
    assert document.text() == text


MUNICIPAL = """○甲市情報管理規程
平成28年3月30日
訓令第1号
目次
第1章 総則(第1条・第2条)
第2章 管理
第1節 通則(第3条)
第2節 運用(第4条)
第3章 補則
第1節 通則(第5条)
付則
第1章 総則
(目的)
第1条 甲
(定義)
第2条 次のとおり
(1) 端末 個人情報の保護に関する法律(平成15年法律第57号)第9条に規定するもの
第2章 管理
第1節 通則
第3条 乙
第2節 運用
第4条 丙
第3章 補則
第1節 通則
第5条 丁
付則
この規程は、公布の日から施行する。
"""


def test_the_print_of_municipal_collections_is_read() -> None:
    document = parse_text(MUNICIPAL)
    assert document.title == "甲市情報管理規程"
    assert [(n.number, n.caption) for n in document.walk() if n.kind == "article"] == [
        ((1,), "(目的)"),
        ((2,), "(定義)"),
        ((3,), ""),
        ((4,), ""),
        ((5,), ""),
    ]
    assert [n.kind for n in document.root.children][-4:] == ["chapter", "chapter", "chapter", "supplement"]
    assert document.text() == MUNICIPAL
    assert check_document(document) == []


def test_numbers_inside_a_list_of_dates_are_not_paragraphs() -> None:
    document = parse_text("規程\n第１条　次の日とする。\n15　日\n２　甲")
    assert [n.number for n in document.walk() if n.kind == "paragraph"] == [(1,), (2,)]


def test_a_text_that_is_no_regulation_is_refused_with_its_name() -> None:
    with pytest.raises(RegulationError, match=r"memo\.txt: 条、項"):
        read_bytes("ただの手紙です。".encode(), "memo.txt")


def test_shift_jis_text_is_read() -> None:
    assert read_bytes("規程\r\n第１条　文である。".encode("cp932"), "a.txt").title == "規程"


@pytest.mark.parametrize(
    ("name", "data"), [("a.pdf", b"%PDF"), ("a.docx", b"nothing"), ("a.xml", b"<a>"), ("a.xml", b"<a/>")]
)
def test_files_that_cannot_be_read_are_named(name: str, data: bytes) -> None:
    with pytest.raises(RegulationError, match=name):
        read_bytes(data, name)


def test_an_xml_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE Law [<!ENTITY a "aaaa">]><Law><LawNum>&a;</LawNum></Law>'
    with pytest.raises(RegulationError):
        read_bytes(bomb, "a.xml")


def test_word_tables_become_rows_of_the_annex() -> None:
    file = word_file("規程", "第１条　別表のとおり", "別表（第１条関係）")
    table = file.add_table(2, 2)
    for at, text in enumerate(["区分", "内容", "甲", "乙"]):
        table.cell(at // 2, at % 2).text = text
    document = read_bytes(saved(file), "a.docx")
    assert [n.cells for n in document.walk() if n.kind == "row"] == [("区分", "内容"), ("甲", "乙")]


def test_tracked_changes_are_refused_until_one_says_how_to_read_them() -> None:
    file = word_file("規程", "第１条　県が")
    file.paragraphs[-1]._p.append(parse_xml(f"<w:ins {W}><w:r><w:t>新しく</w:t></w:r></w:ins>"))
    file.paragraphs[-1]._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>古く</w:delText></w:r></w:del>"))
    data = saved(file)
    with pytest.raises(RegulationError, match="変更履歴"):
        read_bytes(data, "a.docx")
    assert "県が新しく\n" in read_bytes(data, "a.docx", "accept").text()
    assert "県が古く\n" in read_bytes(data, "a.docx", "reject").text()


def test_the_reading_of_ruby_is_left_out() -> None:
    file = word_file("規程", "第１条　")
    ruby = (
        f"<w:r {W}><w:ruby><w:rt><w:r><w:t>き</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>毀</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    file.paragraphs[-1]._p.append(parse_xml(ruby))
    assert read_bytes(saved(file), "a.docx").text() == "規程\n第１条　毀\n"


def test_automatic_numbers_of_word_are_read_as_printed() -> None:
    file = word_file("規程")
    numbering = file.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{k}"><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for k, (form, text) in enumerate(
            [("decimalFullWidth", "第%1条"), ("decimal", "(%2)"), ("aiueo", "%3")]
        )
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="99">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {W} w:numId="99"><w:abstractNumId w:val="99"/></w:num>'))
    for level, text in [(0, "甲"), (1, "乙"), (2, "丙"), (2, "丁"), (1, "戊"), (0, "己")]:
        properties = file.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="99"/></w:numPr>'))
    text = read_bytes(saved(file), "a.docx").text()
    assert text == "規程\n第１条　甲\n(1)　乙\nア　丙\nイ　丁\n(2)　戊\n第２条　己\n"


@pytest.mark.parametrize("value", [1, 9, 10, 11, 20, 99, 100, 101, 110, 999, 1234])
def test_kanji_numerals_go_there_and_back(value: int) -> None:
    assert numeral_value(kanji_numeral(value)) == value
