"""What of organisation and staff can be found."""

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, roles_of
from tenshu.ground.access.roles import STAFF_AND_ABOVE
from tenshu.ground.office.models import Post, Staff, Unit
from tenshu.ground.search.sources import SearchSource, SearchText


def _units() -> QuerySet[Unit]:
    return Unit.objects.select_related("parent__parent__parent")


def _units_for(user: User) -> QuerySet[Unit]:
    return Unit.objects.all() if roles_of(user) else Unit.objects.none()


def _unit_text(unit: Unit) -> SearchText:
    return SearchText(unit.name, keys=(unit.code, unit.kana), on=unit.valid_until or unit.valid_from)


def _unit_place(unit: Unit) -> str:
    above = unit.parent.full_name if unit.parent else unit.get_kind_display()
    ended = unit.valid_until is not None and unit.valid_until < timezone.localdate()
    return f"{above}（廃止）" if ended else above


def _staff_for(user: User) -> QuerySet[Staff]:
    return Staff.objects.all() if holds_any(user, STAFF_AND_ABOVE) else Staff.objects.none()


def _staff_text(person: Staff) -> SearchText:
    """Name, reading and number; mail and employment are not for everybody and stay out of the index."""
    return SearchText(person.name, keys=(person.number, person.kana), on=person.left_on or person.joined_on)


def _shown_staff() -> QuerySet[Staff]:
    posts = Post.objects.as_of(timezone.localdate()).select_related("unit").order_by("is_concurrent", "pk")
    return Staff.objects.prefetch_related(Prefetch("posts", posts, to_attr="posts_today"))


def _staff_post(person: Staff) -> str:
    if person.left_on is not None and person.left_on < timezone.localdate():
        return "退職"
    posts: list[Post] = person.posts_today  # type: ignore[attr-defined]
    return f"{posts[0].unit.name} {posts[0].title or posts[0].get_rank_display()}" if posts else "配属なし"


SOURCES = [
    SearchSource(
        key="unit",
        label="組織",
        model=Unit,
        rows=_units,
        text=_unit_text,
        url=lambda unit: reverse("office:unit-detail", args=[unit.pk]),
        under=_unit_place,
        opens="office:unit-detail",
        visible=_units_for,
        icon="building",
        order=20,
    ),
    SearchSource(
        key="staff",
        label="職員",
        model=Staff,
        rows=Staff.objects.all,
        text=_staff_text,
        url=lambda person: reverse("office:staff-detail", args=[person.pk]),
        under=_staff_post,
        shown=_shown_staff,
        opens="office:staff-detail",
        visible=_staff_for,
        icon="person",
        order=30,
    ),
]
