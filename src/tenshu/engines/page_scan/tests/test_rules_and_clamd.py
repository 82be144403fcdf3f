"""The gate for YARA rules, signatures, and the ClamAV protocol."""

import socketserver
import struct
import threading

import pytest

from tenshu.engines.page_scan import Clamd, ClamdError, Kind, SignatureError, Signatures, check_rules
from tenshu.engines.page_scan.rule_gate import split_rules
from tenshu.engines.page_scan.sample_pages import sample_page

pytestmark = pytest.mark.engine

CHEAP = 'rule shell { meta: severity = "critical" strings: $a = "c99madshell" condition: $a }'
DEAR = r"rule links { strings: $a = /<a href=\"[^\"]{1,60}\.html\">/ condition: #a > 100000 }"
PAGES = [sample_page(number) for number in range(6)]


def test_a_cheap_file_is_accepted():
    report = check_rules(CHEAP, PAGES, file_limit=5000, rule_limit=5000)
    assert report.accepted
    assert report.rules == 1


def test_a_rule_over_the_limit_is_refused_by_name():
    report = check_rules(CHEAP + DEAR, PAGES, file_limit=0.001, rule_limit=0.001)
    assert not report.accepted
    assert any("links" in refusal for refusal in report.refusals)
    assert report.costs[0].name == "links"


def test_a_rule_that_needs_another_is_measured_with_it():
    source = CHEAP + "rule both { condition: shell and filesize > 1 }"
    report = check_rules(source, PAGES, file_limit=0.001, rule_limit=0.001)
    assert {cost.name for cost in report.costs} == {"shell", "both"}


def test_rules_are_split_outside_of_strings_and_comments():
    source = 'rule a { strings: $a = "} rule x {" condition: $a } // rule y { }\n'
    source += "private rule b : tag { condition: true }"
    assert [name for name, _ in split_rules(source)] == ["a", "b"]


def test_a_faulty_rule_file_names_the_fault():
    with pytest.raises(SignatureError, match=r"mine\.yar"):
        Signatures("rule a { condition: nothing }", origin="mine.yar")


def test_measuring_needs_pages():
    with pytest.raises(SignatureError, match="ページ"):
        check_rules(CHEAP, [])


def test_a_match_becomes_a_fact_with_its_severity():
    fact = Signatures(CHEAP).facts(b"<?php c99madshell ?>")[0]
    assert (fact.kind, fact.key, fact.traits) == (Kind.SIGNATURE, "shell", ("severity:critical",))


class StreamHandler(socketserver.BaseRequestHandler):
    """The server's side of INSTREAM: reads length-prefixed chunks, finds the test word."""

    def exactly(self, size):
        data = b""
        while len(data) < size:
            data += self.request.recv(size - len(data))
        return data

    def handle(self):
        assert self.exactly(10) == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!I", self.exactly(4))[0]:
            data += self.exactly(size)
        verdict = b"stream: Test.Word FOUND\0" if b"malware" in data else b"stream: OK\0"
        self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0" if len(data) > 500_000 else verdict)


@pytest.fixture
def daemon():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), StreamHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Clamd(f"127.0.0.1:{server.server_address[1]}", timeout=10)
        server.shutdown()


def test_clamav_names_the_malware_of_a_download(daemon):
    assert daemon.scan("a.zip", b"x" * 200_000) is None
    assert daemon.scan("a.zip", b"x" * 100_000 + b"malware").key == "clamav Test.Word"


def test_a_refused_stream_is_an_error_and_not_clean(daemon):
    with pytest.raises(ClamdError, match="size limit"):
        daemon.scan("big.zip", b"x" * 600_000)


def test_an_absent_daemon_is_an_error():
    with pytest.raises(ClamdError, match="接続できません"):
        Clamd("/nowhere/clamd.ctl").scan("a", b"")
