"""Forms in the house's shape: label above, hint, error with the cure, field; what was typed stays.

``Form`` and ``ModelForm`` render by ``{{ form }}`` or field by field with ``{% field form.name %}``.
"""

import functools
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.forms.models import ModelFormMetaclass
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.template import TemplateDoesNotExist, engines

from tenshu.ground.ui.controls import PLAIN
from tenshu.ground.ui.fields import DateField, HeadCountField, NumberField, YenField

__all__ = [
    "ConfirmForm",
    "DateField",
    "Form",
    "HeadCountField",
    "HouseRenderer",
    "ModelForm",
    "NumberField",
    "YenField",
]


class HouseRenderer(BaseRenderer):
    """Looks in the product's templates first (``ui/forms/``), then in Django's own."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The HTML of a form, a field or a control; plain controls without a template (``controls``)."""
        plain = PLAIN.get(template_name)
        if plain is not None:
            return plain(context["widget"])
        return super().render(template_name, context, request)

    def get_template(self, template_name: str) -> Any:
        """The template of that name: the product's, else Django's."""
        if not template_name.startswith("django/"):
            try:
                return engines["django"].get_template(template_name)
            except TemplateDoesNotExist:
                pass
        return _django_templates().get_template(template_name)


@functools.cache
def _django_templates() -> DjangoTemplates:
    return DjangoTemplates()


class _House(forms.BaseForm):
    """What both kinds of form share."""

    default_renderer = HouseRenderer
    use_required_attribute = False
    #: Headings over fields: ``(("費用", ("budget", "settlement")), …)``; the rest follows without one.
    groups: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            word = "選んで" if isinstance(field, forms.ChoiceField) else "入れて"
            label = field.label or name
            if isinstance(field, forms.BooleanField):
                field.error_messages["required"] = f"「{label}」を確かめて印を付けてください。"
            elif isinstance(field, forms.FileField):
                field.error_messages["required"] = f"{label}を選んでください。"
            else:
                field.error_messages["required"] = f"{label}を{word}ください。"

    @property
    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The visible fields under their headings."""
        named = {name for _, names in self.groups for name in names}
        rest = [bound for bound in self.visible_fields() if bound.name not in named]
        found = [
            (title, [self[name] for name in names if name in self.fields]) for title, names in self.groups
        ]
        return [*found, ("", rest)] if rest else found


class Form(_House, forms.Form):
    """Base of every form."""


def house_formfield(db_field: models.Field[Any, Any], **kwargs: Any) -> forms.Field | None:
    """The house's form field for a model's field: dates read 和暦, whole numbers read full-width digits."""
    if not db_field.choices:
        if isinstance(db_field, models.DateField) and not isinstance(db_field, models.DateTimeField):
            return db_field.formfield(form_class=DateField, **kwargs)
        if isinstance(db_field, models.IntegerField):
            low = (
                0
                if isinstance(db_field, models.PositiveIntegerField | models.PositiveSmallIntegerField)
                else None
            )
            return db_field.formfield(form_class=NumberField, min_value=low, **kwargs)
    return db_field.formfield(**kwargs)


class _HouseMetaclass(ModelFormMetaclass):
    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        meta = attrs.get("Meta")
        if meta is not None and not hasattr(meta, "formfield_callback"):
            meta.formfield_callback = staticmethod(house_formfield)
        return super().__new__(mcs, name, bases, attrs)


class ModelForm[M: models.Model](_House, forms.ModelForm[M], metaclass=_HouseMetaclass):
    """Base of forms over a model. Only actions save: hand ``cleaned_data`` to one, do not call ``save()``."""


class ConfirmForm(Form):
    """Asked before what cannot be undone; with ``ask_reason`` the reason has to be written."""

    reason = forms.CharField(
        label="理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="監査記録に残ります",
    )

    def __init__(self, *args: Any, ask_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not ask_reason:
            del self.fields["reason"]
