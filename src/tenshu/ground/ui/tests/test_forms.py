"""Forms: what offices type is read, what is wrong is told with its cure, what was typed stays."""

import datetime

import pytest
from django import forms
from django.template import Context, Template

from tenshu.ground.office.models import Unit
from tenshu.ground.quantities import HeadCount, Quality
from tenshu.ground.ui.forms import (
    ConfirmForm,
    DateField,
    Form,
    HeadCountField,
    ModelForm,
    NumberField,
    YenField,
)


class MeetingForm(Form):
    title = forms.CharField(label="件名")
    held_on = DateField(label="開催日", earliest=datetime.date(2023, 4, 1))
    cost = YenField(label="費用", required=False)
    users = NumberField(label="利用者数", min_value=0, unit="名", required=False)
    heads = HeadCountField(label="参加者数", required=False)
    way = forms.ChoiceField(label="開き方", choices=[("a", "会場"), ("b", "画面")], widget=forms.RadioSelect)


def filled(**changes):
    return MeetingForm({"title": "第1回", "held_on": "R5.6.30", "way": "a", **changes})


def show(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    "typed", ["令和5年6月30日", "R5.6.30", "2023/6/30", "２０２３年６月３０日", "R5-6-30"]
)
def test_a_date_is_read_in_any_notation(typed):
    form = filled(held_on=typed)
    assert form.is_valid()
    assert form.cleaned_data["held_on"] == datetime.date(2023, 6, 30)


def test_the_page_says_what_date_it_read():
    assert "令和5年6月30日（金）（2023年）と読みました" in show("{% field form.held_on %}", form=filled())
    assert "と読みました" not in show("{% field form.held_on %}", form=filled(held_on="令和5年6月30日"))


def test_an_impossible_date_is_named_and_kept():
    form = filled(held_on="令和5年2月30日")
    html = show("{% field form.held_on %}", form=form)
    assert not form.is_valid()
    assert 'value="令和5年2月30日"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_held_on_hint id_held_on_error"' in html
    assert 'id="id_held_on_error"' in html


def test_a_date_outside_its_bounds_is_told_the_bound():
    form = filled(held_on="R5.3.31")
    assert form.errors["held_on"] == ["令和5年4月1日以後の日にしてください。"]


def test_money_is_typed_in_thousands_and_kept_in_yen():
    form = filled(cost="１２，４８０")
    assert form.is_valid()
    assert form.cleaned_data["cost"] == 12_480_000
    assert "▲" not in str(form["cost"])


def test_yen_that_are_no_full_thousands_come_back_unchanged():
    shown = YenField().prepare_value(12_480_500)
    assert shown == "12,480.5"
    assert YenField().clean(shown) == 12_480_500


@pytest.mark.parametrize(("typed", "value"), [("▲3", -3), ("△１，２００", -1200), ("1,240", 1240)])
def test_numbers_may_be_full_width_with_commas_and_triangles(typed, value):
    assert NumberField().clean(typed) == value


@pytest.mark.parametrize("typed", ["12千円", "abc", "1.5", "1" * 30])
def test_what_is_no_number_is_refused_with_a_reason(typed):
    with pytest.raises(forms.ValidationError):
        NumberField().clean(typed)


def test_a_number_below_its_bound_is_told_the_bound():
    assert filled(users="▲1").errors["users"] == ["0名以上にしてください。"]


def test_a_head_count_keeps_how_sure_it_is():
    form = filled(heads_count="230", heads_quality="approx")
    assert form.is_valid()
    assert form.cleaned_data["heads"] == HeadCount(230, Quality.APPROXIMATE)


def test_a_missing_answer_is_asked_for_by_its_name():
    form = MeetingForm({})
    assert form.errors["title"] == ["件名を入れてください。"]
    assert form.errors["way"] == ["開き方を選んでください。"]


def test_the_summary_counts_and_leads_to_each_field():
    html = show("{% error_summary form %}", form=MeetingForm({"title": "x"}))
    assert "直すところが2つあります" in html
    assert 'href="#id_held_on"' in html
    assert 'href="#id_way_0"' in html
    assert 'role="alert"' in html


def test_the_summary_does_not_say_a_name_twice():
    html = show("{% error_summary form %}", form=MeetingForm({}))
    assert ">件名を入れてください。</a>" in html
    assert ">開催日を入れてください。</a>" in html


def test_no_summary_without_errors():
    assert show("{% error_summary form %}", form=filled()).strip() == ""


def test_required_is_said_in_words_and_not_left_to_the_browser():
    html = show("{{ form }}", form=MeetingForm())
    assert html.count("必ず入れる") == 2
    assert "必ず選ぶ" in html
    assert " required" not in html


def test_a_group_of_choices_is_a_fieldset_with_a_legend():
    html = show("{% field form.way %}", form=MeetingForm())
    assert "<fieldset" in html
    assert "<legend" in html


def test_a_form_over_a_model_reads_wareki_too():
    class UnitForm(ModelForm[Unit]):
        class Meta:
            model = Unit
            fields = ["name", "valid_from", "sort_order", "kind"]

    form = UnitForm()
    assert isinstance(form.fields["valid_from"], DateField)
    assert isinstance(form.fields["sort_order"], NumberField)
    assert not isinstance(form.fields["kind"], NumberField)


def test_a_confirmation_asks_for_a_reason_only_when_told_to():
    assert "reason" not in ConfirmForm().fields
    assert ConfirmForm({}, ask_reason=True).errors["reason"] == ["理由を入れてください。"]
