"""The command line and fetching."""

import http.server
import json
import subprocess
import sys
import threading

import pytest

from tenshu.engines.page_scan import (
    FetchError,
    LearnedState,
    PageCopyError,
    StateError,
    fetch_copy,
    load_copy,
)
from tenshu.engines.page_scan.commands import main

pytestmark = pytest.mark.engine

PAGE = '<html><head><script src="/a.js"></script></head><body><p>お知らせ</p></body></html>'
EVIL = PAGE.replace("</head>", '<script src="https://e.example/x.js"></script></head>')
SITE = "www.city.minase.example"


@pytest.fixture
def folder(tmp_path):
    site = tmp_path / SITE
    site.mkdir()
    (site / "index.html").write_text(PAGE)
    (tmp_path / "evil.html").write_text(EVIL)
    assert main(["learn", str(site), "--state", str(tmp_path / "s.json"), "--on", "2026-09-01"]) == 0
    return tmp_path


def run_compare(folder, before, after, capsys):
    capsys.readouterr()
    arguments = ["compare", "--state", str(folder / "s.json"), "--url", f"https://{SITE}/index.html"]
    code = main([*arguments, "--on", "2026-09-02", str(before), str(after)])
    return code, capsys.readouterr()


def test_an_unchanged_page_ends_with_zero(folder, capsys):
    page = folder / SITE / "index.html"
    code, output = run_compare(folder, page, page, capsys)
    assert code == 0
    assert json.loads(output.out)["unchanged"] is True


def test_an_alarm_ends_with_three_and_names_its_evidence(folder, capsys):
    code, output = run_compare(folder, folder / SITE / "index.html", folder / "evil.html", capsys)
    finding = json.loads(output.out)["findings"][0]
    assert code == 3
    assert finding["kind"] == "script.external"
    assert "e.example" in finding["evidence"][0]["text"]


def test_an_approved_fact_is_quiet(folder, capsys):
    arguments = ["decide", "approve", "script.external|e.example/x.js", "--state", str(folder / "s.json")]
    arguments += [
        "--site",
        "city.minase.example",
        "--by",
        "青木 恵",
        "--reason",
        "届出",
        "--on",
        "2026-09-01",
    ]
    assert main(arguments) == 0
    code, _ = run_compare(folder, folder / SITE / "index.html", folder / "evil.html", capsys)
    assert code == 0


def test_a_site_that_was_not_learnt_is_an_error(folder, capsys):
    code = main(
        [
            "compare",
            "--state",
            str(folder / "s.json"),
            "--url",
            "https://other.example/",
            *2 * [str(folder / "evil.html")],
        ]
    )
    assert code == 2
    assert "まだ学習していません" in capsys.readouterr().err


def test_facts_are_printed_as_json(folder, capsys):
    assert main(["facts", str(folder / "evil.html"), "--url", f"https://{SITE}/"]) == 0
    keys = [
        fact["key"] for fact in json.loads(capsys.readouterr().out.partition("{")[2].join(["{", ""]))["facts"]
    ]
    assert "script.external|e.example/x.js" in keys


def test_rules_are_checked(tmp_path, capsys):
    rules = tmp_path / "r.yar"
    rules.write_text('rule a { strings: $a = "c99madshell" condition: $a }')
    assert main(["rules", "check", str(rules), "--file-limit", "9999"]) == 0
    assert json.loads(capsys.readouterr().out)["accepted"] is True


def test_the_module_explains_itself():
    answer = subprocess.run(
        [sys.executable, "-m", "tenshu.engines.page_scan", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "改ざん" in answer.stdout


def test_a_faulty_description_names_file_and_field(tmp_path):
    (tmp_path / "page.json").write_text('{"url": "https://a.example/", "body": "../secret.html"}')
    with pytest.raises(PageCopyError, match=r"page\.json.*body"):
        load_copy(tmp_path)
    (tmp_path / "page.json").write_text('{"url": ')
    with pytest.raises(PageCopyError, match="1 行"):
        load_copy(tmp_path)


def test_a_described_copy_carries_scripts_and_views(tmp_path):
    described = {
        "url": "https://a.example/",
        "body": "p.html",
        "headers": {"Content-Type": "text/html"},
        "scripts": {"https://a.example/a.js": "a.js"},
        "views": [{"label": "検索", "body": "p.html", "final_url": "https://b.example/"}],
        "observed": "2026-09-03",
    }
    (tmp_path / "page.json").write_text(json.dumps(described))
    (tmp_path / "p.html").write_text(PAGE)
    (tmp_path / "a.js").write_text("go()")
    copy = load_copy(tmp_path)
    assert copy.headers == {"content-type": "text/html"}
    assert copy.views[0].final_url == "https://b.example/"
    assert str(copy.observed) == "2026-09-03"


def test_a_broken_state_file_is_an_error(tmp_path):
    (tmp_path / "s.json").write_text('{"format": "tenshu.page_scan.state/1", "sites": {"a": {}}}')
    with pytest.raises(StateError, match="壊れて"):
        LearnedState.load(tmp_path / "s.json")


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/old":
            self.send_response(302)
            self.send_header("Location", "/new")
        elif self.path == "/round":
            self.send_response(302)
            self.send_header("Location", "/round")
        else:
            self.send_response(200)
        self.end_headers()
        self.wfile.write(PAGE.encode() if self.path == "/new" else b"")

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()


def test_redirects_are_followed_and_recorded(server):
    copy = fetch_copy(f"{server}/old", allow_private=True)
    assert copy.body == PAGE.encode()
    assert copy.final_url == f"{server}/new"


def test_private_addresses_are_refused_unless_allowed(server):
    with pytest.raises(FetchError):
        fetch_copy(f"{server}/new")


def test_an_endless_redirect_ends(server):
    with pytest.raises(FetchError, match="10 回"):
        fetch_copy(f"{server}/round", allow_private=True)
