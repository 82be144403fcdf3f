"""Reading references, resolving them, and checking them over a renumbering."""

import pytest

from tenshu.engines.comparison_table import (
    align,
    check_document,
    check_references,
    map_citation,
    parse_text,
    reference_list,
)
from tenshu.engines.comparison_table.references import comparable, mask, references

pytestmark = pytest.mark.engine

TEXT = """規程
第１章　総則
第１条　甲
２　前項の甲
第２条　法第３条第１項及び第２項並びに前条第２項、同条第１項
(1)　前条の乙
(2)　前号の丙
第２章　雑則
第３条　第２条第２号から第４号まで並びに次条及び第１章
第４条　前３条の規定及び前各項、附則第２項
２　個人情報の保護に関する法律（平成15年法律第57号。以下「法」という。）第66条、規程第１条
附則
１　丁
２　前項の戊
"""


def targets() -> dict[tuple[str, str], object]:
    return {(str(r["place"]), str(r["text"])): r["target"] for r in reference_list(parse_text(TEXT))}


@pytest.mark.parametrize(
    ("place", "words", "target"),
    [
        ("第１条第２項", "前項", "第１条第１項"),
        ("第２条", "前条第２項", "第１条第２項"),
        ("第２条", "同条第１項", "第１条第１項"),
        ("第２条第１号", "前条", "第１条"),
        ("第２条第２号", "前号", "第２条第１号"),
        ("第３条", "第２条第２号", "第２条第２号"),
        ("第３条", "第４号", None),
        ("第３条", "次条", "第４条"),
        ("第３条", "第１章", "第１章"),
        ("第４条第１項", "前３条", "第１条"),
        ("第４条第１項", "前各項", None),
        ("第４条第１項", "附則第２項", "附則第２項"),
        ("第４条第２項", "第１条", "第１条"),
        ("附則第２項", "前項", "附則第１項"),
    ],
)
def test_a_reference_means_the_right_provision(place: str, words: str, target: str | None) -> None:
    assert targets()[(place, words)] == target


def test_references_to_other_laws_are_external_with_what_is_joined_to_them() -> None:
    found = references(
        "法第３条第１項及び第２項並びに条例第５条、個人情報の保護に関する法律（平成15年法律第57号）第66条第１項"
    )
    assert [r.external for r in found] == [True, True, True, True]


def meant(text: str) -> list[str]:
    """Each reference with the levels it takes from before it."""
    return ["".join(t.text for u in "条項号" if (t := r.token(u))) for r in references(text)]


def test_an_insertion_in_parentheses_does_not_part_a_list_of_references() -> None:
    text = "第22条第３項（第25条後段において準用する場合を含む。）又は第４項"
    assert meant(text) == ["第22条第３項", "第25条", "第22条第４項"]
    assert meant("第22条第２項本文及び第３項") == ["第22条第２項", "第22条第３項"]


def test_the_same_paragraph_is_the_one_named_last() -> None:
    assert meant("前項本文の処分を書面でするときは、同項の理由は") == ["前項", "前項"]
    assert meant("第３条第２項の届出及び同項第３号又は第４号") == [
        "第３条第２項",
        "第３条第２項第３号",
        "第３条第２項第４号",
    ]


def test_words_quoted_for_another_provision_are_not_checked() -> None:
    text = "規程\n第１条　甲\n第２条　前条を準用する。この場合、「第９条」とあるのは「第８条」と読み替える。"
    assert check_document(parse_text(text)) == []


def test_a_law_number_is_no_reference() -> None:
    assert references("（令和５年条例第３号）") == []


@pytest.mark.parametrize("words", ["前条件のとおり", "本項目", "同条約", "第２号機"])
def test_words_that_only_look_like_references_are_none(words: str) -> None:
    assert references(words) == []


def test_dangling_references_are_found_with_line_and_place() -> None:
    found = check_document(parse_text(TEXT))
    assert [(f.problem, f.place, f.line, f.text) for f in found] == [
        ("dangling", "第３条", 9, "第４号"),
        ("dangling", "第４条第１項", 10, "前各項"),
    ]


def test_numerals_and_width_do_not_matter_for_comparison_but_other_words_do() -> None:
    assert comparable("第三条の二第一項") == comparable("第３条の２第1項")
    assert mask("第３条の規定") == mask("前条の規定")
    assert comparable("三人") != comparable("３人")


def test_a_relative_reference_broken_by_an_insertion_is_reported_with_the_remedy() -> None:
    old = parse_text("規程\n第１条　情報資産を守る。\n第２条　前条の規定は、準用する。")
    new = parse_text(
        "規程\n第１条　情報資産を守る。\n第２条　端末は、施錠して保管する。\n第３条　前条の規定は、準用する。"
    )
    found = check_references(align(old, new))
    assert [(f.problem, f.place, f.text, f.expected) for f in found] == [
        ("unshifted", "第３条", "前条", "第１条")
    ]


def test_a_reference_shifted_too_far_is_a_notice() -> None:
    old = parse_text(
        "規程\n第１条　情報資産を守る。\n第２条　端末は、施錠する。\n第３条　第１条の規定は、準用する。"
    )
    new = parse_text(old.text().replace("第１条の規定", "第２条の規定"))
    found = check_references(align(old, new))
    assert [(f.problem, f.severity, f.expected) for f in found] == [("retargeted", "notice", "第１条")]


def test_the_ranges_of_the_table_of_contents_are_checked() -> None:
    text = "規程\n目次\n　第１章　総則（第１条―第３条）\n第１章　総則\n第１条　甲\n第２条　乙\n"
    found = check_document(parse_text(text))
    assert [(f.problem, f.text, f.expected) for f in found] == [
        ("contents_range", "第１条―第３条", "第１条から第２条")
    ]


def test_citations_of_other_documents_follow_the_renumbering() -> None:
    old = parse_text(
        "規程\n第１条　情報を守る。\n第２条　端末は、施錠する。\n２　鍵は、所属長が持つ。\n第３条　記録する。"
    )
    new = parse_text("規程\n第１条　端末は、施錠する。\n２　鍵は、所属長が持つ。\n第２条　記録する。")
    alignment = align(old, new)
    assert map_citation("規程第２条第２項", alignment) == "第１条第２項"
    assert map_citation("第１条", alignment) is None
    with pytest.raises(LookupError):
        map_citation("第９条", alignment)
