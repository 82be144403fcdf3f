"""Telling people about sheets, inside the action's transaction."""

from collections.abc import Iterable, Sequence

from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.files.queries import attachments_of
from tenshu.ground.notices.recipients import accounts_of, heads_of_division, officers_of_unit, secretariat
from tenshu.ground.notices.sending import notify, settle_many
from tenshu.ground.office.models import Post, Unit
from tenshu.ground.ui.dates import day_text
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState, Sheet, SheetState, StepKind
from tenshu.mechanisms.inquiry.notice_kinds import ASKED, DUE, MOVED


def tell_opened(campaign: Campaign, sheets: Sequence[Sheet]) -> None:
    """The officers of all divisions that are asked, by one notice: its page shows everybody the own sheets."""
    notify(
        officers_of_units({sheet.respondent_id: sheet.respondent for sheet in sheets}.values()),
        kind=ASKED,
        about=campaign,
        title=f"「{campaign.title}」の回答をお願いします",
        body=f"{day_text(campaign.due_on)}までに、所属の照会票に回答してください。{files_text(campaign)}",
        url=reverse("inquiry:campaign-detail", args=[campaign.pk]),
        due=campaign.due_on,
        key=f"inquiry-opened:{campaign.pk}",
    )


def officers_of_units(units: Iterable[Unit]) -> list[User]:
    """As ``officers_of_unit``, for many units by a fixed number of queries; a unit without officers asks for its heads."""
    today = timezone.localdate()
    asked = {unit.pk: unit for unit in units}
    belongs = {pk: pk for pk in asked}
    frontier = set(asked)
    while frontier:
        below = Unit.objects.as_of(today).filter(parent_id__in=frontier).values_list("pk", "parent_id")
        found = {pk: belongs[parent] for pk, parent in below if parent is not None and pk not in belongs}
        belongs |= found
        frontier = set(found)
    posts = Post.objects.as_of(today).filter(unit_id__in=belongs, is_officer=True)
    officers = list(posts.values_list("staff_id", "unit_id"))
    covered = {belongs[unit] for _, unit in officers}
    people = {user.pk: user for user in accounts_of({staff for staff, _ in officers})}
    for pk, unit in asked.items():
        if pk not in covered:
            people |= {user.pk: user for user in officers_of_unit(unit)}
    return list(people.values())


def tell_step(sheet: Sheet, kind: str, comment: str, *, acting_user: User) -> None:
    """Those who have the next step; reminders of a sheet that has moved on are taken back."""
    tell_steps([sheet], kind, comment, acting_user=acting_user)


def tell_steps(sheets: Sequence[Sheet], kind: str, comment: str, *, acting_user: User) -> None:
    """As ``tell_step``, of many sheets after the same step."""
    if kind in STOPPING:
        settle_many(sheets, kinds=(DUE, MOVED))
    holders = Holders()
    for sheet in sheets:
        told = _told(sheet, kind, holders)
        if told is None:
            continue
        people, title, notice_kind = told
        notify(
            [person for person in people if person.pk != acting_user.pk],
            kind=notice_kind,
            about=sheet,
            title=title,
            body=(comment or f"照会「{sheet.campaign.title}」。期限は{day_text(sheet.due_on)}です。")
            + (files_text(sheet.campaign) if kind in HANDED_ON else ""),
            url=reverse("inquiry:sheet-detail", args=[sheet.pk]),
            due=sheet.due_on if kind != StepKind.ACCEPTED else None,
        )


def files_text(campaign: Campaign) -> str:
    """A sentence that names the files of the covering letter; empty without any."""
    names = list(attachments_of(campaign).order_by("pk").values_list("name", flat=True))
    return f"依頼文の添付：{'、'.join(names)}。" if names else ""


HANDED_ON = frozenset({StepKind.DELEGATED, StepKind.REASSIGNED, StepKind.RESTORED})
"""Steps after which somebody sees the inquiry for the first time."""

STOPPING = frozenset(
    {
        StepKind.SUBMITTED,
        StepKind.CONFIRMED,
        StepKind.ACCEPTED,
        StepKind.WITHDRAWN,
        StepKind.REASSIGNED,
        StepKind.DELEGATED,
        StepKind.HANDED_BACK,
        StepKind.RETURNED,
        StepKind.RETURNED_BY_HEAD,
    }
)
"""Steps after which what was told before no longer holds."""


def _told(sheet: Sheet, kind: str, holders: "Holders") -> tuple[Iterable[User], str, str] | None:
    name = f"「{sheet.subject_name}」"
    match kind:
        case StepKind.DELEGATED:
            return holders.of(sheet), f"{name}の回答を割り振られました", ASKED
        case StepKind.REASSIGNED | StepKind.RESTORED:
            return officers_of_unit(sheet.respondent), f"{name}の回答をお願いします", ASKED
        case StepKind.HANDED_BACK:
            return officers_of_unit(sheet.respondent), f"{name}の照会票が戻されました", ASKED
        case StepKind.SUBMITTED if sheet.state == SheetState.CHECKING:
            return heads_of_division(sheet.respondent), f"{name}の回答を確認してください", MOVED
        case StepKind.RETURNED | StepKind.RETURNED_BY_HEAD | StepKind.REOPENED:
            return officers_of_unit(sheet.respondent), f"{name}の回答が差し戻されました", MOVED
        case StepKind.ACCEPTED:
            return officers_of_unit(sheet.respondent), f"{name}の回答を受理しました", MOVED
        case StepKind.DUE_CHANGED:
            return holders.of(sheet), f"{name}の回答期限が{day_text(sheet.due_on)}に変わりました", ASKED
    return None


def tell_reminded(sheet: Sheet, text: str, people: Iterable[User]) -> int:
    """Those who have the next step are reminded now, by the secretariat's hand; returns how many were told."""
    return notify(
        people,
        kind=DUE,
        about=sheet,
        title=f"「{sheet.subject_name}」の回答をお願いします",
        body=text or f"照会「{sheet.campaign.title}」の期限は{day_text(sheet.due_on)}です。",
        url=reverse("inquiry:sheet-detail", args=[sheet.pk]),
        due=sheet.due_on,
    )


def settle_all(about: Sequence[Model]) -> None:
    """Take back what waits to be mailed about these."""
    settle_many(about, kinds=(ASKED, MOVED, DUE))


def holders_of(sheet: Sheet) -> list[User]:
    """The accounts of those who have the next step."""
    if sheet.campaign.state != CampaignState.OPEN:
        return []
    match sheet.state:
        case SheetState.ANSWERING if sheet.holder_id is not None:
            return accounts_of([sheet.holder_id])
        case SheetState.ANSWERING:
            return officers_of_unit(_unit(sheet))
        case SheetState.CHECKING:
            return heads_of_division(sheet.respondent)
        case SheetState.COLLECTING:
            return secretariat()
    return []


class Holders:
    """``holders_of`` for many sheets: whoever answers for a division is looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int | None, int], list[User]] = {}

    def of(self, sheet: Sheet) -> list[User]:
        """The accounts of those who have the next step."""
        key = (sheet.state, sheet.holder_id, sheet.holder_unit_id or sheet.respondent_id)
        if key not in self._known:
            self._known[key] = holders_of(sheet)
        return self._known[key]


def _unit(sheet: Sheet) -> Unit:
    return sheet.holder_unit or sheet.respondent
