"""An office for the tests of sign-on: one member of staff with an account, and sign-in by hand."""

import datetime
import re

from django.test import Client

from tenshu.ground.access.models import User
from tenshu.ground.office.tests.building import House
from tenshu.ground.sign_on.actions.factors import do_add_totp, do_renew_codes
from tenshu.ground.sign_on.entrance import MARK

PASSWORD = "mihon-no-aikotoba-1"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
LOGIN = "/access/login/"
SECOND = "/sign-on/second-factor/"
ACCOUNT = "/sign-on/account/"


def account(house: House, persona: str = "staff", password: str = PASSWORD) -> User:
    """The account of a persona with a password that need not be changed."""
    user = house.account(persona)
    user.set_password(password)
    user.must_change_password = False
    user.save()
    return user


def type_password(user: User, password: str = PASSWORD, client: Client | None = None, **more):
    """A browser that has sent the sign-in page, and the answer."""
    client = client or Client()
    return client, client.post(LOGIN, {"username": user.login_name, "password": password, **more})


def with_totp(user: User) -> list[str]:
    """Set the app up with a known secret; gives the recovery codes."""
    do_add_totp(user, SECRET, acting_user=user)
    return do_renew_codes(user, acting_user=user)


def totp_code(secret: str = SECRET, steps: int = 0) -> str:
    """What an app shows now, computed from RFC 4226 and 6238 and not by the library under test."""
    import base64
    import hashlib
    import hmac
    import time

    counter = int(time.time()) // 30 + steps
    digest = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
    at = digest[-1] & 15
    return str((int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF) % 1_000_000).zfill(6)


def is_in(client: Client) -> bool:
    """Whether this browser is signed in."""
    return client.get(ACCOUNT).status_code == 200


def age_session(client: Client, **seconds: int) -> None:
    """Make parts of the session's mark older."""
    session = client.session
    session[MARK] = {**session[MARK], **{key: session[MARK][key] - back for key, back in seconds.items()}}
    session.save()


def text(response) -> str:
    """The words of a page, without its markup."""
    return re.sub(r"<[^>]+>", " ", response.content.decode())


TODAY = datetime.date.today
