"""A questionnaire with a draft, and an open campaign with a sheet that has been begun."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tenshu.ground.access.roles import Role
from tenshu.mechanisms.inquiry.actions.answers import RowChanges, do_change_rows
from tenshu.mechanisms.inquiry.actions.hearings import do_flag, do_set_rule
from tenshu.mechanisms.inquiry.actions.substitutes import do_name_substitute
from tenshu.mechanisms.inquiry.actions.workbooks import do_check_workbook
from tenshu.mechanisms.inquiry.models import Sheet, SheetUpload, Substitute
from tenshu.mechanisms.inquiry.tests.building import opened, published
from tenshu.mechanisms.inquiry.workbook_out import sheet_workbook
from tenshu.mechanisms.questionnaire import actions as questionnaires
from tests.world.frame import DAY, YEAR, World


def add_inquiry(world: World) -> None:
    """A questionnaire, and the campaign that asks it."""
    _questionnaire(world)
    _inquiry(world)


def _questionnaire(world: World) -> None:
    machine = world.house.machine
    version = published(machine, "ICT")
    draft = questionnaires.do_copy_version(version, YEAR.next.year, acting_user=machine)
    world.objects["version"] = version
    world.kwargs |= {
        "questionnaire_id": version.questionnaire_id,
        "version_id": draft.pk,
        "question_id": draft.questions.first().pk,
    }


def _inquiry(world: World) -> None:
    """An open campaign to all divisions; the sheet is that of 人事課 and has one row."""
    machine = world.house.machine
    campaign, sheet = opened(world, version=world.objects["version"])
    questions = {question.code: question.pk for question in world.objects["version"].questions.all()}
    (row,) = do_change_rows(
        sheet,
        world.objects["version"].questions.get(code="Q3"),
        RowChanges(added=[("", {"task": "旅費の精算", "hours": 240})]),
        acting_user=machine,
    )
    world.kwargs |= {
        "campaign_id": campaign.pk,
        "sheet_id": sheet.pk,
        "asked_id": questions["Q1"],
        "table_question_id": questions["Q3"],
        "file_question_id": questions["Q6"],
        "answer_row_id": row.pk,
        "hearing_rule_id": do_set_rule(campaign, "Q1＝はい", "困っている業務を聞く", acting_user=machine).pk,
        "substitute_id": _substitute(world).pk,
        "hearing_need_id": do_flag(sheet, "件数を確かめる", acting_user=machine).pk,
        "sheet_upload_id": _returned_workbook(world, sheet).pk,
    }


def _returned_workbook(world: World, sheet: Sheet) -> SheetUpload:
    """The sheet's workbook, come back as it was sent and not taken yet."""
    upload = SimpleUploadedFile("回答.xlsx", sheet_workbook(sheet))
    return do_check_workbook(sheet, upload, acting_user=world.users[Role.OFFICER])


def _substitute(world: World) -> Substitute:
    """Somebody who once stood in for the head of 人事課."""
    named = Substitute(
        unit=world.objects["own"],
        staff=world.house.staff["1003"],
        valid_from=DAY,
        valid_until=DAY,
        reason="出張",
    )
    return do_name_substitute(named, acting_user=world.house.machine)
