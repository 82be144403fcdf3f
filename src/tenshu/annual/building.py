"""Builds the report of a year from its outline, the figures and what the rooms tell."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from tenshu.annual.chapters import OUTLINE
from tenshu.annual.outline import Items, Section, Sentence, Statement, Told, Trend
from tenshu.engines.japanese import format_wareki
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.rooms import offered
from tenshu.mechanisms.figures.queries import compute_all, history
from tenshu.mechanisms.figures.registry import figure
from tenshu.mechanisms.figures.values import FigureValue
from tenshu.mechanisms.reporting.content import (
    Block,
    BulletList,
    Gap,
    Paragraph,
    PartContent,
    ReportChart,
    ReportDocument,
    SectionContent,
    Span,
)

NOT_RECORDED = "記録なし"
TREND_YEARS = 5
_FIGURE = re.compile(r"\{([a-z0-9_.]+)\}")

type Teller = Callable[[FiscalYear], list[Block]]


@dataclass(slots=True)
class ReportSource:
    """Everything a build reads: the figures of the year by key, the rooms' blocks by name, the free texts."""

    year: FiscalYear
    values: Mapping[str, FigureValue]
    tellers: Mapping[str, Teller]
    passages: Mapping[str, str]
    years: list[FiscalYear]


def build_report(
    year: FiscalYear, *, office: str, passages: Mapping[str, str], years: Iterable[FiscalYear], state: str
) -> ReportDocument:
    """The report of ``year`` from the records as they are now."""
    values = {value.key: value for value in compute_all(year)}
    tellers: dict[str, Teller] = {}
    for blocks in offered("report_blocks", "BLOCKS"):
        tellers.update(blocks)
    source = ReportSource(year, values, tellers, passages, sorted(years))
    now = timezone.localtime()
    return ReportDocument(
        year=year.short,
        title=f"{year.label} 事業報告",
        office=office,
        state=state,
        as_of=f"{format_wareki(now.date())} {now:%H:%M}",
        parts=[
            PartContent(part.number, part.title, [_section(section, source) for section in part.sections])
            for part in OUTLINE
        ],
        figures=[value.as_json() for value in values.values()],
    )


def section_figures(section: Section) -> list[str]:
    """The keys of all figures that a section states, in order, each once."""
    keys: list[str] = []
    for statement in section.states:
        match statement:
            case Sentence(text=text):
                keys += _FIGURE.findall(text)
            case Items(texts=texts):
                keys += [key for text in texts for key in _FIGURE.findall(text)]
            case Trend(figure=key):
                keys.append(key)
    return list(dict.fromkeys(keys))


def _section(section: Section, source: ReportSource) -> SectionContent:
    keys = section_figures(section)
    told = {item.name: _tell(item, source) for item in section.states if isinstance(item, Told)}
    expected = [item for item in section.states if isinstance(item, Told) and item.subject]
    has_record = any(not source.values[key].missing for key in keys) or any(
        told[item.name] for item in expected
    )
    blocks: list[Block] = []
    for statement in section.states:
        blocks += _blocks(statement, told, has_record, source)
    if not has_record:
        blocks = _all_missing(section, keys, source)
        blocks += [block for item in section.states if isinstance(item, Told) for block in told[item.name]]
    passage = source.passages.get(section.number, "").strip()
    blocks += [Paragraph([Span(line)]) for line in passage.splitlines() if line.strip()]
    return SectionContent(section.number, section.title, blocks, keys)


def _all_missing(section: Section, keys: list[str], source: ReportSource) -> list[Block]:
    """A section of which nothing is recorded states nothing: it says what is missing."""
    labels = [source.values[key].label for key in keys]
    labels += [item.subject for item in section.states if isinstance(item, Told) and item.subject]
    return [Gap(f"{label}：{NOT_RECORDED}") for label in dict.fromkeys(labels)]


def _tell(statement: Told, source: ReportSource) -> list[Block]:
    teller = source.tellers.get(statement.name)
    return teller(source.year) if teller else []


def _blocks(
    statement: Statement, told: Mapping[str, list[Block]], has_record: bool, source: ReportSource
) -> list[Block]:
    match statement:
        case Sentence(text=text, heading=heading):
            keys = _FIGURE.findall(text)
            if keys and all(source.values[key].missing for key in keys):
                return [Gap(f"{source.values[key].label}：{NOT_RECORDED}") for key in keys]
            return [Paragraph(_spans(text, source), heading)] if has_record else []
        case Items(texts=texts):
            return [BulletList([_spans(text, source) for text in texts])]
        case Told(name=name, subject=subject):
            return told[name] or ([Gap(f"{subject}：{NOT_RECORDED}")] if subject else [])
        case Trend(figure=key):
            return _trend(key, source)


def _spans(text: str, source: ReportSource) -> list[Span]:
    spans: list[Span] = []
    position = 0
    for match in _FIGURE.finditer(text):
        if match.start() > position:
            spans.append(Span(text[position : match.start()]))
        value = source.values[match[1]]
        if value.missing:
            spans.append(Span(f"{value.label}：{NOT_RECORDED}", match[1], gap=True))
        else:
            spans.append(Span(value.text, match[1]))
        position = match.end()
    if position < len(text):
        spans.append(Span(text[position:]))
    return spans


def _trend(key: str, source: ReportSource) -> list[Block]:
    """A chart over the years; a single year is no trend and gives none."""
    years = [year for year in source.years if year <= source.year][-TREND_YEARS:]
    past = history(figure(key), [year for year in years if year != source.year])
    found = [(year, value) for year, value in [*past, (source.year, source.values[key])] if not value.missing]
    if len(found) < 2:
        return []
    first, last = found[0][1], found[-1][1]
    return [
        ReportChart(
            caption=f"{last.label}の推移（{last.unit}）",
            unit=last.unit,
            labels=[year.short for year, _ in found],
            values=[float(value.value) for _, value in found if value.value is not None],
            summary=f"{found[0][0].short}の{first.text}から{found[-1][0].short}の{last.text}へ。",
        )
    ]
