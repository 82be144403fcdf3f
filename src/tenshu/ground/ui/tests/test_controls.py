"""Controls that are written without a template say exactly what Django's templates say."""

import datetime

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenshu.ground.ui.controls import PLAIN
from tenshu.ground.ui.forms import HouseRenderer

VALUES = st.one_of(st.none(), st.just(""), st.text(max_size=20), st.integers(), st.booleans())
ATTRS = st.dictionaries(
    st.sampled_from(["id", "class", "data-x", "aria-describedby", "rows"]),
    st.one_of(st.text(max_size=10), st.booleans(), st.integers(), st.just(SafeString("<b>"))),
    max_size=4,
)
WIDGETS = [
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.HiddenInput, forms.DateInput,
    forms.CheckboxInput, forms.Textarea,
]  # fmt: skip
CHOICES = [("a", "実施 <b>"), ("b", SafeString("<i>一部</i>")), (3, "三")]


def both(widget, name, value, attrs):
    return [widget.render(name, value, attrs, renderer) for renderer in (HouseRenderer(), DjangoTemplates())]


@pytest.mark.parametrize("kind", WIDGETS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.text(min_size=1, max_size=8), value=VALUES, attrs=ATTRS)
def test_a_plain_control_is_djangos(kind, name, value, attrs):
    ours, djangos = both(kind(), name, value, attrs)
    assert ours == djangos
    assert isinstance(ours, SafeString)


@pytest.mark.parametrize("kind", [forms.RadioSelect, forms.CheckboxSelectMultiple])
@pytest.mark.parametrize("value", [None, "a", ["a", "3"], 3])
def test_choices_are_djangos_one_by_one_and_together(kind, value):
    class Sample(forms.Form):
        answer = forms.MultipleChoiceField(choices=CHOICES, widget=kind)

    ours, djangos = both(kind(choices=CHOICES), "q1-answer", value, {"id": "q"})
    assert ours == djangos
    tags = [
        [choice.tag() for choice in Sample(initial={"answer": value}, renderer=renderer)["answer"].subwidgets]
        for renderer in (HouseRenderer(), DjangoTemplates())
    ]
    assert tags[0] == tags[1]


def test_every_plain_control_stands_for_a_template_of_django():
    for name in PLAIN:
        assert DjangoTemplates().get_template(name)


def test_a_day_is_written_as_django_writes_it():
    ours, djangos = both(forms.DateInput(), "on", datetime.date(2024, 3, 1), {})
    assert ours == djangos
