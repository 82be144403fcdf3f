"""Reading pages into facts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.page_scan import Kind, PageCopy, View, read_page

pytestmark = pytest.mark.engine

URL = "https://www.city.minase.example/a/index.html"


def facts(markup, **more):
    copy = PageCopy(URL, markup.encode(), **more)
    return {(fact.kind, fact.key) for fact in read_page(copy).facts}


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_can_be_read_as_a_page(body):
    assert read_page(PageCopy(URL, body)).digest


@settings(deadline=None)
@given(st.text(alphabet="0123456789abcdef", min_size=8, max_size=32), st.integers(0, 10**9))
def test_nonces_counters_and_cache_busters_leave_the_facts_alone(token, number):
    page = (
        '<script src="/js/site.js?v={0}"></script><script nonce="{0}">var t="{0}",n={1};track(t,n);</script>'
        '<form action="/send"><input type="hidden" name="_token" value="{0}"></form><p>{1}</p><!-- {0} -->'
    )
    assert facts(page.format("f00dfeed", 1)) == facts(page.format(token, number))


@pytest.mark.parametrize(
    ("markup", "kind", "key"),
    [
        ('<script src="//e.example/x.js"></script>', Kind.EXTERNAL_SCRIPT, "e.example/x.js"),
        ('<svg><script href="//e.example/x.js"></script></svg>', Kind.EXTERNAL_SCRIPT, "e.example/x.js"),
        ('<link rel="modulepreload" href="//e.example/x.mjs">', Kind.EXTERNAL_SCRIPT, "e.example/x.mjs"),
        (
            '<template shadowrootmode="open"><script src="//e.example/x.js"></script></template>',
            Kind.EXTERNAL_SCRIPT,
            "e.example/x.js",
        ),
        (
            '<iframe srcdoc="&lt;script src=//e.example/x.js&gt;&lt;/script&gt;"></iframe>',
            Kind.EXTERNAL_SCRIPT,
            "e.example/x.js",
        ),
        ('<iframe src="https://e.example/" width="1">', Kind.FRAME, "e.example hidden"),
        ('<object data="https://e.example/a.swf"></object>', Kind.FRAME, "e.example"),
        ('<form action="//e.example/p"></form>', Kind.FORM_ACTION, "e.example"),
        ('<input formaction="//e.example/p">', Kind.FORM_ACTION, "e.example"),
        ('<form action="/in"><input type="password"></form>', Kind.FORM_SECRET, "/in password"),
        ('<base href="//e.example/">', Kind.BASE, "e.example"),
        ('<meta http-equiv="refresh" content="0;url=//e.example/">', Kind.REFRESH, "https://e.example"),
        ('<div style="left:-999px"><a href="http://e.example">x</a></div>', Kind.HIDDEN_LINK, "e.example"),
        (
            '<style>.q{opacity:0}</style><p class="q"><a href="http://e.example">x</a></p>',
            Kind.HIDDEN_LINK,
            "e.example",
        ),
        (
            '<p id="q"><a href="http://e.example">x</a></p><script>document.getElementById("q").style.display="none"</script>',
            Kind.HIDDEN_LINK,
            "e.example",
        ),
        ('<a href="https://e.example/a.exe">x</a>', Kind.DOWNLOAD, "program e.example/a.exe"),
        ('<a href="/a/map.EXE?x=1">x</a>', Kind.DOWNLOAD, "program www.city.minase.example/a/map.EXE"),
        ('<a href="/\\e.example/">x</a>', Kind.LINK_HOST, "e.example"),
        ('<a href="ht\ntps://e.example/">x</a>', Kind.LINK_HOST, "e.example"),
        ('<link rel="stylesheet" href="//e.example/a.css">', Kind.STYLESHEET, "e.example"),
        ('<style>@import url("//e.example/a.css");</style>', Kind.STYLESHEET, "e.example"),
        ('<link rel="canonical" href="//e.example/">', Kind.CANONICAL, "canonical e.example"),
        (
            "<meta http-equiv=content-security-policy content=\"script-src 'self'\">",
            Kind.CSP,
            "script-src 'self'",
        ),
        ("<p>Ｈａｃｋｅｄ　ｂｙ x</p>", Kind.TEXT_DEFACEMENT, "hacked_by"),
    ],
)
def test_a_page_shows_its_active_content(markup, kind, key):
    assert (kind, key) in facts(markup)


def test_an_event_handler_written_without_a_space_is_seen():
    kinds = {kind for kind, _ in facts("<svg/onload=go()>")}
    assert Kind.HANDLER in kinds


def test_a_page_in_utf_16_is_read_like_any_other():
    copy = PageCopy(URL, '<img onerror="go()"><script src="//e.example/x.js"></script>'.encode("utf-16"))
    kinds = {fact.kind for fact in read_page(copy).facts}
    assert {Kind.HANDLER, Kind.EXTERNAL_SCRIPT} <= kinds


def test_shift_jis_text_is_read_by_its_declaration():
    body = '<meta charset="Shift_JIS"><title>小杉村</title><p>杉と清流の村です。</p>'.encode("cp932")
    assert "杉と清流" in read_page(PageCopy(URL, body)).text


def test_version_numbers_of_a_library_are_masked():
    old = facts('<script src="//c.example/npm/lib@3.6.0/lib-3.6.0.min.js"></script>')
    assert old == facts('<script src="//c.example/npm/lib@3.7.1/lib-3.7.1.min.js"></script>')


def test_the_tenant_in_a_query_is_kept():
    assert facts('<script src="//c.example/t.js?id=A-1"></script>') != facts(
        '<script src="//c.example/t.js?id=B-2"></script>'
    )


def test_a_warning_about_defacements_is_told_from_a_defacement():
    warning = "<p>「Hacked by ○○」などと表示される被害が増えています。ご注意ください。</p>"
    traits = {fact.key: fact.traits for fact in read_page(PageCopy(URL, warning.encode())).facts}
    assert "cautioned" in traits["hacked_by"]


def test_a_redirect_to_another_host_is_a_fact():
    assert (Kind.REDIRECT, "e.example") in facts("<p>x</p>", final_url="https://e.example/")


def test_a_view_that_shares_no_line_with_the_page_is_a_fact():
    plain = "".join(f"<p>市民の皆さまへのお知らせ その{number}</p>" for number in range(20))
    other = "".join(f"<p>まったく別のお店の案内です {number}</p>" for number in range(20))
    assert (Kind.CLOAKING, "text 検索") in facts(plain, views=(View("検索", other.encode()),))


@pytest.mark.parametrize("body", [b"<p>a</p>" + b" " * (8 * 1024 * 1024), b"<div>" * 100_000])
def test_a_body_beyond_the_limits_is_cut_and_said_so(body):
    reading = read_page(PageCopy(URL, body))
    assert reading.truncated
    assert (Kind.SIGNATURE, "page-cut") in {(fact.kind, fact.key) for fact in reading.facts}


@pytest.mark.parametrize(
    "body",
    [
        "<iframe srcdoc='" * 400,
        "<template>" * 2000,
        '<script>["a"' + '  "a"' * 3000 + "</script>",
        "<script>" + '"\\' * 50_000 + "</script>",
        "<script>=/[" + "=/[" * 20_000 + "</script>",
        "<style>" + ".a{display:none}" * 3000 + "</style>" + "<p class=a>" * 2000,
    ],
)
def test_a_page_made_to_exhaust_the_reader_is_read(body):
    assert read_page(PageCopy(URL, body.encode())).facts is not None
