"""Sign-in: Argon2, a lock after five failures, a forced change of the first password, no open redirect."""

import datetime

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import identify_hasher
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from tenshu.ground.access.actions import (
    do_create_account,
    do_create_staff_accounts,
    do_issue_passwords,
    new_password,
    system_user,
)
from tenshu.ground.access.backends import MAX_FAILURES
from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.office.models import Staff
from tenshu.ground.sign_on.models import Outcome, SignInEntry

pytestmark = pytest.mark.django_db
PASSWORD = "mihon-no-aikotoba-1"
LOGIN = "/access/login/"


@pytest.fixture
def person() -> User:
    return do_create_account(
        "1001", "見本 花子", PASSWORD, acting_user=system_user(), must_change_password=False
    )


def sign_in(password: str = PASSWORD, **more) -> tuple[Client, object]:
    client = Client()
    response = client.post(LOGIN, {"username": "1001", "password": password, **more})
    return client, response


def test_the_right_password_opens_the_house(person):
    client, response = sign_in()
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/access/password/").status_code == 200


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(person):
    _, wrong = sign_in("something-else-9")
    unknown = Client().post(LOGIN, {"username": "9999", "password": PASSWORD})
    assert wrong.status_code == unknown.status_code == 422
    message = "利用者名かパスワードが違います"
    assert message in wrong.content.decode()
    assert message in unknown.content.decode()
    assert "1001" in wrong.content.decode()


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(person):
    for _ in range(MAX_FAILURES):
        sign_in("something-else-9")
    _, response = sign_in()
    assert response.status_code == 422
    person.refresh_from_db()
    assert person.locked_until - timezone.now() > datetime.timedelta(minutes=14)
    User.objects.update(locked_until=timezone.now() - datetime.timedelta(seconds=1))
    _, response = sign_in()
    assert response.status_code == 302
    person.refresh_from_db()
    assert (person.failed_signins, person.locked_until) == (0, None)


def test_four_failures_and_a_success_begin_the_count_anew(person):
    for _ in range(2):
        for _ in range(MAX_FAILURES - 1):
            sign_in("something-else-9")
        assert sign_in()[1].status_code == 302


def test_a_stopped_account_and_the_machines_account_cannot_sign_in(person):
    person.is_active = False
    person.save()
    assert sign_in()[1].status_code == 422
    machine = system_user()
    machine.set_password(PASSWORD)
    machine.save()
    response = Client().post(LOGIN, {"username": machine.login_name, "password": PASSWORD})
    assert response.status_code == 422


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "word", "saml_acs", "access:login"],
)
def test_sign_in_never_leads_out_of_the_house(person, target):
    _, response = sign_in(next=target)
    assert response["Location"] == "/"


def test_sign_in_leads_to_where_the_person_wanted_to_go(person):
    _, response = sign_in(next="/access/password/")
    assert response["Location"] == "/access/password/"


def test_imported_staff_have_no_password_until_one_is_issued_and_must_change_it_at_once(db):
    staff = Staff.objects.create(number="1001", name="見本 花子")
    (user,) = do_create_staff_accounts([staff], acting_user=system_user())
    assert not user.has_usable_password()
    assert do_create_staff_accounts([Staff.objects.get(pk=staff.pk)], acting_user=system_user()) == []
    issued = do_issue_passwords([user], acting_user=system_user())
    client, response = sign_in(issued["1001"])
    assert response.status_code == 302
    sent_on = client.get("/")
    assert (sent_on.status_code, sent_on["Location"]) == (302, "/access/password/")
    changed = client.post(
        "/access/password/", {"current": issued["1001"], "new": PASSWORD, "again": PASSWORD}
    )
    assert changed.status_code == 302
    assert client.get("/access/password/").status_code == 200
    user.refresh_from_db()
    assert not user.must_change_password


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"current": "wrong-wrong-1"}, "いまのパスワードが違います"),
        ({"new": "short", "again": "short"}, "12"),
        ({"again": "something-else-9"}, "もう一度"),
        ({"new": PASSWORD, "again": PASSWORD}, "いまと同じ"),
        ({"new": "見本 花子", "again": "見本 花子"}, "12"),
    ],
)
def test_a_weak_or_mistyped_new_password_is_refused_with_how_to_mend_it(person, values, message):
    client, _ = sign_in()
    data = {"current": PASSWORD, "new": "atarashii-kotoba-2", "again": "atarashii-kotoba-2"} | values
    response = client.post("/access/password/", data)
    assert response.status_code == 422
    assert message in response.content.decode()


