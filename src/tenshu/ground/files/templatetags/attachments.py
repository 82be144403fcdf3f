"""``{% load attachments %}{% attachment_list obj %}``: what hangs on a record, as links that save it."""

from typing import Any

from django import template
from django.db import models

from tenshu.ground.files.models import Attachment
from tenshu.ground.files.queries import attachments_of

register = template.Library()


@register.inclusion_tag("files/attachment_list.html")
def attachment_list(obj: models.Model) -> dict[str, Any]:
    """The attachments of ``obj``; the page has checked already that the person may read ``obj``."""
    return {"attachments": attachments_of(obj)}


@register.simple_tag
def attached_to(obj: models.Model) -> models.QuerySet[Attachment]:
    """``{% attached_to obj as files %}``: the attachments themselves, for a page that shows nothing where there are none."""
    return attachments_of(obj)
