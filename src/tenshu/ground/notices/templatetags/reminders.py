"""``{% load reminders %}{% reminder_list obj %}``: who was reminded of a record, for its own page."""

from typing import Any

from django import template
from django.db import models

from tenshu.ground.notices.queries import reminders_about

register = template.Library()
SHOWN = 5


@register.inclusion_tag("notices/reminder_rows.html")
def reminder_list(obj: models.Model) -> dict[str, Any]:
    """The last reminders of ``obj``, nothing without any; the page has checked already that the person may read it."""
    return {"reminders": reminders_about(obj)[:SHOWN]}
