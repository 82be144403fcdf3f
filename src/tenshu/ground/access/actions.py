"""The writers of accounts and granted roles."""

import datetime
import secrets
from collections.abc import Iterable, Sequence

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import RoleGrant, User
from tenshu.ground.access.roles import Role
from tenshu.ground.audit.actions import Change, record, record_many
from tenshu.ground.audit.snapshot import snapshot
from tenshu.ground.office.models import Staff

SECRET = frozenset({"password", "last_login", "failed_signins"})
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # no letters that are misread on paper


def system_user(name: str = "tenshu", display_name: str = "天守（自動処理）") -> User:
    """The account under which the product itself acts; nobody can sign in with it."""
    user, _ = User.objects.get_or_create(
        login_name=name,
        defaults={"display_name": display_name, "is_machine": True, "password": make_password(None)},
    )
    return user


def new_password() -> str:
    """A first password of 16 readable letters in four groups (about 80 bits)."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(16))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


@transaction.atomic
def do_create_account(
    login_name: str,
    display_name: str,
    password: str,
    *,
    acting_user: User,
    staff: Staff | None = None,
    must_change_password: bool = True,
) -> User:
    """Register one account. Raises ``ValidationError`` when the sign-in name is taken."""
    if User.objects.filter(login_name=login_name).exists():
        raise ValidationError(f"利用者名「{login_name}」は既に使われています。別の利用者名にしてください。")
    user = User(
        login_name=login_name,
        display_name=display_name,
        staff=staff,
        must_change_password=must_change_password,
    )
    user.set_password(password)
    user.save()
    record("access.user.created", user, after=snapshot(user, leave_out=SECRET), acting_user=acting_user)
    return user


@transaction.atomic
def do_create_staff_accounts(staff: Iterable[Staff], *, acting_user: User) -> list[User]:
    """Accounts for staff who have none yet, without a password until one is issued. Returns the new ones.

    Raises ``ValidationError`` when somebody who is no member of staff signs in with one of the numbers: whose account
    that is, only people can tell.
    """
    missing = [person for person in staff if not hasattr(person, "account")]
    numbers = [person.number for person in missing]
    taken = User.objects.filter(login_name__in=numbers).values_list("login_name", flat=True).first()
    if taken is not None:
        raise ValidationError(
            f"利用者名「{taken}」は、職員でない利用者が使っています。その利用者を確かめてください。"
        )
    unusable = make_password(None)
    users = User.objects.bulk_create(
        [
            User(
                login_name=person.number,
                display_name=person.name,
                staff=person,
                password=unusable,
                must_change_password=True,
            )
            for person in missing
        ],
        batch_size=500,
    )
    record_many(
        [Change("access.user.created", user, after=snapshot(user, leave_out=SECRET)) for user in users],
        acting_user=acting_user,
    )
    return users


@transaction.atomic
def do_issue_passwords(users: Sequence[User], *, acting_user: User) -> dict[str, str]:
    """New first passwords by sign-in name; each has to be changed at the next sign-in. Shown once, never stored."""
    issued = {}
    changes = []
    for user in users:
        password = new_password()
        issued[user.login_name] = password
        user.set_password(password)
        user.must_change_password = True
        user.locked_until = None
        user.failed_signins = 0
        changes.append(Change("access.password.issued", user))
    User.objects.bulk_update(
        users, ["password", "must_change_password", "locked_until", "failed_signins"], batch_size=500
    )
    record_many(changes, acting_user=acting_user)
    return issued


@transaction.atomic
def do_change_password(user: User, password: str, *, acting_user: User) -> None:
    """Set the password that the person chose. The caller has validated it."""
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record("access.password.changed", user, acting_user=acting_user)


@transaction.atomic
def do_set_active(user: User, active: bool, *, acting_user: User, reason: str) -> None:
    """Stop an account or take it up again, with the reason."""
    if user.is_active == active:
        return
    before = snapshot(user, leave_out=SECRET)
    user.is_active = active
    user.save(update_fields=["is_active"])
    record(
        "access.user.activated" if active else "access.user.stopped",
        user,
        before=before,
        after=snapshot(user, leave_out=SECRET),
        reason=reason,
        acting_user=acting_user,
    )


@transaction.atomic
def do_grant_role(
    user: User,
    role: Role,
    *,
    valid_from: datetime.date,
    valid_until: datetime.date | None,
    reason: str,
    acting_user: User,
) -> RoleGrant:
    """Give a role for a span of days. An auditor's grant must have an end."""
    if role == Role.AUDITOR and valid_until is None:
        raise ValidationError("外部監査人の役割には、終了日を入れてください。")
    if valid_until is not None and valid_until < valid_from:
        raise ValidationError("終了日は開始日以後の日にしてください。")
    grant = RoleGrant.objects.create(
        user=user, role=role, valid_from=valid_from, valid_until=valid_until, reason=reason
    )
    record("access.role.granted", grant, after=snapshot(grant), reason=reason, acting_user=acting_user)
    return grant


@transaction.atomic
def do_end_grant(grant: RoleGrant, *, acting_user: User, on: datetime.date | None = None) -> None:
    """End a granted role on a day (yesterday at the latest takes it away at once)."""
    before = snapshot(grant)
    last_day = on or timezone.localdate() - datetime.timedelta(days=1)
    if last_day < grant.valid_from:
        record("access.role.withdrawn", grant, before=before, acting_user=acting_user)
        grant.delete()
        return
    grant.valid_until = last_day
    grant.save(update_fields=["valid_until"])
    record("access.role.ended", grant, before=before, after=snapshot(grant), acting_user=acting_user)
