"""The sample sign-ins of the demonstration: one person for each role, found in the loaded year."""

import datetime
import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from tenshu.dx.taskforce.models import Issue, IssueState
from tenshu.ground.access.actions import do_create_account, do_grant_role, new_password
from tenshu.ground.access.models import RoleGrant, User
from tenshu.ground.access.queries import roles_of
from tenshu.ground.access.roles import Role
from tenshu.ground.office.models import Post, PostRank, Staff

FILE_NAME = "demo-logins.json"
GRANTED = {Role.EXECUTIVE, Role.AUDITOR}


@dataclass(frozen=True, slots=True)
class SampleLogin:
    """A sign-in of the demonstration."""

    role: str
    login: str
    password: str
    name: str


@transaction.atomic
def make_sample_logins(home: Path, *, acting_user: User) -> list[SampleLogin]:
    """One account a role. A second run gives the same ones; the passwords lie in the home, for its owner alone."""
    path = home / FILE_NAME
    if path.exists():
        kept = [SampleLogin(**item) for item in json.loads(path.read_text(encoding="utf-8"))]
        if User.objects.filter(login_name__in=[item.login for item in kept]).count() == len(kept):
            return kept
    made = [_make(role, acting_user) for role in Role]
    text = json.dumps([_plain(item) for item in made], ensure_ascii=False, indent=2)
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as handle:
        handle.write(text)
    return made


def _plain(item: SampleLogin) -> dict[str, str]:
    return {"role": item.role, "login": item.login, "password": item.password, "name": item.name}


def _make(role: Role, acting_user: User) -> SampleLogin:
    person = None if role == Role.AUDITOR else _person(role)
    login, name = (person.number, person.name) if person else ("kansa", "外部 監査人（見本）")
    password = new_password()
    user = User.objects.filter(login_name=login).first()
    if user is None:
        user = do_create_account(
            login, name, password, staff=person, acting_user=acting_user, must_change_password=False
        )
    else:
        user.set_password(password)
        user.save(update_fields=["password"])
    today = timezone.localdate()
    if role in GRANTED and not RoleGrant.objects.as_of(today).filter(user=user, role=role).exists():
        do_grant_role(
            user,
            role,
            valid_from=today,
            valid_until=today + datetime.timedelta(days=365),
            reason="見本の役割",
            acting_user=acting_user,
        )
    return SampleLogin(role.label, login, password, name)


def _person(role: Role) -> Staff:
    """The first member of staff without an account whose posts give this role, best of a unit with open issues."""
    today = timezone.localdate()
    posts = Post.objects.as_of(today).filter(is_concurrent=False, staff__account__isnull=True)
    match role:
        case Role.SECRETARIAT:
            posts = posts.filter(unit__duties__kind="secretariat", rank=PostRank.MEMBER)
        case Role.SECURITY:
            posts = posts.filter(unit__duties__kind="security")
        case Role.HEAD:
            posts = posts.filter(rank=PostRank.HEAD, unit__wg_memberships__isnull=False)
        case Role.OFFICER:
            posts = posts.filter(is_officer=True, rank=PostRank.MEMBER, unit__wg_memberships__isnull=False)
        case _:
            posts = posts.filter(rank=PostRank.MEMBER, is_officer=False, unit__duties__isnull=True)
    open_issues = Issue.objects.exclude(state=IssueState.DONE).filter(owner_unit=OuterRef("unit"))
    busiest = posts.annotate(has_work=Exists(open_issues)).order_by("-has_work", "staff__number")
    for post in busiest.select_related("staff")[:200]:
        held = _roles_without_account(post.staff)
        if role in held or role in {Role.EXECUTIVE, Role.STAFF}:
            return post.staff
    raise LookupError(f"読み込んだ年度に、役割「{role.label}」の職員がいません。")


def _roles_without_account(staff: Staff) -> frozenset[Role]:
    return roles_of(User(pk=0, staff=staff), timezone.localdate())
