"""The score by which needs are looked at first: hours × repeatability × fit, each factor told beside it.

    score = hours a year × repeatability (0…1) × fit of the tool class (0…1)

Repeatability is the product of how often the task is done and how far its steps are fixed. Fit is how well a class of
tools suits the form of the information and the steps, lowered where the information may not go there. The tables below
are judgements of the office, not measurements; they are shown with every score so that they can be argued about.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tenshu.dx.ict_needs.models import Frequency, Medium, Need, Procedure, Sensitivity, ToolClass

OFTEN: Mapping[str, float] = {
    Frequency.DAILY: 1.0,
    Frequency.WEEKLY: 0.9,
    Frequency.MONTHLY: 0.7,
    Frequency.QUARTERLY: 0.4,
    Frequency.YEARLY: 0.2,
    Frequency.IRREGULAR: 0.3,
}
STEPS: Mapping[str, float] = {Procedure.FIXED: 1.0, Procedure.MOSTLY: 0.7, Procedure.JUDGED: 0.3}
UNKNOWN = 0.5
"""Where the sheet does not say."""

FIT: Mapping[str, Mapping[str, float]] = {
    ToolClass.RPA: {Medium.SYSTEM: 1.0, Medium.EXCEL: 0.8, Medium.MAIL: 0.5, Medium.DOCUMENT: 0.3},
    ToolClass.FORM: {Medium.PAPER: 0.8, Medium.MAIL: 0.9, Medium.PHONE: 0.7, Medium.EXCEL: 0.5},
    ToolClass.WORKFLOW: {Medium.PAPER: 0.6, Medium.MAIL: 0.7, Medium.DOCUMENT: 0.6, Medium.EXCEL: 0.4},
    ToolClass.AI_OCR: {Medium.PAPER: 1.0, Medium.DOCUMENT: 0.4},
    ToolClass.GENERATIVE_AI: {Medium.DOCUMENT: 0.9, Medium.MAIL: 0.7, Medium.PHONE: 0.3, Medium.EXCEL: 0.3},
    ToolClass.BI: {Medium.EXCEL: 0.9, Medium.SYSTEM: 0.6},
    ToolClass.PACKAGED: {Medium.SYSTEM: 0.5, Medium.EXCEL: 0.5, Medium.PAPER: 0.4, Medium.PHONE: 0.4},
    ToolClass.NONE: {},
}
NEEDS_FIXED_STEPS = frozenset({ToolClass.RPA, ToolClass.FORM, ToolClass.WORKFLOW})
"""Tools that only repeat: the less fixed the steps, the worse they fit."""
BARRED: Mapping[str, frozenset[str]] = {
    ToolClass.GENERATIVE_AI: frozenset({Sensitivity.PERSONAL, Sensitivity.MY_NUMBER}),
    ToolClass.AI_OCR: frozenset({Sensitivity.MY_NUMBER}),
    ToolClass.FORM: frozenset({Sensitivity.MY_NUMBER}),
}
"""Where information of a kind may not go without a ruling of its own."""
BASE = 0.2
"""Fit of a tool class to a form of information that its row does not name."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A need looked at for one tool class. ``score`` is in hours a year; ``None`` while no hours are known."""

    tool: ToolClass
    hours: int | None
    often: float
    steps: float
    fit: float
    barred: bool

    @property
    def repeatability(self) -> float:
        """From 0 to 1."""
        return self.often * self.steps

    @property
    def score(self) -> float | None:
        """Hours × repeatability × fit."""
        return None if self.hours is None else self.hours * self.repeatability * self.fit

    @property
    def formula(self) -> str:
        """The score written out: 120時間 × 繰返し 0.70 × 適合 0.80 ＝ 67."""
        if self.score is None:
            return "年間時間が分からないため、点数を出せません。"
        return (
            f"{self.hours:,}時間 × 繰返し {self.repeatability:.2f} × 適合 {self.fit:.2f} ＝ {self.score:,.0f}"
        )


def assess(need: Need, tool: ToolClass) -> Assessment:
    """The need looked at for ``tool``."""
    steps = STEPS.get(need.procedure, UNKNOWN)
    barred = need.sensitivity in BARRED.get(tool, frozenset())
    fit = FIT[tool].get(need.medium, BASE)
    if tool in NEEDS_FIXED_STEPS:
        fit *= steps
    return Assessment(
        tool, need.hours, OFTEN.get(need.frequency, UNKNOWN), steps, 0.0 if barred else fit, barred
    )


def ranking(need: Need) -> list[Assessment]:
    """All tool classes, the best fitting first; equal ones in their usual order."""
    order = {tool: place for place, tool in enumerate(ToolClass)}
    found = [assess(need, tool) for tool in ToolClass if tool != ToolClass.NONE]
    return sorted(found, key=lambda item: (-item.fit, order[item.tool]))


def assessment_of(need: Need) -> Assessment:
    """For the tool class that was decided, else for the best fitting one."""
    return assess(need, ToolClass(need.tool_class)) if need.tool_class else ranking(need)[0]
