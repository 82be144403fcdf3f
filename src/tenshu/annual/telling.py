"""Telling those responsible that a year was closed, that its report was corrected, that its figures differ since."""

import hashlib

from django.urls import reverse

from tenshu.annual.models import Edition, Passage
from tenshu.annual.notice_kinds import CLOSED, CORRECTED, DIFFERS
from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.notices.recipients import holders_of, secretariat
from tenshu.ground.notices.sending import notify, settle
from tenshu.mechanisms.figures.queries import FigureDifference

SHOWN = 5


def responsible_for(year: FiscalYear) -> list[User]:
    """The secretariat, those at the top, and whoever wrote a free text of the year's report; each once."""
    writers = User.objects.filter(pk__in=Passage.objects.filter(year=year.year).values("updated_by"))
    people = [*secretariat(), *holders_of(Role.EXECUTIVE), *writers.order_by("pk")]
    return list({person.pk: person for person in people}.values())


def tell_issued(edition: Edition, *, acting_user: User) -> int:
    """The first edition closes the year, every later one corrects it; who did it is not told."""
    year = FiscalYear(edition.year)
    people = [person for person in responsible_for(year) if person.pk != acting_user.pk]
    url = f"{reverse('annual:edition-detail', args=[edition.pk])}?nendo={year.short}"
    first = edition.number == 1
    done = (
        f"{acting_user.display_name}が{year.label}を締め、年次報告の第1版を発行しました。"
        "記録を直しても、訂正の版を出すまで報告は変わりません。"
        if first
        else f"{acting_user.display_name}が{year.label}の年次報告の第{edition.number}版を発行しました。"
        f"理由：{edition.reason}"
    )
    settle_differences(year)
    return notify(
        people,
        kind=CLOSED if first else CORRECTED,
        about=edition,
        title=f"{year.label}を締めました"
        if first
        else f"{year.label}の年次報告を訂正しました（第{edition.number}版）",
        body=done,
        url=url,
        key=f"annual:{edition.pk}",
    )


def tell_differences(edition: Edition, found: list[FigureDifference]) -> int:
    """Tell the secretariat which figures of a closed year are no longer those of its newest edition; the same once."""
    year = FiscalYear(edition.year)
    lines = [f"{one.frozen.label}：{_moved(one)}" for one in found]
    told = "\n".join(lines[:SHOWN]) + (f"\nほか{len(lines) - SHOWN}件" if len(lines) > SHOWN else "")
    mark = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    return notify(
        secretariat(),
        kind=DIFFERS,
        about=edition,
        title=f"{year.label}の数値が、発行した版と合わなくなりました（{len(lines)}件）",
        body=f"{told}\n記録の誤りを直したのなら、訂正の版を発行してください。そうでなければ、記録を戻してください。",
        url=f"{reverse('annual:difference-list')}?nendo={year.short}",
        key=f"annual-differs:{edition.pk}:{mark}",
    )


def _moved(one: FigureDifference) -> str:
    if one.value_changed:
        return f"{one.then.text} → {one.now.text}"
    return f"{one.now.text}のまま、数えた行が{len(one.rows):,}件変わりました"


def settle_differences(year: FiscalYear) -> None:
    """What was told of differences of earlier editions is settled by a new one."""
    for edition in Edition.objects.filter(year=year.year).only("pk"):
        settle(edition, kind=DIFFERS)
