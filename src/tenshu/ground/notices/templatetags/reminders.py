"""``{% load reminders %}{% reminder_list thing %}``: who was reminded when on which step, for the page of what is owed."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.db import models

from tenshu.ground.notices.queries import reminders_about

register = template.Library()
SHOWN = 5


@register.inclusion_tag("notices/reminder_rows.html")
def reminder_list(things: models.Model | Sequence[models.Model]) -> dict[str, Any]:
    """The last reminders of a record, or of several on one page; nothing without any.

    Whether the person may read the records the page has checked already.
    """
    several = not isinstance(things, models.Model)
    records: Sequence[models.Model] = things if not isinstance(things, models.Model) else [things]
    found = list(reminders_about(records)[: SHOWN + 1])
    return {"reminders": found[:SHOWN], "more": len(found) > SHOWN, "several": several}
