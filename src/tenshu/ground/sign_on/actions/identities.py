"""The identity of a provider meets the register: by the staff number, and by nothing else."""

from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db import transaction

from tenshu.ground.access.actions import do_create_staff_accounts, system_user
from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import record
from tenshu.ground.office.models import Staff
from tenshu.ground.sign_on.models import Outcome
from tenshu.ground.sign_on.queries import linked_to, why_not


class SignInRefusedError(Exception):
    """The identity is proved, but may not come in; ``outcome`` says why, ``user`` whom it would have been."""

    def __init__(self, outcome: Outcome, user: User | None = None) -> None:
        super().__init__(outcome.label)
        self.outcome, self.user = outcome, user


@transaction.atomic
def do_admit(number: str, *, provider: str, uid: str) -> User:
    """The account of the member of staff with this number, made and linked at the first sign-in.

    Raises ``SignInRefusedError`` (nothing is kept) when the number is in no register, when its holder has left or was
    stopped, or when the number came with another identity before: numbers are given to new people.
    """
    account = staff_account(number)
    link = linked_to(provider, uid)
    if link is not None and link.user_id != account.pk:
        raise SignInRefusedError(Outcome.OTHER_IDENTITY, account)
    if link is None:
        if SocialAccount.objects.filter(provider=provider, user_id=account.pk).exists():
            raise SignInRefusedError(Outcome.OTHER_IDENTITY, account)
        SocialAccount.objects.create(user=account, provider=provider, uid=uid, extra_data={})
        record("sign_on.identity.linked", account, after={"provider": provider}, acting_user=system_user())
    return account


@transaction.atomic
def staff_account(number: str) -> User:
    """The account of this staff number, made when there is none yet. Raises ``SignInRefusedError``."""
    # Locked, so that two browsers of a new person do not make the account twice.
    staff = Staff.objects.select_for_update().filter(number=number).first() if number else None
    if staff is None:
        raise SignInRefusedError(Outcome.UNKNOWN_NUMBER)
    account = User.objects.select_related("staff").filter(staff=staff).first()
    refusal = why_not(account or User(staff=Staff.objects.get(pk=staff.pk)), by_provider=True)
    if refusal is not None:
        raise SignInRefusedError(refusal, account)
    if account is None:
        try:
            (account,) = do_create_staff_accounts([staff], acting_user=system_user())
        except ValidationError as taken:
            raise SignInRefusedError(Outcome.NAME_TAKEN) from taken
    return account
