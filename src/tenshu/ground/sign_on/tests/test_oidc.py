"""Sign-in by a real OpenID Connect provider, and every way in which its answer must not be believed."""

import datetime
import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.office.models import Post
from tenshu.ground.office.tests.building import House
from tenshu.ground.outgoing.tests.servers import http_server
from tenshu.ground.sign_on.actions.sessions import do_end_sessions
from tenshu.ground.sign_on.models import OpenSession, Outcome, SignInEntry, Way
from tenshu.ground.sign_on.provider_file import read_provider_file
from tenshu.ground.sign_on.tests.building import SECOND, account, is_in, text, totp_code, with_totp
from tenshu.ground.sign_on.tests.servers import free_port
from tenshu.ground.sign_on.tests.servers.oidc_provider import OidcProvider, oidc_provider

pytestmark = [pytest.mark.django_db, pytest.mark.servers, pytest.mark.xdist_group("sign-on-oidc")]
START, CALLBACK = "/sign-on/oidc/kencho/", "/sign-on/oidc/kencho/callback/"


@pytest.fixture(scope="module")
def provider(tmp_path_factory) -> Iterator[OidcProvider]:
    with oidc_provider("http://testserver", tmp_path_factory.mktemp("oidc")) as found:
        yield found


@pytest.fixture(autouse=True)
def office(provider: OidcProvider, tmp_path, settings) -> None:
    """The office's file names the provider."""
    use_provider(provider.url, tmp_path, settings)


def use_provider(
    url: str, tmp_path, settings, *, secret: str = "only-for-this-test", extra: str = ""
) -> None:
    (tmp_path / "secret").write_text(secret)
    path = tmp_path / "sign-on.toml"
    path.write_text(
        f"""[[oidc]]
id = "kencho"
name = "県庁認証基盤"
server = "{url}"
client_id = "tenshu"
client_secret_file = "secret"
staff_number = "preferred_username"
{extra}"""
    )
    read = read_provider_file(str(path))
    settings.SIGN_ON_PROVIDERS = read.providers
    settings.SOCIALACCOUNT_PROVIDERS = dict(read.allauth)


def ask(client: Client, next_: str = "") -> str:
    return client.get(START, {"next": next_})["Location"]


def bring(client: Client, address: str):
    """Bring the provider's answer to the house, and follow to the end."""
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}", follow=True)


def sign_in(provider: OidcProvider, name: str, client: Client | None = None, next_: str = ""):
    client = client or Client()
    address = provider.answer(ask(client, next_), name)
    return client, bring(client, address), address


def assert_refused(client: Client, response) -> None:
    assert response.status_code == 403
    assert "サインインできません" in text(response)
    assert not is_in(client)
    assert SignInEntry.objects.latest("pk").outcome == Outcome.DOUBTED


def test_a_member_of_staff_comes_in_through_to_the_page_that_was_wanted(house: House, provider) -> None:
    User.objects.filter(staff=house.staff["1004"]).delete()
    client, response, _ = sign_in(provider, "saburo", next_="/sign-on/account/")
    assert response.redirect_chain[-1][0] == "/sign-on/account/"
    assert client.get("/").status_code == 200
    entry = SignInEntry.objects.get()
    assert (entry.user.staff, entry.way, entry.provider) == (house.staff["1004"], Way.OIDC, "kencho")
    assert AuditRow.objects.filter(verb="access.user.created", target_key=str(entry.user.pk)).exists()
    assert AuditRow.objects.filter(verb="sign_on.identity.linked").count() == 1
    again, _, _ = sign_in(provider, "saburo")
    assert is_in(again)
    assert SocialAccount.objects.count() == 1


def test_off_to_the_provider_with_state_nonce_and_pkce(house: House, provider) -> None:
    query = parse_qs(urlsplit(ask(Client())).query)
    assert {"state", "nonce", "code_challenge"} <= query.keys()
    assert query["code_challenge_method"] == ["S256"]


def test_roles_come_from_the_register_and_not_from_the_token(house: House, provider) -> None:
    client, _, _ = sign_in(provider, "saburo")
    assert client.get("/access/users/").status_code == 404
    user = User.objects.get(staff=house.staff["1004"])
    user.grants.create(role=Role.SECRETARIAT, valid_from=timezone.localdate())
    client, _, _ = sign_in(provider, "saburo")
    assert client.get("/access/users/").status_code == 200


def test_an_unknown_number_gets_a_page_that_says_so_and_no_account(house: House, provider) -> None:
    before = User.objects.count()
    client, response, _ = sign_in(provider, "kiroku")
    assert (response.status_code, User.objects.count()) == (403, before)
    assert "職員番号が天守の名簿にありません" in text(response)
    assert not is_in(client)


def test_who_has_no_post_today_or_was_stopped_cannot_come_in(house: House, provider) -> None:
    Post.objects.filter(staff=house.staff["1004"]).update(
        valid_until=timezone.localdate() - datetime.timedelta(days=1)
    )
    assert "今日の配属がない" in text(sign_in(provider, "saburo")[1])
    User.objects.filter(staff=house.staff["1002"]).update(is_active=False)
    client, response, _ = sign_in(provider, "taro")
    assert "利用を止めています" in text(response)
    assert not is_in(client)


def test_a_number_that_was_given_to_somebody_else_is_refused(house: House, provider) -> None:
    user = User.objects.get(staff=house.staff["1004"])
    SocialAccount.objects.create(user=user, provider="kencho", uid="the-one-before")
    client, response, _ = sign_in(provider, "saburo")
    assert "別の人にひも付いています" in text(response)
    assert not is_in(client)


