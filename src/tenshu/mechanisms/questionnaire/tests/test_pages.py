"""The workshop's pages: a questionnaire written in the browser and in Excel, published, and copied for the next year."""

import pytest
from django.urls import reverse

from tenshu.ground.access.roles import Role
from tenshu.mechanisms.gathering.tests.asking import bring_in, changes_nothing, edited, problems
from tenshu.mechanisms.questionnaire.models import Question, Questionnaire, QuestionnaireVersion
from tenshu.mechanisms.questionnaire.notation import (
    NotationError,
    columns_text,
    options_text,
    read_columns,
    read_options,
)
from tenshu.mechanisms.questionnaire.sheets import QuestionSheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(world, client):
    client.force_login(world.users[Role.SECRETARIAT])
    return client


def send(client, name, *args, expect=302, **values):
    response = client.post(reverse(f"questionnaire:{name}", args=args), {"sent": "1", **values})
    assert response.status_code == expect, response.content.decode()[-3000:]
    return response


def test_a_questionnaire_is_written_checked_published_and_copied(secretary):
    send(secretary, "questionnaire-add", code="SEC", title="自己点検", subject_kind="unit", purpose="")
    held = Questionnaire.objects.get(code="SEC")
    send(secretary, "version-add", held.pk, fiscal_year=2023)
    version = held.versions.get()
    ask = {"code": "Q1", "text": "対策は？", "kind": "single", "options": "する｜1\nしない｜0", "weight": "2"}
    send(secretary, "question-add", version.pk, **ask)
    send(secretary, "question-add", version.pk, code="Q2", text="なぜ？", kind="text", condition="Q1=しない")
    refused = send(secretary, "version-publish", version.pk, expect=302)
    assert refused.url == reverse("questionnaire:version-detail", args=[version.pk])
    send(secretary, "version-add", held.pk, fiscal_year=2024)

    draft = held.versions.get(number=2)
    assert [q.condition for q in draft.questions.all()] == ["", "Q1＝しない"]
    assert draft.questions.get(code="Q1").settings["options"][0]["value"] == "o1"


def test_publishing_shows_every_fault_and_changes_nothing(secretary, world):
    version = QuestionnaireVersion.objects.get(pk=world.kwargs["version_id"])
    send(secretary, "question-add", version.pk, code="Q8", text="選ぶ", kind="single")
    send(secretary, "question-add", version.pk, code="Q9", text="表", kind="table")

    page = send(secretary, "version-publish", version.pk, expect=422).content.decode()

    assert "Q8：選択肢は2つ以上にしてください。" in page
    assert "Q9：表の列がありません。" in page
    version.refresh_from_db()
    assert not version.is_published


def test_wrong_lines_come_back_with_what_was_typed(secretary, world):
    typed = {"code": "Q9", "text": "表", "kind": "table", "columns": "業務名｜謎の種類", "condition": "Q1"}

    page = send(secretary, "question-add", world.kwargs["version_id"], expect=422, **typed).content.decode()

    assert "「業務名｜謎の種類」の種類が読めません。" in page
    assert "条件が読めません。" in page
    assert "業務名｜謎の種類</textarea>" in page


def test_questions_are_moved_changed_traced_and_removed(secretary, world):
    version = QuestionnaireVersion.objects.get(pk=world.kwargs["version_id"])
    codes = lambda: list(version.questions.order_by("order").values_list("code", flat=True))  # noqa: E731
    second = version.questions.get(code="Q2")
    send(secretary, "question-move", version.pk, up=second.pk)
    assert codes()[:2] == ["Q2", "Q1"]
    before = world.objects["version"].questions
    wanted = [before.get(code="Q2").pk, before.get(code="Q4").pk]
    send(secretary, "question-ancestors", second.pk, ancestors=wanted, relation="merged")
    assert second.ancestries.count() == 2
    send(secretary, "question-remove", version.questions.get(code="Q5").pk)
    page = secretary.get(reverse("questionnaire:version-detail", args=[version.pk])).content.decode()

    assert "Q2、Q4の統合" in page
    assert "前の版からなくなった設問" in page


def test_the_preview_shows_a_field_for_every_part(secretary, world):
    page = secretary.get(
        reverse("questionnaire:version-preview", args=[world.kwargs["version_id"]])
    ).content.decode()

    assert page.count('type="radio"') >= 7
    assert "表に入れる項目：業務名、年間時間（時間）" in page
    assert "次のときに尋ねます：Q1＝はい" in page


def test_a_draft_goes_through_excel_and_comes_back_whole(world):
    user = world.users[Role.SECRETARIAT]
    version = QuestionnaireVersion.objects.get(pk=world.kwargs["version_id"])
    spec = QuestionSheet(version)
    before = [(q.code, q.text, q.kind, q.settings, q.condition) for q in version.questions.all()]
    assert changes_nothing(spec, user)

    bring_in(spec, edited(spec, user, {"D2": "ご意見\n（自由に）"}), user)

    after = [(q.code, q.text, q.kind, q.settings, q.condition) for q in version.questions.all()]
    assert [row for row in after if row not in before] == [
        (code, "ご意見\n（自由に）", *rest) for code, _, *rest in before[:1]
    ]
    assert Question.objects.get(version=version, code="Q1").ancestries.get().relation == "reworded"


def test_wrong_cells_of_the_workbook_are_all_named(world):
    user = world.users[Role.SECRETARIAT]
    spec = QuestionSheet(QuestionnaireVersion.objects.get(pk=world.kwargs["version_id"]))

    told = problems(spec, edited(spec, user, {"I2": "業務名｜謎", "J2": "Q1＝"}), user)

    assert len(told) == 2


def test_a_published_version_cannot_be_brought_in(secretary, world):
    version = world.objects["version"]

    response = secretary.get(reverse("exchange:table-import", args=["questions"]) + f"?scope={version.pk}")

    assert response.status_code == 403


def test_lines_and_settings_say_the_same():
    settings = {
        "options": [{"value": "x", "label": "毎日", "score": 4.0}, {"value": "y", "label": "毎週"}],
        "columns": [
            {"name": "task", "header": "業務名", "kind": "text", "required": True},
            {"name": "often", "header": "頻度", "kind": "single", "unit": "回",
             "options": [{"value": "p", "label": "多い"}, {"value": "q", "label": "少ない"}]},
        ],
    }  # fmt: skip

    assert read_options(options_text(settings), settings["options"]) == settings["options"]
    assert read_columns(columns_text(settings), settings["columns"]) == settings["columns"]
    assert [o["value"] for o in read_options("毎月\n毎日｜3点", settings["options"])] == ["o1", "x"]
    with pytest.raises(NotationError, match="点数が数ではありません"):
        read_options("毎日｜多い", [])
