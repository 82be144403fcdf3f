"""The pages: one's own notices, preferences, the outbox."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.notices.models import FailingAddress, Mail, MailState, Notice, Preference
from tenshu.ground.notices.sending import notify

pytestmark = pytest.mark.django_db
KIND = "notices.trouble"


@pytest.fixture
def officer(world: Any, client: Client) -> Any:
    client.force_login(world.users[Role.OFFICER])
    Notice.objects.all().delete()
    return world.users[Role.OFFICER]


@pytest.fixture
def secretary(world: Any, client: Client) -> Any:
    client.force_login(world.users[Role.SECRETARIAT])
    return world.users[Role.SECRETARIAT]


def test_the_top_bar_counts_what_is_unread_with_one_query(officer: Any, client: Client) -> None:
    assert "未読はありません" in client.get(reverse("notices:preferences")).text
    notify([officer], kind=KIND, title="知らせ")
    page = client.get(reverse("notices:preferences")).text
    assert "件の未読のお知らせ" in page


def test_opening_a_notice_marks_it_read_and_goes_to_its_page(officer: Any, client: Client) -> None:
    notify([officer], kind=KIND, title="会議のご案内", body="来てください。", url="/notices/preferences/")
    page = client.get(reverse("notices:notice-list"))
    assert "会議のご案内" in page.text
    row = Notice.objects.get()
    answer = client.get(f"{reverse('notices:notice-open')}?notice={row.pk}")
    assert (answer.status_code, answer["Location"]) == (302, "/notices/preferences/")
    assert "会議のご案内" not in client.get(reverse("notices:notice-list")).text
    assert "会議のご案内" in client.get(f"{reverse('notices:notice-list')}?view=all").text


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_a_notice_never_leads_to_another_host(officer: Any, client: Client, url: str) -> None:
    notify([officer], kind=KIND, title="x", url=url)
    answer = client.get(f"{reverse('notices:notice-open')}?notice={Notice.objects.get().pk}")
    assert answer["Location"].startswith(reverse("notices:notice-list"))


def test_nobody_opens_or_reads_the_notice_of_another(officer: Any, world: Any, client: Client) -> None:
    notify([world.users[Role.HEAD]], kind=KIND, title="所属長だけの知らせ", url="/office/")
    row = Notice.objects.get()
    answer = client.get(f"{reverse('notices:notice-open')}?notice={row.pk}")
    assert answer["Location"] == reverse("notices:notice-list")
    client.post(reverse("notices:mark-read"))
    row.refresh_from_db()
    assert row.read_at is None
    assert "所属長だけの知らせ" not in client.get(f"{reverse('notices:notice-list')}?view=all").text


def test_all_are_marked_read_at_once(officer: Any, client: Client) -> None:
    for _ in range(3):
        notify([officer], kind=KIND, title="x")
    client.post(reverse("notices:mark-read"))
    assert not Notice.objects.filter(person=officer, read_at=None).exists()


def test_the_list_filters_by_kind(officer: Any, client: Client) -> None:
    notify([officer], kind=KIND, title="不達の知らせ")
    notify([officer], kind="jobs.failed", title="止まった処理")
    page = client.get(f"{reverse('notices:notice-list')}?kind=jobs.failed").text
    assert "止まった処理" in page
    assert "不達の知らせ</b>" not in page


def test_a_person_chooses_how_mails_come_and_it_is_recorded(officer: Any, client: Client) -> None:
    page = client.get(reverse("notices:preferences"))
    values = {name: field.initial for name, field in page.context["form"].fields.items()}
    assert client.post(reverse("notices:preferences"), {**values, "jobs.failed": "daily"}).status_code == 302
    assert Preference.objects.get().timing == "daily"
    assert AuditRow.objects.filter(verb="notices.preference_changed").count() == 1
    answer = client.post(reverse("notices:preferences"), {**values, "jobs.failed": "never"})
    assert answer.status_code == 422


def test_the_outbox_is_searched_and_taken_out_as_excel(secretary: Any, client: Client) -> None:
    page = client.get(reverse("notices:mail-list"), {"q": "1002@example.jp", "view": "trouble"})
    assert "見本の知らせ" in page.text
    book = load_workbook(BytesIO(client.get(reverse("notices:mail-list"), {"out": "xlsx"}).getvalue()))
    assert "【天守】見本の知らせ" in [cell.value for row in book.active.iter_rows() for cell in row]


def test_a_mail_that_failed_is_sent_again_only_after_its_address_is_cleared(
    secretary: Any, world: Any, client: Client
) -> None:
    mail = Mail.objects.get()
    retry = reverse("notices:mail-retry", args=[mail.pk])
    client.post(retry)
    assert Mail.objects.get().state == MailState.BOUNCED
    client.post(reverse("notices:failing-clear", args=[FailingAddress.objects.get().pk]))
    client.post(retry)
    mail.refresh_from_db()
    assert (mail.state, mail.message_id) == (MailState.WAITING, "<mihon@example.jp>")


@pytest.mark.parametrize(("answer", "state"), [("arrived", MailState.SENT), ("missing", MailState.WAITING)])
def test_people_decide_what_nothing_else_can(secretary: Any, client: Client, answer: str, state: str) -> None:
    Mail.objects.update(state=MailState.UNSURE, unsure_since=timezone.now())
    mail = Mail.objects.get()
    assert "届いていた" in client.get(reverse("notices:mail-detail", args=[mail.pk])).text
    client.post(reverse("notices:mail-answer", args=[mail.pk]), {"state": answer})
    assert Mail.objects.get().state == state


def test_lists_cost_the_same_queries_however_long(
    secretary: Any, world: Any, client: Client, django_assert_max_num_queries: Any
) -> None:
    person = world.users[Role.HEAD]
    Mail.objects.bulk_create(
        Mail(
            message_id=f"<{n}@x>",
            person=person,
            address="a@x",
            kind=KIND,
            subject=f"{n}",
            body="",
            due_at=timezone.now(),
        )
        for n in range(60)
    )
    client.get(reverse("notices:mail-list"))
    with django_assert_max_num_queries(32):
        client.get(reverse("notices:mail-list"))
    for _ in range(40):
        notify([secretary], kind=KIND, title="x")
    with django_assert_max_num_queries(28):
        client.get(reverse("notices:notice-list"))
