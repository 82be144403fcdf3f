"""Learnt sets, judgements and findings."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.page_scan import (
    Kind,
    LearnedState,
    Level,
    PageCopy,
    StateError,
    View,
    compare,
    learn,
    read_page,
)
from tenshu.engines.page_scan.learned import KEEP_DAYS

pytestmark = pytest.mark.engine

DAY = date(2026, 9, 1)
URL = "https://www.city.minase.example/index.html"
PAGE = (
    '<html><head><title>水瀬市</title><link rel="stylesheet" href="/c.css">'
    '<script src="/js/site.js"></script>'
    '<script src="https://cdn.mihon-cdn.example/npm/lib@3.6.0/lib.js"></script></head><body>'
    '<nav><a href="/a/">くらし</a><a href="/b/">防災</a><a href="/c/">市政</a>'
    '<a href="https://www.kanko.example/">観光</a></nav>'
    "<p>市民の皆さまへのお知らせです。ごみの収集日が変わりますのでご確認ください。ご不明な点は市役所へ。</p>"
    "<!--x--></body></html>"
)


def copy(body=PAGE, **more):
    return PageCopy(URL, body.encode(), **more)


def learnt(*copies):
    state = LearnedState()
    learn(state, copies or [copy(), copy(), copy()], on=DAY)
    return state


def findings(state, after, on=DAY):
    return {finding.kind: finding for finding in compare(state, after, before=copy(), on=on).findings}


def with_part(part):
    return copy(PAGE.replace("<!--x-->", part))


SNIPPETS = st.sampled_from(
    [
        '<script src="https://e.example/x.js"></script>',
        '<iframe src="https://e.example/"></iframe>',
        "<p>新しいお知らせ</p>",
        '<form action="https://e.example/"></form>',
        "<script>eval(atob('YWxlcnQoMSk7'))</script>",
        "<p>Hacked by nobody</p>",
        '<div style="left:-9999px"><a href="https://s.example/">s</a></div>',
        '<a href="https://f.example/a.exe">x</a>',
    ]
)


@settings(deadline=None)
@given(st.lists(SNIPPETS, max_size=5))
def test_what_was_learnt_never_alarms(parts):
    page = with_part("".join(parts))
    state = learnt(page, page)
    assert not compare(state, page, before=page, on=DAY).alarms


@settings(deadline=None)
@given(st.lists(SNIPPETS, max_size=4), SNIPPETS)
def test_more_learning_never_adds_an_alarm(parts, last):
    page = with_part("".join([*parts, last]))
    little = len(compare(learnt(), page, before=copy(), on=DAY).alarms)
    more = len(compare(learnt(copy(), with_part("".join(parts))), page, before=copy(), on=DAY).alarms)
    assert more <= little


@settings(deadline=None)
@given(st.lists(SNIPPETS, max_size=5))
def test_a_saved_state_gives_the_same_findings(tmp_path_factory, parts):
    path = tmp_path_factory.mktemp("state") / "s.json"
    state = learnt()
    state.save(path)
    page = with_part("".join(parts))
    again = compare(LearnedState.load(path), page, before=copy(), on=DAY)
    assert again == compare(state, page, before=copy(), on=DAY)


def test_equal_bytes_are_unchanged_and_without_findings():
    result = compare(learnt(), copy(), before=copy(), on=DAY)
    assert result.unchanged
    assert result.findings == ()


def test_a_fact_expires_when_it_was_not_seen_for_long():
    state = learnt()
    later = DAY + timedelta(days=KEEP_DAYS + 1)
    assert Kind.EXTERNAL_SCRIPT in findings(state, copy(), later)


def test_a_refreshed_fact_does_not_expire():
    state = learnt()
    state.site("city.minase.example").refresh(read_page(copy()), DAY + timedelta(days=300))
    assert Kind.EXTERNAL_SCRIPT not in findings(state, copy(), DAY + timedelta(days=KEEP_DAYS + 1))


def test_an_approval_ends_with_its_date():
    state = learnt()
    page = with_part('<script src="https://chat.example/x.js"></script>')
    key = findings(state, page)[Kind.EXTERNAL_SCRIPT].keys[0]
    site = state.site("city.minase.example")
    site.decide(key, "approved", DAY, by="青木 恵", reason="導入の届出", until=DAY + timedelta(days=30))
    assert Kind.EXTERNAL_SCRIPT not in findings(state, page, DAY + timedelta(days=30))
    assert findings(state, page, DAY + timedelta(days=31))[Kind.EXTERNAL_SCRIPT].level is Level.WARNING


def test_a_rejected_fact_alarms_although_it_was_learnt():
    page = with_part('<script src="https://chat.example/x.js"></script>')
    state = learnt(page)
    site = state.site("city.minase.example")
    site.decide("script.external|chat.example/x.js", "rejected", DAY, by="青木 恵", reason="契約終了")
    assert findings(state, page)[Kind.EXTERNAL_SCRIPT].level is Level.CRITICAL


def test_a_decision_needs_a_person_and_a_reason():
    with pytest.raises(StateError, match="reason"):
        learnt().site("city.minase.example").decide(
            "frame|e.example", "approved", DAY, by="青木 恵", reason=" "
        )


def test_what_the_earlier_copy_already_showed_is_marked_as_standing():
    page = with_part('<script src="https://e.example/x.js"></script>')
    result = compare(learnt(), page, before=page, on=DAY)
    assert all(finding.standing for finding in result.alarms)


def test_evidence_names_the_line_of_the_page():
    page = copy(PAGE.replace("<!--x-->", '\n\n<script src="https://e.example/evil.js"></script>'))
    finding = findings(learnt(), page)[Kind.EXTERNAL_SCRIPT]
    assert finding.evidence[0][0] == 3


@pytest.mark.parametrize(
    ("part", "kind", "level"),
    [
        ('<script src="https://e.example/x.js"></script>', Kind.EXTERNAL_SCRIPT, Level.WARNING),
        ('<script src="https://203.0.113.9/x.js"></script>', Kind.EXTERNAL_SCRIPT, Level.CRITICAL),
        ('<script src="https://cdn.mihom-cdn.example/x.js"></script>', Kind.EXTERNAL_SCRIPT, Level.CRITICAL),
        (
            '<script src="https://cdn.mihon-cdn.example/npm/lib@3.7.1/more.js"></script>',
            Kind.EXTERNAL_SCRIPT,
            Level.NOTICE,
        ),
        (
            '<script src="https://cdn.mihon-cdn.example/gh/x/more.js"></script>',
            Kind.EXTERNAL_SCRIPT,
            Level.WARNING,
        ),
        ('<script src="/js/new.js"></script>', Kind.EXTERNAL_SCRIPT, Level.NOTICE),
        ('<script src="/uploads/new.js"></script>', Kind.EXTERNAL_SCRIPT, Level.WARNING),
        ('<iframe src="https://e.example/" height="0"></iframe>', Kind.FRAME, Level.CRITICAL),
        ('<form action="https://e.example/"></form>', Kind.FORM_ACTION, Level.CRITICAL),
        ('<form action="/new"></form>', Kind.FORM_ACTION, Level.NOTICE),
        ('<a href="search-ms:query=x">x</a>', Kind.DOWNLOAD, Level.CRITICAL),
        ('<a href="https://e.example/a.zip">x</a>', Kind.DOWNLOAD, Level.WARNING),
        ('<a href="https://e.example/">ご案内</a>', Kind.LINK_HOST, Level.INFO),
    ],
)
def test_each_kind_of_fact_has_its_level(part, kind, level):
    assert findings(learnt(), with_part(part))[kind].level is level


def test_the_same_words_leading_elsewhere_are_reported():
    page = copy(PAGE.replace('href="/b/"', 'href="https://bosai-net.example/"'))
    assert findings(learnt(), page)[Kind.LINK_HOST].level is Level.WARNING


def test_trust_in_one_host_of_a_shared_owner_does_not_extend_to_the_others():
    state = learnt(with_part('<iframe src="https://maps.google.com/m"></iframe>'))
    part = '<iframe src="https://maps.google.com/m"></iframe><script>fetch("https://script.google.com/s")</script>'
    assert findings(state, with_part(part))[Kind.SCRIPT_HOST].level is Level.WARNING


def test_a_replaced_page_is_found_by_its_lost_skeleton():
    assert Kind.TEMPLATE_LOST in findings(learnt(), copy("<html><body><p>x</p></body></html>"))


def test_a_lost_policy_is_found():
    headers = {"content-security-policy": "default-src 'self'"}
    assert Kind.CSP_LOST in findings(learnt(copy(headers=headers)), copy())


def test_a_changed_account_in_the_same_snippet_is_found():
    state = learnt(with_part("<script>start('MTM-4K2Q9P')</script>"))
    found = findings(state, with_part("<script>start('MTM-9XZ71R')</script>"))
    assert found[Kind.SCRIPT_ACCOUNT].level is Level.WARNING


def test_values_that_changed_all_the_time_while_learning_are_no_news():
    pages = [with_part(f"<script>start('MTM-4K2Q{number}P')</script>") for number in range(4)]
    found = findings(learnt(*pages), with_part("<script>start('MTM-9XZ71R')</script>"))
    assert not found[Kind.SCRIPT_ACCOUNT].level.is_alarm


def test_what_only_other_visitors_get_is_cloaking():
    evil = PAGE.replace("<!--x-->", '<script src="https://e.example/x.js"></script>').encode()
    result = compare(learnt(), copy(views=(View("検索", evil),)), before=copy(), on=DAY)
    assert [finding.kind for finding in result.alarms] == [Kind.CLOAKING]


def test_links_only_for_a_robot_are_cloaking():
    links = "".join(f'<a href="https://s{letter}.example/">x</a>' for letter in "abc")
    view = View("ロボット", PAGE.replace("<!--x-->", links).encode())
    assert Kind.CLOAKING in findings(learnt(), copy(views=(view,)))


def test_an_addition_to_a_learnt_script_file_is_found():
    name = "https://www.city.minase.example/js/site.js"
    state = learnt(copy(scripts={name: b"menu.toggle();"}))
    added = (
        b"menu.toggle();document.querySelectorAll('input').forEach(i=>{d+=i.value});fetch('/css/x.php?'+d)"
    )
    found = findings(state, copy(scripts={name: added}))
    assert found[Kind.SCRIPT_BODY].level.is_alarm
    harmless = findings(state, copy(scripts={name: b"menu.toggle();search.focus();"}))
    assert not harmless[Kind.SCRIPT_BODY].level.is_alarm