def test_the_houses_own_second_factor_is_asked_unless_the_provider_vouches(
    house: House, provider, tmp_path, settings
) -> None:
    with_totp(account(house, "staff"))
    client, response, _ = sign_in(provider, "saburo")
    assert response.redirect_chain[-1][0] == SECOND
    client.post(SECOND, {"code": totp_code()})
    assert is_in(client)
    use_provider(provider.url, tmp_path, settings, extra="second_factor = true")
    assert is_in(sign_in(provider, "saburo")[0])


def test_an_answer_is_good_once(house: House, provider) -> None:
    client, _, address = sign_in(provider, "saburo")
    client.post("/access/logout/")
    assert_refused(client, bring(client, address))


def test_an_answer_is_good_in_the_browser_that_asked_for_it_alone(house: House, provider) -> None:
    address = provider.answer(ask(Client()), "saburo")
    other = Client()
    ask(other)
    assert_refused(other, bring(other, address))


@pytest.mark.parametrize("change", [{"state": "x"}, {"state": ""}, {"code": "x"}, {"code": ""}])
def test_an_answer_with_a_strange_state_or_code_is_refused(house: House, provider, change) -> None:
    client = Client()
    address = provider.answer(ask(client), "saburo")
    query = {key: value[0] for key, value in parse_qs(urlsplit(address).query).items()} | change
    assert_refused(client, client.get(CALLBACK, {key: value for key, value in query.items() if value}))


def test_a_token_with_another_nonce_is_refused(house: House, provider) -> None:
    client = Client()
    address = ask(client).replace("nonce=", "nonce=other")
    assert_refused(client, bring(client, provider.answer(address, "saburo")))


def test_a_code_that_was_stolen_is_of_no_use_without_the_verifier(house: House, provider) -> None:
    client = Client()
    query = parse_qs(urlsplit(provider.answer(ask(client), "saburo")).query)
    form = {
        "grant_type": "authorization_code",
        "code": query["code"][0],
        "redirect_uri": f"http://testserver{CALLBACK}",
    }
    taken = requests.post(
        f"{provider.url}/oauth/token", data=form, auth=("tenshu", "only-for-this-test"), timeout=20
    )
    assert taken.status_code == 400


def test_a_wrong_secret_of_the_house_opens_nothing(house: House, provider, tmp_path, settings) -> None:
    use_provider(provider.url, tmp_path, settings, secret="wrong")
    client, response, _ = sign_in(provider, "saburo")
    assert_refused(client, response)


def test_turning_back_at_the_provider_is_told_as_such(house: House, provider) -> None:
    client = Client()
    state = parse_qs(urlsplit(ask(client)).query)["state"][0]
    response = client.get(f"{CALLBACK}?{urlencode({'error': 'access_denied', 'state': state})}")
    assert "取りやめになりました" in text(response)


def test_a_provider_that_is_down_gives_a_page_that_says_so(house: House, tmp_path, settings) -> None:
    use_provider(f"http://127.0.0.1:{free_port()}", tmp_path, settings)
    response = Client().get(START)
    assert response.status_code == 503
    assert "認証基盤につながりません" in text(response)


def test_after_signing_out_the_way_to_the_providers_own_sign_out_is_shown(house: House, provider) -> None:
    client, _, _ = sign_in(provider, "saburo")
    page = client.post("/access/logout/", follow=True)
    assert "県庁認証基盤からもサインアウトする" in text(page)
    on = client.get("/sign-on/sign-out/kencho/")
    assert on["Location"].startswith(f"{provider.url}/oauth/end_session?client_id=tenshu")


def test_signing_in_again_in_the_same_browser_leaves_one_device_in_the_list(house: House, provider) -> None:
    client, _, _ = sign_in(provider, "saburo")
    sign_in(provider, "saburo", client)
    assert OpenSession.objects.get().session_key == client.session.session_key


def test_the_provider_is_asked_by_the_houses_door_and_leads_to_no_inner_place(
    house: House, tmp_path, settings
) -> None:
    with http_server() as server:
        use_provider(server.url(), tmp_path, settings)
        inner = server.url("/inner", host="localhost")
        told = {"issuer": server.url(), "authorization_endpoint": server.url("/ask"), "token_endpoint": inner}
        server.answer = lambda _: (200, {"Content-Type": "application/json"}, json.dumps(told).encode())
        client = Client()
        query = parse_qs(urlsplit(ask(client)).query)
        back = client.get(CALLBACK, {"state": query["state"][0], "code": "x"})
        assert back.status_code == 503
        assert {asked.path for asked in server.asked} == {"/.well-known/openid-configuration"}
        server.answer = lambda _: (302, {"Location": inner}, b"")
        assert Client().get(START).status_code == 503
        server.answer = lambda _: (200, {}, b"x" * 2_000_000)
        assert Client().get(START).status_code == 503
        assert "/inner" not in {asked.path for asked in server.asked}


def test_another_person_in_a_browser_that_is_signed_in_gets_a_session_that_can_be_ended(
    house: House, provider
) -> None:
    clients = [sign_in(provider, "saburo")[0] for _ in range(2)]
    for client in clients:
        sign_in(provider, "taro", client)
        assert is_in(client)
    listed = {session.session_key for session in OpenSession.objects.all()}
    assert listed == {client.session.session_key for client in clients}
    sessions = OpenSession.objects.select_related("user")
    do_end_sessions(sessions, acting_user=User.objects.get(staff=house.staff["1002"]))
    assert not any(map(is_in, clients))
