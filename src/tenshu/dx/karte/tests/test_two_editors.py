"""Two people with the same form open: nothing that either typed is lost."""

import html
import re

from django.test import Client

from tenshu.dx.karte import actions
from tenshu.dx.karte.models import Contract, Karte, Server
from tenshu.dx.karte.tests.building import D
from tenshu.dx.karte.tests.conftest import Case
from tenshu.dx.karte.tests.test_pages import officer, secretary, url
from tenshu.mechanisms.gathering.tests.asking import refused, send, text_of

__all__ = ["officer", "secretary"]


def opened(client: Client, here: str) -> dict[str, str]:
    """Everything that the form would send if nobody typed anything."""
    return sent_by(text_of(client, here))


def sent_by(page: str) -> dict[str, str]:
    """The fields of the form of a page, as a browser sends them."""
    form = page[page.index('<form method="post" class="form"') :]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if told.get("type") in ("text", "hidden", None) and "name" in told:
            found[told["name"]] = html.unescape(told.get("value", ""))
    for name, text in re.findall(r'<textarea name="(\w+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        found[name] = html.unescape(text).removeprefix("\n").replace("\n", "\r\n")
    for name, options in re.findall(r'<select name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_what_only_one_of_two_changed_is_taken_from_that_one(case: Case, secretary: Client, officer: Client):
    here = url("karte-correct", case.system.pk, "network")
    mine = opened(officer, here)
    send(secretary, here, **opened(secretary, here) | {"zone": "internet"})
    response = officer.post(here, mine | {"domain": "soumu.mihon.example"}, follow=True)
    assert "ほかの人が変えたネットワークは、そのまま残しています。" in response.content.decode()
    karte = Karte.objects.get(system=case.system)
    assert (karte.zone, karte.domain) == ("internet", "soumu.mihon.example")


def test_where_both_differ_the_form_comes_back_with_both_values(
    case: Case, secretary: Client, officer: Client
):
    here = url("karte-correct", case.system.pk, "users")
    mine = opened(officer, here)
    send(secretary, here, **opened(secretary, here) | {"users_staff": "7100", "terminals": "500"})
    page = refused(officer, here, **mine | {"users_staff": "6900", "service_hours": "24時間"})
    assert "ほかの人が「7,100」に変えていました" in page
    assert "そのまま残しています。" in page
    again = sent_by(page)
    assert again["users_staff"] == "6900"
    karte = Karte.objects.get(system=case.system)
    assert (karte.users_staff, karte.service_hours, karte.terminals) == (7_100, "24時間", 500)
    send(officer, here, **again)
    karte.refresh_from_db()
    assert (karte.users_staff, karte.service_hours, karte.terminals) == (6_900, "24時間", 500)


def test_lines_of_a_text_that_nobody_touched_are_no_change(case: Case, secretary: Client, officer: Client):
    here = url("karte-correct", case.system.pk, "business")
    mine = opened(officer, here)
    assert "\r\n" in mine["summary"]
    actions.do_change_karte(case.system, {"summary": "別の概要\n二行目"}, acting_user=case.user)
    send(officer, here, **mine | {"law": "見本条例"})
    karte = Karte.objects.get(system=case.system)
    assert (karte.summary, karte.law) == ("別の概要\n二行目", "見本条例")


def test_two_who_begin_a_karte_at_once_both_find_their_words_in_it(case: Case, secretary: Client):
    here = url("karte-correct", case.other.pk, "network")
    one, two = opened(secretary, here), opened(secretary, here)
    send(secretary, here, **one | {"zone": "lgwan"})
    send(secretary, here, **two | {"domain": "kyoka.mihon.example"})
    karte = Karte.objects.get(system=case.other)
    assert (karte.zone, karte.domain) == ("lgwan", "kyoka.mihon.example")


def test_a_contract_and_a_server_are_merged_part_by_part(case: Case, secretary: Client, officer: Client):
    contract: Contract = case.made["contract"]
    here = url("thing-correct", "contract", contract.pk)
    mine = opened(officer, here)
    actions.do_change_thing(contract, {"ends_on": D(2025, 3, 31)}, acting_user=case.user)
    page = refused(officer, here, **mine | {"ends_on": "令和8年3月31日", "note": "延ばした"})
    assert "ほかの人が「令和7年3月31日」に変えていました" in page
    contract.refresh_from_db()
    assert (contract.ends_on, contract.note) == (D(2025, 3, 31), "延ばした")
    send(officer, here, **sent_by(page))
    contract.refresh_from_db()
    assert contract.ends_on == D(2026, 3, 31)

    server: Server = case.made["server"]
    here = url("thing-correct", "server", server.pk)
    mine = opened(officer, here)
    loads = {**server.loads, "cpu": [1, 1, 1, 1, 1, 1]}
    actions.do_change_thing(server, {"loads": loads}, acting_user=case.user)
    send(officer, here, **mine | {"load_memory": "9、9、9、9、9、9"})
    server.refresh_from_db()
    assert (server.loads["cpu"], server.loads["memory"]) == ([1] * 6, [9] * 6)


def test_a_register_entry_is_merged_too(case: Case, secretary: Client):
    here = url("register-correct", "vendor", case.made["vendor"].pk)
    mine = opened(secretary, here)
    actions.do_change_thing(case.made["vendor"], {"phone": "03-0000-0000"}, acting_user=case.user)
    send(secretary, here, **mine | {"contact": "公共営業部"})
    case.made["vendor"].refresh_from_db()
    assert (case.made["vendor"].phone, case.made["vendor"].contact) == ("03-0000-0000", "公共営業部")
