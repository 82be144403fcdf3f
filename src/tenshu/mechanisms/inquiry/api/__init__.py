"""Inquiries over the API: campaigns, sheets, answers and rows, the steps of a sheet, what was compiled, hearings."""

from tenshu.mechanisms.inquiry.api import (
    answers,
    campaigns,
    compiled,
    differences,
    files,
    hearings,
    rows,
    sheets,
    steps,
    substitutes,
)
from tenshu.mechanisms.inquiry.api.shapes import ROUTES

__all__ = [
    "ROUTES",
    "answers",
    "campaigns",
    "compiled",
    "differences",
    "files",
    "hearings",
    "rows",
    "sheets",
    "steps",
    "substitutes",
]
