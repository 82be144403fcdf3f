"""Opens campaigns about systems in the home of the environment, answers and compiles. ``inquiry_work.py ROUNDS SIZE…``"""

import datetime
import json
import statistics
import sys
import time
from collections.abc import Callable

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from tenshu.config.commands.serve import collect_static  # noqa: E402
from tenshu.ground.access.actions import do_create_account, do_grant_role, system_user  # noqa: E402
from tenshu.ground.access.models import User  # noqa: E402
from tenshu.ground.access.roles import Role  # noqa: E402
from tenshu.ground.calendar.actions import do_open_year  # noqa: E402
from tenshu.ground.calendar.fiscal_year import FiscalYear  # noqa: E402
from tenshu.ground.office.models import Post, Staff, Unit  # noqa: E402
from tenshu.ground.systems.models import System  # noqa: E402
from tenshu.mechanisms.inquiry.actions.campaigns import do_add_campaign, do_open_campaign  # noqa: E402
from tenshu.mechanisms.inquiry.compiling import compiled, counts  # noqa: E402
from tenshu.mechanisms.inquiry.models import Answer, Campaign, Sheet  # noqa: E402
from tenshu.mechanisms.questionnaire import actions as questionnaires  # noqa: E402
from tenshu.mechanisms.questionnaire.models import QuestionKind, Questionnaire, QuestionnaireVersion  # noqa: E402

START = datetime.date(2018, 4, 1)
DIVISIONS, QUESTIONS = 58, 100
KINDS = [QuestionKind.YES_NO, QuestionKind.PRACTICE, QuestionKind.LONG_TEXT, QuestionKind.INTEGER]
VALUES = [{"answer": True}, {"answer": "done", "reason": ""}, {"answer": "見本の回答です。"}, {"answer": 12}]


def main(rounds: int, sizes: list[int]) -> None:
    """JSON on the last line."""
    machine = system_user()
    units = office(machine)
    version = questions(machine)
    made, campaigns = 0, []
    reverse(
        "inquiry:campaign-list"
    )  # a server has read the pages' modules long before anybody opens a campaign
    for size in sizes:
        System.objects.bulk_create(
            [
                System(
                    number=f"{n:05}", name=f"見本システム{n}", owner=units[n % DIVISIONS], started_on=START
                )
                for n in range(made, size)
            ]
        )
        made = size
        campaign = do_add_campaign(
            Campaign(
                title=f"見本の照会{size}", fiscal_year=2026, content="questionnaire", version=version,
                subject_kind="system", host=units[0], due_on=timezone.localdate() + datetime.timedelta(days=60),
            ),
            acting_user=machine,
        )  # fmt: skip
        clock = time.perf_counter()
        opened = do_open_campaign(campaign, acting_user=machine)
        seconds = time.perf_counter() - clock
        if opened != size:
            raise SystemExit(f"{opened} sheets instead of {size}")
        campaigns.append([size, seconds, compile_time(campaign, machine)])
    pages = page_times(Campaign.objects.latest("pk"), machine, rounds)
    print(json.dumps({"campaigns": campaigns, "pages": pages}))


def office(machine: User) -> list[Unit]:
    """Divisions with an officer each, who has an account."""
    do_open_year(FiscalYear(2026), acting_user=machine)
    top = Unit.objects.create(code="01", kind="department", name="見本部", valid_from=START)
    units = [
        Unit.objects.create(
            code=f"01{n:02}", kind="division", name=f"見本課{n}", parent=top, valid_from=START
        )
        for n in range(DIVISIONS)
    ]
    for n, unit in enumerate(units):
        staff = Staff.objects.create(number=f"{n:04}", name=f"見本 {n}", kana="みほん", joined_on=START)
        Post.objects.create(staff=staff, unit=unit, rank="member", is_officer=True, valid_from=START)
        User.objects.create(login_name=f"officer{n}", display_name=staff.name, staff=staff)
    return units


def questions(machine: User) -> QuestionnaireVersion:
    """A published version of a hundred questions."""
    held = questionnaires.do_add_questionnaire(
        Questionnaire(code="BENCH", title="見本の点検", subject_kind="system"), acting_user=machine
    )
    version = questionnaires.do_add_version(held, 2026, acting_user=machine)
    for n in range(QUESTIONS):
        values = {
            "code": f"Q{n}",
            "text": f"見本の設問{n}",
            "kind": KINDS[n % 4],
            "section": f"区分{n // 20}",
        }
        questionnaires.do_add_question(version, values, acting_user=machine)
    return questionnaires.do_publish_version(version, acting_user=machine)


def compile_time(campaign: Campaign, machine: User) -> float:
    """Seconds for the answers and counts of all sheets, a tenth of which are answered."""
    asked = list(campaign.version.questions.order_by("order")) if campaign.version else []
    for sheet in list(campaign.sheets.order_by("pk"))[::10]:
        Answer.objects.bulk_create(
            [
                Answer(sheet=sheet, question=question, value=VALUES[n % 4], updated_by=machine)
                for n, question in enumerate(asked)
            ]
        )
    reader = secretary(machine, f"reader{campaign.pk}")
    clock = time.perf_counter()
    found, lines = compiled(campaign, reader, "all")
    list(counts(found, lines))
    return time.perf_counter() - clock


def secretary(machine: User, name: str) -> User:
    """An account that reads everything."""
    user = do_create_account(name, "見本 花子", "mihon-no-aikotoba-1", acting_user=machine)
    do_grant_role(
        user, Role.SECRETARIAT, valid_from=START, valid_until=None, reason="見本", acting_user=machine
    )
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    return User.objects.get(pk=user.pk)


def page_times(campaign: Campaign, machine: User, rounds: int) -> dict[str, tuple[float, float]]:
    """p50 and p95 in ms of the answering page, of saving one answer, and of the board."""
    collect_static()
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(secretary(machine, "asker"))
    sheets = list(Sheet.objects.filter(campaign=campaign).order_by("-pk")[:rounds])
    question = campaign.version.questions.order_by("order").first() if campaign.version else None
    if question is None:
        raise SystemExit("no question")

    def save(place: int) -> None:
        url = reverse("inquiry:sheet-question", args=[sheets[place].pk, question.pk])
        told = {f"q{question.pk}-answer": "yes", f"q{question.pk}-base": "{}"}
        answer = client.post(url, told, headers={"HX-Request": "true"})
        if answer.status_code != 200:
            raise SystemExit(f"{url}: {answer.status_code}")

    def get(url: str) -> None:
        answer = client.get(url)
        if answer.status_code != 200:
            raise SystemExit(f"{url}: {answer.status_code} {answer.get('Location', '')}")

    board = reverse("inquiry:campaign-detail", args=[campaign.pk])
    get(board)
    return {
        "answering page": times(lambda n: get(reverse("inquiry:sheet-answer", args=[sheets[n].pk])), rounds),
        "saving one answer": times(save, rounds),
        "board": times(lambda _: get(board), min(rounds, 5)),
    }


def times(act: Callable[[int], None], rounds: int) -> tuple[float, float]:
    """p50 and p95 in ms."""
    found = []
    for place in range(rounds):
        clock = time.perf_counter()
        act(place)
        found.append((time.perf_counter() - clock) * 1000)
    return statistics.median(found), statistics.quantiles(found, n=20)[-1]


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(size) for size in sys.argv[2:]])
