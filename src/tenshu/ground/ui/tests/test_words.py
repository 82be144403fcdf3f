"""Icons, status words, dates, numbers: what the tags write."""

import datetime

import pytest
from django.template import Context, Template
from django.utils import timezone

from tenshu.ground.quantities import HeadCount, Quality
from tenshu.ground.ui.amounts import number_text, qualified_text, thousand_yen
from tenshu.ground.ui.chips import CHIPS, GROUPS, UnknownWordWarning, due_word
from tenshu.ground.ui.icons import DRAWINGS
from tenshu.ground.ui.navigation import Wing

DAY = datetime.date(2024, 2, 14)


def show(source, **context):
    return Template(source).render(Context(context))


def test_a_chip_says_its_word_beside_a_silent_icon():
    html = show('{% chip "入力中" %}')
    assert 'data-tone="info"' in html
    assert 'aria-hidden="true"' in html
    assert "<span>入力中</span>" in html


def test_a_chip_may_carry_a_noun_a_number_or_a_date():
    assert "時点修正 入力中" in show('{% chip "入力中" before="時点修正" %}')
    assert "遅延 1件" in show('{% chip "遅延" count=1 %}')
    html = show('{% chip "期限間近" text="2月15日（木）" %}')
    assert "期限間近：" in html
    assert "2月15日（木）" in html


def test_a_word_that_is_not_on_the_list_fails_in_tests():
    with pytest.raises(UnknownWordWarning):
        show('{% chip "だいたい終わり" %}')


def test_every_word_stands_once_and_has_an_icon():
    words = [chip.word for chips in GROUPS.values() for chip in chips]
    assert len(words) == len(set(words))
    assert all(chip.icon in DRAWINGS for chip in CHIPS.values())
    assert all(wing.icon in DRAWINGS for wing in Wing)


@pytest.mark.parametrize(
    ("days", "word"), [(-1, "期限超過"), (0, "今日まで"), (1, "期限間近"), (3, "期限間近"), (4, "期限内")]
)
def test_a_due_date_is_told_by_the_open_days_that_are_left(days, word):
    assert due_word(days) == word


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("long", "令和6年2月14日（水）"),
        ("no_year", "2月14日（水）"),
        ("plain", "令和6年2月14日"),
        ("month", "令和6年2月"),
        ("short", "R6.2.14"),
    ],
)
def test_a_day_reads_in_wareki_and_tells_the_western_year_on_hover(shape, text):
    html = show("{{ day|wareki:shape }}", day=DAY, shape=shape)
    assert html == f'<time datetime="2024-02-14" title="2024年2月14日">{text}</time>'


def test_a_moment_is_told_in_the_offices_time():
    at = datetime.datetime(2024, 2, 14, 0, 5, tzinfo=datetime.UTC)
    html = show('{{ at|moment:"no_year" }}', at=at)
    assert "2月14日（水）" in html
    assert "9:05" in html
    assert timezone.localtime(at).hour == 9


def test_no_date_is_said_in_words():
    assert "なし" in show("{{ day|wareki }}", day=None)


def test_money_is_kept_in_yen_and_shown_in_thousands():
    assert show("{{ yen|senyen }}", yen=1_240_500) == "1,241"
    assert show("{{ yen|hyakuman }}", yen=12_480_000) == "12.5"
    assert thousand_yen(-1_500) == -2


def test_a_minus_is_a_triangle_and_a_difference_has_its_sign():
    assert number_text(-1234) == "▲1,234"
    assert show("{{ n|signed }}", n=3) == "＋3"
    assert show("{{ n|signed }}", n=0) == "±0"


def test_the_quality_of_a_number_stands_round_it():
    assert qualified_text("230", Quality.APPROXIMATE, "名") == "約230名"
    html = show("{% amount heads %}", heads=HeadCount(163, Quality.AT_LEAST))
    assert html == '<span class="amount">163<small>名</small><small>以上</small></span>'


def test_a_figure_in_a_sentence_opens_its_rows():
    html = show('{% figure_link 6677 "/figures/x/" "名" "approx" %}')
    assert 'href="/figures/x/"' in html
    assert "約6,677名" in html


def test_what_people_typed_is_escaped():
    assert "<script>" not in show('{% chip "入力中" before=bad %}', bad="<script>")
    assert "<script>" not in show("{% section_head bad bad %}", bad="<script>")
    assert "<script>" not in show('{% banner "info" title=bad %}{{ bad }}{% endbanner %}', bad="<script>")
