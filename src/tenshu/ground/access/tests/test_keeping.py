"""What is sent after the session has ended comes back to the same person, unsaved; to nobody else; secrets never."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from tests.world import PASSWORD

from tenshu.ground.access import keeping, typed_lock
from tenshu.ground.access.roles import Role
from tenshu.mechanisms.questionnaire.models import Questionnaire

pytestmark = pytest.mark.django_db

TYPED = {"code": "LOST", "title": "失われない質問票", "subject_kind": "unit", "purpose": "一行目\r\n二行目"}


@pytest.fixture
def page(world):
    return reverse("questionnaire:questionnaire-add")


def signed_in(name="secretary", **options):
    client = Client(**options)
    client.get("/access/login/")
    sign_in(client, name)
    return client


def sign_in(client, name="secretary", target="/"):
    sent = {"username": name, "password": PASSWORD, "next": target}
    if client.handler.enforce_csrf_checks:
        sent["csrfmiddlewaretoken"] = client.cookies["csrftoken"].value
    response = client.post("/access/login/", sent, headers={"Origin": "http://testserver"})
    assert response.status_code == 302, response.content.decode()[-2000:]
    return response


def text(response):
    return response.content.decode()


def idle(client):
    session = client.session
    session["sign_on"] = {**session["sign_on"], "seen": session["sign_on"]["seen"] - 10 * 24 * 3600}
    session["sign_on"]["started"] = session["sign_on"]["seen"]
    session.save()


def vanish(client):
    client.session.delete()


@pytest.mark.parametrize("end", [idle, vanish, lambda client: client.cookies.pop("sessionid")])
def test_the_form_comes_back_filled_and_unsaved_after_signing_in_again(page, end):
    client = signed_in()
    end(client)

    sent = client.post(page, TYPED)
    assert sent.status_code == 302
    assert sent["Location"].startswith("/access/login/?next=")
    assert "サインインすると、入力したところから続けられます" in text(client.get(sent["Location"]))
    assert sign_in(client, target=page)["Location"] == page
    shown = text(client.get(page))

    assert "入力した内容を戻しました。まだ保存していません" in shown
    assert 'value="失われない質問票" data-kept' in shown or "失われない質問票" in shown
    assert "一行目\r\n二行目</textarea>" in shown
    assert not Questionnaire.objects.filter(code="LOST").exists()
    assert client.post(page, TYPED).status_code == 302
    assert Questionnaire.objects.get(code="LOST").purpose == "一行目\r\n二行目"
    assert "入力した内容を戻しました" not in text(client.get(page))


def test_the_person_may_go_back_to_what_is_saved(page):
    client = signed_in()
    vanish(client)
    client.post(page, TYPED)
    sign_in(client)

    assert "失われない質問票" not in text(client.get(f"{page}?kept=no"))
    assert "失われない質問票" not in text(client.get(page))


def test_another_person_who_signs_in_never_sees_it(page, world):
    client = signed_in()
    vanish(client)
    client.post(page, TYPED)
    sign_in(client, "security")

    assert "失われない質問票" not in text(client.get("/"))
    assert keeping._KEY not in client.session
    client.get("/access/login/")
    assert "失われない質問票" not in text(client.get(page))


def test_without_proof_of_the_person_it_is_shown_at_once_and_kept_nowhere(page):
    client = Client()
    response = client.post(page, TYPED)

    assert response.status_code == 401
    assert "失われない質問票" in text(response)
    assert "一行目<br>二行目" in text(response)
    assert keeping._KEY not in client.session


def test_a_forged_note_of_the_person_proves_nothing(page, world):
    client = Client()
    client.cookies[keeping.COOKIE] = f"{world.users[Role.SECRETARIAT].pk}:forged"
    assert client.post(page, TYPED).status_code == 401


def test_what_is_too_large_to_keep_is_shown_at_once(page, monkeypatch):
    monkeypatch.setattr(keeping, "LARGEST", 20)
    client = signed_in()
    vanish(client)
    assert "失われない質問票" in text(client.post(page, TYPED))


def test_after_an_hour_it_is_gone(page, monkeypatch):
    client = signed_in()
    vanish(client)
    client.post(page, TYPED)
    sign_in(client)
    monkeypatch.setattr(keeping, "KEPT_FOR", -1)
    assert "失われない質問票" not in text(client.get(page))


def test_passwords_and_secrets_are_never_kept(page, world):
    client = signed_in()
    vanish(client)
    client.post("/access/password/", {"current": PASSWORD, "new": "atarashii-1", "again": "atarashii-1"})
    assert keeping._KEY not in client.session
    client.post(page, {**TYPED, "password": "himitsu", "api_token": "himitsu"})
    assert "himitsu" not in str(dict(client.session.items()))


def test_a_page_that_has_changed_meanwhile_shows_what_was_typed(page, world):
    client, question = signed_in(), world.kwargs["question_id"]
    address = reverse("questionnaire:question-correct", args=[question])
    vanish(client)
    client.post(address, {"code": "Q1", "text": "書き直した設問"})
    sign_in(client)
    client.post(reverse("questionnaire:version-discard", args=[world.kwargs["version_id"]]), {"sent": "1"})

    shown = text(client.get(address))

    assert "入力した内容を戻せませんでした" in shown
    assert "書き直した設問" in shown
    assert client.get(f"{address}?kept=no").status_code == 404


def test_a_page_older_than_the_sign_in_comes_back_with_a_new_token(page):
    client = signed_in(enforce_csrf_checks=True)
    stale = {**TYPED, "csrfmiddlewaretoken": "a" * 64}

    sent = client.post(page, stale, headers={"Origin": "http://testserver"})
    assert (sent.status_code, sent["Location"]) == (302, page)
    shown = text(client.get(page))
    assert "失われない質問票" in shown
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', shown.split("<main")[1]).group(1)
    fresh = {**TYPED, "csrfmiddlewaretoken": token}
    assert client.post(page, fresh, headers={"Origin": "http://testserver"}).status_code == 302
    assert Questionnaire.objects.filter(code="LOST").exists()


def test_the_way_back_never_leaves_the_house(page):
    client = signed_in(enforce_csrf_checks=True)
    headers = {"Origin": "http://testserver", "Referer": "http://testserver//evil.example/"}
    sent = client.post(page, {**TYPED, "csrfmiddlewaretoken": "a" * 64}, headers=headers)
    assert sent["Location"] == "/%2Fevil.example/"


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {}])
def test_what_another_site_sends_is_neither_kept_nor_shown(page, headers):
    client = signed_in(enforce_csrf_checks=True)
    response = client.post(page, {**TYPED, "csrfmiddlewaretoken": "a" * 64}, headers=headers)

    assert response.status_code == 403
    assert "送った内容を受け取れませんでした" in text(response)
    assert "失われない質問票" not in text(response)
    assert keeping._KEY not in client.session


def test_what_a_gate_refuses_is_shown_to_be_copied(page, world):
    client = Client()
    client.force_login(world.users[Role.SECURITY])
    response = client.post(page, TYPED)

    assert response.status_code == 403
    assert "失われない質問票" in text(response)
    assert "保存していません" in text(response)


def test_only_the_way_in_asks_for_passwords():
    """What the rooms ask for may be kept: a form with a password elsewhere needs a place in ``keeping`` first."""
    from pathlib import Path

    import tenshu

    asking = [
        path.relative_to(Path(tenshu.__file__).parent).parts[:2]
        for path in Path(tenshu.__file__).parent.rglob("*.py")
        if "tests" not in path.parts and "PasswordInput" in path.read_text(encoding="utf-8")
    ]
    assert {room for _, room in asking} <= keeping._DOORS


def kept_rows() -> str:
    return str([row.get_decoded() for row in Session.objects.all()])


def test_the_database_keeps_it_locked_and_only_the_browser_has_the_key(page):
    client = signed_in()
    vanish(client)
    client.post(page, TYPED)

    assert keeping._KEY in kept_rows()
    assert not any(word in kept_rows() for word in ("失われない", "一行目", "LOST", page))
    cookie = client.cookies["tenshu_typed"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value not in kept_rows()


def test_over_https_no_other_host_can_set_the_key(page, settings):
    settings.SESSION_COOKIE_SECURE = True
    client = Client()
    sign_in(client)
    cookie = client.cookies["__Host-tenshu_typed"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_tabs_that_are_sent_one_after_the_other_lock_with_the_same_key(page):
    client = signed_in()
    before = client.cookies["tenshu_typed"].value
    vanish(client)
    client.post(page, TYPED)
    client.post(page, TYPED | {"title": "二つ目の画面"})
    assert client.cookies["tenshu_typed"].value == before
    sign_in(client)
    assert client.cookies["tenshu_typed"].value == before
    assert "二つ目の画面" in text(client.get(page))


@pytest.mark.parametrize("other", [None, "nothing-that-is-a-key", "A" * 43 + "="])
def test_without_the_key_it_is_told_that_nothing_comes_back(page, other):
    client = signed_in()
    vanish(client)
    client.post(page, TYPED)
    sign_in(client)
    if other:
        client.cookies["tenshu_typed"] = other
    else:
        del client.cookies["tenshu_typed"]

    shown = text(client.get(page))

    assert "失われない質問票" not in shown
    assert "戻せませんでした" in shown
    assert keeping._KEY not in client.session
    assert "戻せませんでした" not in text(client.get(page))


def test_what_an_earlier_release_kept_in_the_open_is_thrown_away(page, world):
    client = signed_in()
    session = client.session
    open_ = {"person": world.users[Role.SECRETARIAT].pk, "action": page, "page": page, "typed": {}}
    session[keeping._KEY] = {**open_, "had_files": False, "at": 0}
    session.save()
    assert client.get(page).status_code == 200
    assert keeping._KEY not in client.session


def test_what_is_locked_for_one_person_opens_for_no_other():
    key = typed_lock.new_key()
    locked = typed_lock.lock(key, 1, {"typed": "本文"})
    assert typed_lock.unlock(key, 1, locked) == {"typed": "本文"}
    assert typed_lock.unlock(key, 2, locked) is None
    assert typed_lock.unlock(typed_lock.new_key(), 1, locked) is None
