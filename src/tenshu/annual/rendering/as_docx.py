"""The report as a Word document."""

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tenshu.annual.rendering.charts import chart_png
from tenshu.mechanisms.reporting.content import (
    Block,
    BulletList,
    Gap,
    Paragraph,
    ReportChart,
    ReportDocument,
    ReportTable,
    SectionContent,
    Span,
)

FONT = "Noto Sans CJK JP"
GAP_INK = RGBColor(0xA9, 0x00, 0x00)


def render_docx(document: ReportDocument) -> bytes:
    """A4 Word document with real headings, lists, tables with a repeated header, and pictures with a text."""
    word = Document()
    _lay_out(word, document)
    title = word.add_heading(document.title, level=0)
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    subtitle = word.add_paragraph(f"{document.office}　{document.state}　{document.as_of} の記録から作成")
    subtitle.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in document.parts:
        word.add_heading(f"{part.number}　{part.title}", level=1)
        for section in part.sections:
            _section(word, section)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def _lay_out(word: Any, document: ReportDocument) -> None:
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(25)
    page.top_margin = page.bottom_margin = Mm(25)
    word.core_properties.title = document.title
    word.core_properties.author = document.office
    word.core_properties.language = "ja-JP"
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet", "Caption"):
        style = word.styles[name]
        style.font.name = FONT
        style.font.color.rgb = RGBColor(0x1A, 0x1A, 0x1A)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    word.styles["Normal"].font.size = Pt(10.5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ja-JP")
    language.set(qn("w:eastAsia"), "ja-JP")
    word.styles["Normal"].element.get_or_add_rPr().append(language)


def _section(word: Any, section: SectionContent) -> None:
    word.add_heading(f"{section.number[1:]}　{section.title}", level=2)
    for block in section.blocks:
        _block(word, block)


def _block(word: Any, block: Block) -> None:
    match block:
        case Paragraph(spans=spans, heading=heading):
            paragraph = word.add_paragraph()
            if heading:
                paragraph.add_run(f"{heading}　").bold = True
            _spans(paragraph, spans)
        case BulletList(items=items):
            for item in items:
                _spans(word.add_paragraph(style="List Bullet"), item)
        case ReportTable():
            _table(word, block)
        case ReportChart():
            _chart(word, block)
        case Gap(text=text):
            _spans(word.add_paragraph(), [Span(text, gap=True)])


def _spans(paragraph: Any, spans: list[Span]) -> None:
    for span in spans:
        run = paragraph.add_run(f"〔{span.text}〕" if span.gap else span.text)
        run.bold = bool(span.figure) and not span.gap
        if span.gap:
            run.font.color.rgb = GAP_INK


def _table(word: Any, block: ReportTable) -> None:
    word.add_paragraph(block.caption, style="Caption")
    table = word.add_table(rows=1, cols=len(block.headers), style="Table Grid")
    for cell, header in zip(table.rows[0].cells, block.headers, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(header).bold = True
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in block.rows:
        cells = table.add_row().cells
        for index, text in enumerate(row):
            cells[index].text = text
            if index in block.numeric:
                cells[index].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
    word.add_paragraph()


def _chart(word: Any, block: ReportChart) -> None:
    word.add_picture(io.BytesIO(chart_png(block)), width=Mm(130))
    picture = word.inline_shapes[-1]._inline.docPr
    picture.set("descr", f"{block.caption}。{block.summary}")
    word.add_paragraph(block.caption, style="Caption")
