"""The values of a record's before and after as a page shows them: words of choices, names, days in 和暦."""

import datetime

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db import models

from tenshu.ground.ui.columns import plain_html


def shown_value(label_lower: str, name: str, value: object) -> object:
    """``value`` of the field in words a reader knows; as it stands where the field is no longer known."""
    field = _field(label_lower, name)
    if value is None or value == "":
        return "なし"
    if field is None:
        return plain_html(value) if isinstance(value, bool) else value
    if isinstance(field, models.ForeignKey):
        return _name_of(field, value)
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    if isinstance(field, models.DateField) and isinstance(value, str):
        return _moment(field, value)
    return plain_html(value)


def _field(label_lower: str, name: str) -> "models.Field[object, object] | None":
    try:
        field = apps.get_model(label_lower)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return field if isinstance(field, models.Field) else None


def _name_of(field: "models.ForeignKey[object, object]", key: object) -> object:
    target = field.related_model
    if isinstance(target, str):
        return key
    try:
        return str(target._default_manager.get(pk=key))
    except (ObjectDoesNotExist, ValidationError, ValueError, TypeError):
        return f"{key}（いまはありません）"


def _moment(field: "models.Field[object, object]", text: str) -> object:
    reader = datetime.datetime if isinstance(field, models.DateTimeField) else datetime.date
    try:
        return plain_html(reader.fromisoformat(text))
    except ValueError:
        return text
