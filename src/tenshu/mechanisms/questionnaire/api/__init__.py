"""Questionnaires over the API: themselves and their versions (``questionnaires``), the questions of one (``questions``)."""

from tenshu.mechanisms.questionnaire.api import questionnaires, questions
from tenshu.mechanisms.questionnaire.api.shapes import ROUTES

__all__ = ["ROUTES", "questionnaires", "questions"]
