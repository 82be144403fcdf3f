"""What every page needs around its content: menu, years, person. Read only when a full page is shown."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import roles_of
from tenshu.ground.access.table import permission_table
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.notices.queries import unread_count
from tenshu.ground.office.models import Post
from tenshu.ground.office.queries import office_name
from tenshu.ground.ui.navigation import Section, menu
from tenshu.ground.ui.parts import Crumb


@dataclass(frozen=True, slots=True)
class YearChoice:
    """A fiscal year of the switch: the same page in that year."""

    label: str
    span: str
    state: str
    is_closed: bool
    is_current: bool
    url: str


class PageFrame:
    """Menu, year switch and person of one request. Every part is worked out when the template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def office_name(self) -> str:
        """The office as its people call it (見本県); empty until it is entered, and for a visitor."""
        return office_name() if self.user else ""

    @property
    def user(self) -> User | None:
        """The signed-in person."""
        user = getattr(self.request, "user", None)
        return user if isinstance(user, User) else None

    @property
    def fiscal_year(self) -> FiscalYear:
        """The year of this page."""
        year = getattr(self.request, "fiscal_year", None)
        return year if isinstance(year, FiscalYear) else FiscalYear.containing(timezone.localdate())

    @cached_property
    def sections(self) -> list[Section]:
        """The menu; empty for a visitor."""
        user = self.user
        return menu(user, self.fiscal_year, self.request.resolver_match) if user else []

    @cached_property
    def current_trail(self) -> list[Crumb]:
        """The default breadcrumb: the wing, and the room when this page is not its first one."""
        trail: list[Crumb] = []
        for section in self.sections:
            for item in section.items:
                if item.current:
                    trail += [Crumb(section.wing.label)] if section.wing.label else []
                    trail += [Crumb(item.label, item.url)] if item.current == "true" else []
        return trail

    @cached_property
    def years(self) -> list[YearChoice]:
        """The opened years, newest first, each leading to this very page."""
        query = {key: value for key, value in self.request.GET.lists() if key not in {"nendo", "page"}}
        choices = []
        for row in getattr(self.request, "opened_years", ()):
            year = row.fiscal_year
            choices.append(
                YearChoice(
                    label=year.label,
                    span=f"{year.year}年4月～{year.year + 1}年3月",
                    state=row.get_state_display(),
                    is_closed=row.is_closed,
                    is_current=year == self.fiscal_year,
                    url=f"{self.request.path}?{urlencode({**query, 'nendo': year.short}, doseq=True)}",
                )
            )
        return choices

    @cached_property
    def year(self) -> YearChoice | None:
        """The current choice, or None before the first year is opened."""
        return next((choice for choice in self.years if choice.is_current), None)

    @cached_property
    def newest_open(self) -> YearChoice | None:
        """The newest year that is not closed, to go back to."""
        return next((choice for choice in self.years if not choice.is_closed), None)

    @cached_property
    def closed_on(self) -> Any:
        """When the year of this page was closed, or None while it is open."""
        for row in getattr(self.request, "opened_years", ()):
            if row.fiscal_year == self.fiscal_year and row.is_closed:
                return row.closed_at
        return None

    @cached_property
    def post_text(self) -> str:
        """Where the person works today: 行政DX推進課 主査."""
        user = self.user
        if user is None or user.staff_id is None:
            return ""
        posts = Post.objects.as_of(timezone.localdate()).filter(staff_id=user.staff_id).select_related("unit")
        post = posts.order_by("is_concurrent", "pk").first()
        return f"{post.unit.name} {post.title or post.get_rank_display()}" if post else ""

    @property
    def search_url(self) -> str:
        """The search page; empty for a person without any role, who would find nothing there."""
        return self._opened("search:results")

    def _opened(self, name: str) -> str:
        """The address of a page that the permission table opens to the person, else empty."""
        rule, user = permission_table().get(name), self.user
        return _url(name) if rule and user and rule.answer(roles_of(user)) == 200 else ""

    @property
    def searched(self) -> str:
        """What was searched for, on the page of results; it stays in the box."""
        return self.request.GET.get("q", "") if self.request.path == self.search_url else ""

    @cached_property
    def unread(self) -> int:
        """How many notices the person has not read."""
        return unread_count(self.user) if self.user else 0

    @property
    def notices_url(self) -> str:
        """The person's notices; empty for a person without any role."""
        return self._opened("notices:notice-list")

    @property
    def home_url(self) -> str:
        """The person's page of things to do."""
        return _url("home:tasks") or "/"

    @property
    def sign_out_url(self) -> str:
        """Where the sign-out button posts to."""
        return _url("access:logout")

    @property
    def password_url(self) -> str:
        """Where the person changes the password."""
        return _url("access:password-change")

    @property
    def account_url(self) -> str:
        """Where the person looks after second factors and devices."""
        return _url("sign_on:account")


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def page_frame(request: HttpRequest) -> dict[str, PageFrame]:
    """Context processor: ``frame``."""
    return {"frame": PageFrame(request)}
