"""法令標準XML (version 3, the schema of the e-Gov law search): tree → XML, XML → printed lines → tree."""

import re
from collections.abc import Iterator
from typing import Any

from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException
from lxml import etree

from .markers import LAW_NUMBER
from .model import HEADINGS, Document, Node, Number, RegulationError
from .numerals import numbers_in
from .parser import Line, parse_lines

_TAGS = {
    "part": "Part",
    "chapter": "Chapter",
    "section": "Section",
    "subsection": "Subsection",
    "division": "Division",
    "item": "Item",
    "subitem1": "Subitem1",
    "subitem2": "Subitem2",
    "subitem3": "Subitem3",
}
_ERAS = {"明治": "Meiji", "大正": "Taisho", "昭和": "Showa", "平成": "Heisei", "令和": "Reiwa"}


def to_law_xml(document: Document) -> bytes:
    """法令標準XML in UTF-8. 条例・訓令・要綱 have no value of their own in LawType and become ``Misc``."""
    lines = [n.text for n in document.root.children if n.kind == "line"]
    number = next((text.strip(" \u3000（）") for text in lines if LAW_NUMBER.search(text)), "")
    law = etree.Element("Law", _law_attributes(number))
    etree.SubElement(law, "LawNum").text = number
    body = etree.SubElement(law, "LawBody")
    etree.SubElement(body, "LawTitle").text = document.title
    for child in document.root.children:
        if child.kind == "toc":
            _write_toc(body, child)
    preface = [n for n in document.root.children if n.kind == "line" and not (number and number in n.text)]
    if preface:
        preamble = etree.SubElement(body, "Preamble")
        for at, node in enumerate(preface, 1):
            _sentences(etree.SubElement(preamble, "Paragraph", Num=str(at)), "Paragraph", "", node.text)
    main = etree.SubElement(body, "MainProvision")
    for child in document.root.children:
        if child.kind in (*HEADINGS, "article", "paragraph", "item"):
            _write(main, child)
    for child in document.root.children:
        if child.kind in ("supplement", "table", "form"):
            _write_annex(body, child)
    return bytes(etree.tostring(law, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _law_attributes(number: str) -> dict[str, str]:
    era = next((name for kanji, name in _ERAS.items() if number.startswith(kanji)), "Reiwa")
    found = numbers_in(number.replace("元年", "1年"))
    year, last = (found[0], found[-1]) if len(found) > 1 else (1, 0)
    return {"Era": era, "Year": f"{year:02d}", "Num": f"{last:03d}", "LawType": "Misc", "Lang": "ja"}


def _num(number: Number) -> str:
    return "_".join(str(part) for part in number) or "1"


def _write_toc(body: Any, toc: Node) -> None:
    element = etree.SubElement(body, "TOC")
    etree.SubElement(element, "TOCLabel").text = toc.text.strip()
    for line in toc.children:
        text = line.text.strip()
        if text.startswith("附"):
            etree.SubElement(
                etree.SubElement(element, "TOCSupplProvision"), "SupplProvisionLabel"
            ).text = text
            continue
        found = re.match(r"^(.*?)(（第.*）)?$", text)
        title, scope = (found[1], found[2]) if found else (text, None)
        chapter = etree.SubElement(element, "TOCChapter", Num=_num(numbers_in(title)[:1]))
        etree.SubElement(chapter, "ChapterTitle").text = title
        if scope:
            etree.SubElement(chapter, "ArticleRange").text = scope


def _write(parent: Any, node: Node) -> None:
    if node.kind in HEADINGS:
        tag = _TAGS[node.kind]
        element = etree.SubElement(parent, tag, Num=_num(node.number))
        etree.SubElement(element, f"{tag}Title").text = f"{node.label}　{node.text}"
    elif node.kind == "article":
        number = _num(node.number) + (f":{_num(node.through)}" if node.through else "")
        element = etree.SubElement(parent, "Article", Num=number)
        if node.caption:
            etree.SubElement(element, "ArticleCaption").text = node.caption
        etree.SubElement(element, "ArticleTitle").text = node.label
    elif node.kind == "paragraph":
        element = etree.SubElement(parent, "Paragraph", Num=_num(node.number))
        if node.caption:
            etree.SubElement(element, "ParagraphCaption").text = node.caption
        _sentences(element, "Paragraph", node.label, node.text)
    elif node.kind in _TAGS:
        element = etree.SubElement(parent, _TAGS[node.kind], Num=_num(node.number))
        _sentences(element, _TAGS[node.kind], node.label, node.text)
    else:
        _write_plain(parent, node)
        return
    for child in node.children:
        _write(element, child)


def _sentences(element: Any, tag: str, label: str, text: str) -> None:
    etree.SubElement(element, f"{tag}Num" if tag == "Paragraph" else f"{tag}Title").text = label
    etree.SubElement(etree.SubElement(element, f"{tag}Sentence"), "Sentence").text = text


def _write_plain(parent: Any, node: Node) -> None:
    if node.kind == "row":
        last = parent[-1] if len(parent) and parent[-1].tag == "TableStruct" else None
        grid = (
            last[0]
            if last is not None
            else etree.SubElement(etree.SubElement(parent, "TableStruct"), "Table")
        )
        row = etree.SubElement(grid, "TableRow")
        for cell in node.cells:
            etree.SubElement(etree.SubElement(row, "TableColumn"), "Sentence").text = cell
    else:
        inner = etree.SubElement(etree.SubElement(parent, "List"), "ListSentence")
        etree.SubElement(inner, "Sentence").text = node.text


def _write_annex(body: Any, node: Node) -> None:
    tag = {"supplement": "SupplProvision", "table": "AppdxTable", "form": "AppdxStyle"}[node.kind]
    element = etree.SubElement(body, tag)
    if node.kind == "supplement":
        etree.SubElement(element, "SupplProvisionLabel").text = node.label
        if node.text:
            element.set("AmendLawNum", node.text.strip("（）"))
    else:
        element.set("Num", _num(node.number))
        etree.SubElement(element, f"{tag}Title").text = node.label
        if node.text:
            etree.SubElement(element, "RelatedArticleNum").text = node.text
    for child in node.children:
        if node.kind != "supplement" and child.kind == "line":
            etree.SubElement(etree.SubElement(element, "Remarks"), "Sentence").text = child.text
        else:
            _write(element, child)


def from_law_xml(data: bytes, source: str = "") -> Document:
    """Read 法令標準XML, in the notation it prints. Raises RegulationError on anything else."""
    try:
        root = SafeTree.fromstring(data)
    except (SafeTree.ParseError, DefusedXmlException, ValueError) as error:
        raise RegulationError(f"{source}: XMLとして読めません: {error}") from error
    law = root if root.tag == "Law" else root.find(".//Law")
    if law is None:
        raise RegulationError(f"{source}: 法令標準XMLではありません（要素Lawがありません）。")
    lines = list(_law_lines(law))
    return parse_lines(lines, source)


def _law_lines(law: Any) -> Iterator[Line]:
    number = _text(law.find("LawNum"))
    body = law.find("LawBody")
    if body is None:
        return
    yield _text(body.find("LawTitle"))
    if number:
        yield f"（{number}）"
    for element in body:
        if element.tag != "LawTitle":
            yield from _element_lines(element)


def _element_lines(element: Any) -> Iterator[Line]:
    tag = element.tag
    if tag == "TOC":
        yield from _toc_lines(element)
    elif tag == "SupplProvision":
        amended = element.get("AmendLawNum")
        yield _text(element.find("SupplProvisionLabel")) + (f"（{amended}）" if amended else "")
        yield from _children(element, {"SupplProvisionLabel"})
    elif tag in ("AppdxTable", "AppdxStyle", "Appdx", "AppdxNote"):
        yield _text(element.find(f"{tag}Title")) + _text(element.find("RelatedArticleNum"))
        yield from _children(element, {f"{tag}Title", "RelatedArticleNum"})
    elif tag in ("Part", "Chapter", "Section", "Subsection", "Division"):
        yield _text(element.find(f"{tag}Title"))
        yield from _children(element, {f"{tag}Title"})
    elif tag == "Article":
        yield from _article_lines(element)
    elif tag == "Paragraph":
        yield from _paragraph_lines(element, "")
    elif tag == "Item" or tag.startswith("Subitem"):
        head, sentence = _text(element.find(f"{tag}Title")), _sentence(element.find(f"{tag}Sentence"))
        yield f"{head}　{sentence}" if head else sentence
        yield from _children(element, {f"{tag}Title", f"{tag}Sentence"})
    elif tag == "TableRow":
        yield tuple(
            _sentence(column) for column in element if column.tag in ("TableColumn", "TableHeaderColumn")
        )
    elif tag in ("ListSentence", "Sentence", "Sublist1Sentence", "RemarksLabel", "TableStructTitle"):
        yield _sentence(element)
    else:
        yield from _children(element, set())


def _children(element: Any, without: set[str]) -> Iterator[Line]:
    for child in element:
        if child.tag not in without:
            yield from _element_lines(child)


def _article_lines(element: Any) -> Iterator[Line]:
    caption = _text(element.find("ArticleCaption"))
    if caption:
        yield caption
    first = True
    for child in element:
        if child.tag == "Paragraph":
            yield from _paragraph_lines(child, _text(element.find("ArticleTitle")) if first else "")
            first = False
        elif child.tag not in ("ArticleCaption", "ArticleTitle"):
            yield from _element_lines(child)


def _paragraph_lines(element: Any, article: str) -> Iterator[Line]:
    caption, label = _text(element.find("ParagraphCaption")), _text(element.find("ParagraphNum"))
    sentence = _sentence(element.find("ParagraphSentence"))
    if caption:
        yield caption
    head = article or label
    yield f"{head}　{sentence}".rstrip("　") if head else sentence
    yield from _children(element, {"ParagraphCaption", "ParagraphNum", "ParagraphSentence"})


def _toc_lines(element: Any) -> Iterator[Line]:
    label = _text(element.find("TOCLabel"))
    if label:
        yield label
    for entry in element.iter():
        if entry.tag.startswith("TOC") and entry.tag not in ("TOC", "TOCLabel"):
            titles = [_text(c) for c in entry if c.tag.endswith("Title") or c.tag == "SupplProvisionLabel"]
            if titles:
                yield "　" + "".join(titles) + _text(entry.find("ArticleRange"))


def _sentence(element: Any) -> str:
    """Sentences joined; columns with a blank between, as they are printed."""
    if element is None:
        return ""
    columns = element.findall("Column")
    return "　".join(_text(c) for c in columns) if columns else _text(element)


def _text(element: Any) -> str:
    """All text of an element but the readings of ruby."""
    if element is None:
        return ""
    words = element.text or ""
    for child in element:
        if child.tag != "Rt":
            words += _text(child)
        words += child.tail or ""
    return re.sub(r"\s*\n\s*", "", words)
