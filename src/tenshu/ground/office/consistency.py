"""Consistency rules of organisation, staff and posts."""

import datetime
from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from tenshu.engines.japanese import format_wareki
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import reference_day
from tenshu.ground.consistency import Check, Finding, Severity
from tenshu.ground.office.models import Post, Staff, Succession, Unit, UnitDuty, UnitDutyKind
from tenshu.ground.office.queries import Organisation, heads_of, staff_in_service

ONE_DAY = datetime.timedelta(days=1)


def _of_unit(unit: Unit, message: str) -> Finding:
    url = reverse("office:unit-detail", kwargs={"unit_id": unit.pk})
    return Finding(f"{unit.code} {unit}", message, url)


def _of_staff(staff: Staff, message: str) -> Finding:
    url = reverse("office:staff-detail", kwargs={"staff_id": staff.pk})
    return Finding(f"{staff.number} {staff}", message, url)


def overlapping_posts(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """People with two main posts on one day."""
    posts = (
        Post.objects.within(fiscal_year.start, fiscal_year.end)
        .filter(is_concurrent=False)
        .select_related("staff", "unit")
        .order_by("staff_id", "valid_from", "pk")
    )
    holder: Post | None = None
    for post in posts:
        if holder is not None and holder.staff_id == post.staff_id and holder.holds_on(post.valid_from):
            since = format_wareki(post.valid_from)
            yield _of_staff(
                post.staff,
                f"{since}に{holder.unit}と{post.unit}の配属が重なっています。どちらかを兼務にするか終了日を直してください。",
            )
        if holder is None or holder.staff_id != post.staff_id or _ends_later(post, holder):
            holder = post


def _ends_later(post: Post, other: Post) -> bool:
    if other.valid_until is None:
        return False
    return post.valid_until is None or post.valid_until > other.valid_until


def posts_beyond_their_unit(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """Posts that hold on days on which their unit does not stand."""
    beyond = Q(valid_from__lt=F("unit__valid_from")) | (
        Q(unit__valid_until__isnull=False)
        & (Q(valid_until__isnull=True) | Q(valid_until__gt=F("unit__valid_until")))
    )
    posts = Post.objects.within(fiscal_year.start, fiscal_year.end).filter(beyond)
    for post in posts.select_related("staff", "unit").order_by("unit__code", "staff__number"):
        yield _of_staff(post.staff, f"{post.unit}がない日にも配属されています。異動先を入れてください。")


def posts_after_leaving(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """Posts of people who have left."""
    open_ = Q(valid_until__isnull=True) | Q(valid_until__gt=F("staff__left_on"))
    posts = Post.objects.within(fiscal_year.start, fiscal_year.end).filter(
        open_, staff__left_on__isnull=False
    )
    for post in posts.select_related("staff", "unit").order_by("staff__number"):
        yield _of_staff(post.staff, f"退職した後も{post.unit}に配属されています。終了日を入れてください。")


def staff_without_post(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """People in service without any post."""
    day = reference_day(fiscal_year)
    posts = Post.objects.as_of(day).filter(staff=OuterRef("pk"))
    for staff in Staff.objects.filter(staff_in_service(day)).exclude(Exists(posts)).order_by("number"):
        yield _of_staff(staff, f"{format_wareki(day)}の配属がありません。配属か退職日を入れてください。")


def divisions_without_head(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """Divisions that nobody heads."""
    organisation = Organisation.on(reference_day(fiscal_year))
    divisions = organisation.divisions()
    heads = heads_of([unit.pk for unit in divisions], organisation.day)
    for unit in divisions:
        if unit.pk not in heads:
            yield _of_unit(unit, "所属長がいません。所属長の配属を入れてください。")


def units_beyond_their_parent(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """Units that stand on days on which the unit above does not."""
    beyond = Q(valid_from__lt=F("parent__valid_from")) | (
        Q(parent__valid_until__isnull=False)
        & (Q(valid_until__isnull=True) | Q(valid_until__gt=F("parent__valid_until")))
    )
    units = Unit.objects.within(fiscal_year.start, fiscal_year.end).filter(beyond).select_related("parent")
    for unit in units.order_by("code"):
        yield _of_unit(unit, f"上位組織の{unit.parent}がない日にもあります。期間を直してください。")


def units_ended_without_successor(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """Units that ended with the year's beginning or in it, and name no successor."""
    followed = Succession.objects.filter(predecessor=OuterRef("pk"))
    units = Unit.objects.filter(valid_until__range=(fiscal_year.start - ONE_DAY, fiscal_year.end - ONE_DAY))
    for unit in units.exclude(Exists(followed)).order_by("code"):
        yield _of_unit(unit, "終わった後の承継先がありません。廃止でなければ承継先を入れてください。")


def secretariat_missing(fiscal_year: FiscalYear) -> Iterator[Finding]:
    """A day without a secretariat: nobody could keep the records."""
    day = reference_day(fiscal_year)
    if not UnitDuty.objects.as_of(day).filter(kind=UnitDutyKind.SECRETARIAT).exists():
        message = f"{format_wareki(day)}に事務局の所掌を持つ組織がありません。所掌を入れてください。"
        yield Finding("事務局", message, reverse("office:unit-tree"))


CHECKS = [
    Check("office.post.overlap", Severity.ERROR, "本務の配属が重なる職員", overlapping_posts),
    Check("office.post.beyond_unit", Severity.ERROR, "組織がない日の配属", posts_beyond_their_unit),
    Check("office.post.after_leaving", Severity.ERROR, "退職後の配属", posts_after_leaving),
    Check("office.staff.no_post", Severity.WARNING, "配属のない在職者", staff_without_post),
    Check("office.division.no_head", Severity.WARNING, "所属長のいない所属", divisions_without_head),
    Check("office.unit.beyond_parent", Severity.ERROR, "上位組織がない日の組織", units_beyond_their_parent),
    Check(
        "office.unit.no_successor",
        Severity.WARNING,
        "承継先のない終わった組織",
        units_ended_without_successor,
    ),
    Check("office.secretariat.missing", Severity.ERROR, "事務局のない日", secretariat_missing),
]