def test_a_new_password_like_the_persons_own_name_is_refused(db):
    do_create_account(
        "mihon-hanako", "見本 花子", PASSWORD, acting_user=system_user(), must_change_password=False
    )
    client = Client()
    client.post(LOGIN, {"username": "mihon-hanako", "password": PASSWORD})
    new = "mihon-hanako1"
    response = client.post("/access/password/", {"current": PASSWORD, "new": new, "again": new})
    assert response.status_code == 422
    assert "似" in response.content.decode()


def test_nobody_can_go_on_guessing_the_present_password_at_a_foreign_screen(person):
    client, _ = sign_in()
    new = "atarashii-kotoba-2"
    for _ in range(5):
        sent = client.post("/access/password/", {"current": "guess-guess-1", "new": new, "again": new})
        assert "いまのパスワードが違います" in sent.content.decode()
    right = client.post("/access/password/", {"current": PASSWORD, "new": new, "again": new})
    assert right.status_code == 422
    assert "待ってください" in right.content.decode()
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert SignInEntry.objects.filter(user=person, outcome=Outcome.WRONG).count() == 5


def test_an_unfit_new_password_may_be_tried_again_as_often_as_it_takes(person):
    client, _ = sign_in()
    for _ in range(8):
        client.post("/access/password/", {"current": PASSWORD, "new": "short", "again": "short"})
    new = "atarashii-kotoba-2"
    done = client.post("/access/password/", {"current": PASSWORD, "new": new, "again": new})
    assert done.status_code == 302


def test_a_staff_number_that_an_outsider_signs_in_with_makes_no_second_account(person):
    staff = Staff.objects.create(number="1001", name="見本 次郎")
    with pytest.raises(ValidationError, match="職員でない利用者"):
        do_create_staff_accounts([staff], acting_user=system_user())


def test_changing_the_password_ends_the_other_sessions(person):
    here, _ = sign_in()
    elsewhere, _ = sign_in()
    new = "atarashii-kotoba-2"
    here.post("/access/password/", {"current": PASSWORD, "new": new, "again": new})
    assert here.get("/access/password/").status_code == 200
    assert elsewhere.get("/access/password/").status_code == 302


def test_sign_out_takes_a_post_and_ends_the_session(person):
    client, _ = sign_in()
    assert client.get("/access/logout/").status_code == 405
    assert client.post("/access/logout/").status_code == 302
    assert "/login/" in client.get("/access/password/")["Location"]


def test_no_password_or_hash_ever_reaches_the_record(person):
    issued = do_issue_passwords([person], acting_user=system_user())
    rows = "".join(f"{row.before}{row.after}{row.reason}" for row in AuditRow.objects.all())
    person.refresh_from_db()
    assert PASSWORD not in rows
    assert issued["1001"] not in rows
    assert person.password not in rows


def test_first_passwords_are_long_readable_and_never_the_same():
    made = {new_password() for _ in range(500)}
    assert len(made) == 500
    assert all(len(word) == 19 and not set(word) & set("l1o0IO") for word in made)


def test_passwords_are_kept_as_argon2():
    from tenshu.config import settings as product

    assert product.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert django_settings.AUTH_USER_MODEL == "access.User"
    from django.contrib.auth.hashers import Argon2PasswordHasher

    hashed = Argon2PasswordHasher().encode(PASSWORD, "saltsaltsalt")
    assert hashed.startswith("argon2$argon2id$")
    assert identify_hasher("md5$a$b").algorithm == "md5"
