"""Sign-in by a real SAML identity provider, and every way in which its answer must not be believed."""

import base64
import re
import time
from collections.abc import Iterator

import pytest
import requests
import time_machine
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import Client

from tenshu.ground.access.models import User
from tenshu.ground.office.tests.building import House
from tenshu.ground.sign_on.models import OpenSession, Outcome, SignInEntry, Way
from tenshu.ground.sign_on.provider_file import read_provider_file
from tenshu.ground.sign_on.saml import MetadataError, read_metadata
from tenshu.ground.sign_on.tests.building import SECOND, account, is_in, text, with_totp
from tenshu.ground.sign_on.tests.servers import make_certificate
from tenshu.ground.sign_on.tests.servers.saml_provider import SamlProvider, saml_provider
from tenshu.ground.sign_on.ui import providers

pytestmark = [pytest.mark.django_db, pytest.mark.servers, pytest.mark.xdist_group("sign-on-saml")]
START, ACS = "/sign-on/saml/kencho/", "/sign-on/saml/kencho/acs/"


@pytest.fixture(scope="module")
def provider() -> Iterator[SamlProvider]:
    with saml_provider("http://testserver") as found:
        yield found


@pytest.fixture(autouse=True)
def office(provider: SamlProvider, tmp_path, settings) -> None:
    """The office's file names the provider."""
    use_provider(provider, tmp_path, settings)


def use_provider(provider: SamlProvider, tmp_path, settings, extra: str = "", known: str = "") -> None:
    path = tmp_path / "sign-on.toml"
    known = (
        known
        or f"""sso_url = "{provider.sso_url}"
slo_url = "{provider.slo_url}"
certificate_file = "{provider.certificate}\""""
    )
    path.write_text(
        f"""[[saml]]
id = "kencho"
name = "県庁認証基盤"
idp_entity_id = "{provider.entity_id}"
{known}
staff_number = "employeeNumber"
{extra}"""
    )
    read = read_provider_file(str(path))
    settings.SIGN_ON_PROVIDERS = read.providers
    settings.SOCIALACCOUNT_PROVIDERS = dict(read.allauth)


def new_browser() -> Client:
    """A browser, which always names the host that it asks."""
    return Client(headers={"host": "testserver"})


def send(client: Client, form: dict[str, str]):
    """Bring the provider's form to the house, and follow to the end."""
    return client.post(ACS, form, follow=True)


def sign_in(provider: SamlProvider, name: str, client: Client | None = None, next_: str = ""):
    client = client or new_browser()
    form = provider.answer(client.get(START, {"next": next_})["Location"], name)
    return client, send(client, form), form


def altered(form: dict[str, str], change) -> dict[str, str]:
    xml = base64.b64decode(form["SAMLResponse"]).decode()
    other = change(xml)
    assert other != xml
    return {**form, "SAMLResponse": base64.b64encode(other.encode()).decode()}


def assert_refused(client: Client, response) -> None:
    assert response.status_code == 403
    assert "サインインできません" in text(response)
    assert not is_in(client)
    assert SignInEntry.objects.latest("pk").outcome == Outcome.DOUBTED


def test_the_sign_in_page_offers_the_provider(house: House) -> None:
    assert "県庁認証基盤でサインインする" in text(Client().get("/access/login/"))


def test_a_member_of_staff_comes_in_through_to_the_page_that_was_wanted(house: House, provider) -> None:
    client, response, _ = sign_in(provider, "saburo", next_="/sign-on/account/")
    assert response.redirect_chain[-1][0] == "/sign-on/account/"
    assert client.get("/").status_code == 200
    assert "認証基盤（SAML）" in text(response)
    entry = SignInEntry.objects.get()
    assert (entry.user.staff, entry.way) == (house.staff["1004"], Way.SAML)


def test_an_unknown_number_gets_a_page_that_says_so_and_no_account(house: House, provider) -> None:
    before = User.objects.count()
    client, response, _ = sign_in(provider, "kiroku")
    assert response.status_code == 403
    assert "職員番号が天守の名簿にありません" in text(response)
    assert User.objects.count() == before
    assert not is_in(client)


@pytest.mark.parametrize("name", ["futari", "nanashi"])
def test_an_answer_without_exactly_one_number_is_nobodys(house: House, provider, name: str) -> None:
    client, response, _ = sign_in(provider, name)
    assert "職員番号が天守の名簿にありません" in text(response)
    assert not is_in(client)


def test_the_houses_own_second_factor_is_asked_unless_the_provider_vouches(
    house: House, provider, tmp_path, settings
) -> None:
    with_totp(account(house, "staff"))
    _, response, _ = sign_in(provider, "saburo")
    assert response.redirect_chain[-1][0] == SECOND
    use_provider(provider, tmp_path, settings, "second_factor = true")
    client, _, _ = sign_in(provider, "saburo")
    assert is_in(client)


def test_an_answer_is_good_once(house: House, provider) -> None:
    client, _, form = sign_in(provider, "saburo")
    client.post("/access/logout/")
    assert_refused(client, send(client, form))


def test_an_answer_is_good_in_the_browser_that_asked_for_it_alone(house: House, provider) -> None:
    asked = new_browser()
    form = provider.answer(asked.get(START)["Location"], "saburo")
    other = new_browser()
    other.get(START)
    assert_refused(other, send(other, form))


def test_an_answer_that_nobody_asked_for_is_refused(house: House, provider) -> None:
    address = f"{provider.sso_url}?spentityid=http://testserver/sign-on/saml/kencho/metadata/"
    client = new_browser()
    assert_refused(client, send(client, provider.answer(address, "saburo")))


def test_an_answer_for_another_house_is_refused(house: House, provider) -> None:
    address = f"{provider.sso_url}?spentityid=https://another.example/"
    client = new_browser()
    assert_refused(client, send(client, provider.answer(address, "saburo")))


SIGNATURE = re.compile(r"<ds:Signature .*?</ds:Signature>", re.DOTALL)
ALTERED = {
    "number": lambda xml: xml.replace(">1002<", ">1004<"),
    "unsigned": lambda xml: SIGNATURE.sub("", xml),
    "only the envelope signed": lambda xml: (
        xml[: xml.rindex("<ds:Signature ")] + xml[xml.rindex("</ds:Signature>") + len("</ds:Signature>") :]
    ),
    "wrapped": lambda xml: xml.replace("<saml:Assertion ", "<saml:Assertion/><saml:Assertion ", 1),
    "longer": lambda xml: re.sub(r'NotOnOrAfter="2\d{3}', 'NotOnOrAfter="2999', xml),
}


@pytest.mark.parametrize("how", ALTERED)
def test_an_altered_answer_is_refused(house: House, provider, how: str) -> None:
    client = new_browser()
    form = provider.answer(client.get(START)["Location"], "taro")
    assert_refused(client, send(client, altered(form, ALTERED[how])))


def test_an_answer_that_has_lain_about_is_refused(house: House, provider) -> None:
    client = new_browser()
    form = provider.answer(client.get(START)["Location"], "saburo")
    with time_machine.travel(time.time() + 480, tick=False):
        assert_refused(client, send(client, form))


@pytest.mark.parametrize(
    "rubbish", ["", "%%%", base64.b64encode(b"<a>").decode(), base64.b64encode(b"\xff").decode()]
)
def test_rubbish_is_refused_and_not_an_error_of_the_house(house: House, rubbish: str) -> None:
    client = new_browser()
    client.get(START)
    assert_refused(client, send(client, {"SAMLResponse": rubbish}))


def test_the_metadata_tells_the_provider_where_to_answer(house: House) -> None:
    page = new_browser().get("/sign-on/saml/kencho/metadata/")
    assert page["Content-Type"] == "text/xml"
    assert "http://testserver/sign-on/saml/kencho/acs/" in page.content.decode()


def test_an_unsigned_word_to_sign_out_is_not_heard(house: House, provider) -> None:
    client, _, _ = sign_in(provider, "saburo")
    assert client.get("/sign-on/saml/kencho/sls/", {"SAMLRequest": "x"}).status_code == 400
    assert is_in(client)


@pytest.fixture
def by_metadata(provider, tmp_path, settings):
    """Settings that name the provider's metadata alone, in either way; nothing is remembered."""
    cache.clear()
    settings.OUTGOING = {**settings.OUTGOING, "allow": ["127.0.0.0/8"]}

    def use(how: str, extra: str = "") -> None:
        if how == "file":
            (tmp_path / "idp.xml").write_bytes(requests.get(provider.metadata_url, timeout=20).content)
        known = {"file": 'metadata_file = "idp.xml"', "url": f'metadata_url = "{provider.metadata_url}"'}[how]
        use_provider(provider, tmp_path, settings, extra, known)

    yield use
    cache.clear()


@pytest.mark.parametrize("how", ["file", "url"])
def test_the_metadata_tell_all_that_has_to_be_known(house: House, provider, by_metadata, how: str) -> None:
    by_metadata(how)
    client, _, _ = sign_in(provider, "saburo")
    assert is_in(client)


def test_metadata_go_through_the_door_and_what_is_not_allowed_is_not_asked(
    house: House, provider, by_metadata, settings
) -> None:
    by_metadata("url")
    settings.OUTGOING = {**settings.OUTGOING, "allow": []}
    assert new_browser().get(START).status_code == 503


def test_metadata_of_another_provider_or_without_the_wanted_signature_are_not_believed(
    house: House, provider, by_metadata, tmp_path
) -> None:
    another, _ = make_certificate(tmp_path)
    by_metadata("url", f'metadata_certificate_file = "{another}"')
    assert new_browser().get(START).status_code == 503
    by_metadata("url", f'metadata_certificate_file = "{provider.certificate}"')
    assert new_browser().get(START).status_code == 302
    use = read_provider_file(str(tmp_path / "sign-on.toml"))
    idp = use.allauth["saml"]["APPS"][0]["settings"]["idp"] | {"metadata_cert": ""}
    with pytest.raises(MetadataError):
        read_metadata(idp | {"metadata_xml": "<a/>"})
    with pytest.raises(MetadataError):
        read_metadata(idp | {"entity_id": "https://another.example/"})


def test_the_last_metadata_hold_while_the_provider_does_not_answer(
    house: House, provider, by_metadata, settings
) -> None:
    by_metadata("url")
    assert new_browser().get(START).status_code == 302
    for key in list(cache._cache):
        if not key.endswith(".last"):
            cache.delete(key.removeprefix(":1:"))
    settings.OUTGOING = {**settings.OUTGOING, "allow": []}
    assert new_browser().get(START).status_code == 302


@pytest.mark.parametrize("how", ["", "file"])
def test_signing_out_ends_the_session_of_the_provider_too(
    house: House, provider, by_metadata, how: str
) -> None:
    if how:
        by_metadata(how)
    client = new_browser()
    with requests.Session() as browser:
        start = client.get(START)["Location"]
        send(client, provider.answer(start, "saburo", browser=browser))
        assert is_in(client)
        assert "SAMLResponse" in browser.get(start, timeout=20).text  # signed in there: no password is asked
        page = client.post("/access/logout/", follow=True)
        assert "県庁認証基盤からもサインアウトする" in text(page)
        away = client.get("/sign-on/sign-out/kencho/")["Location"]
        assert away.startswith(provider.slo_url)
        back = browser.get(away, timeout=20, allow_redirects=False)
        while not back.headers["Location"].startswith("http://testserver/"):
            back = browser.get(back.headers["Location"], timeout=20, allow_redirects=False)
        done = client.get(back.headers["Location"].removeprefix("http://testserver"))
        assert done.status_code == 302
        assert "AuthState" in browser.get(start, timeout=20).text
    assert client.get("/sign-on/sign-out/kencho/")["Location"] == "/access/login/"
    assert not is_in(client)


def test_where_the_provider_has_no_sign_out_none_is_offered(
    house: House, provider, tmp_path, settings
) -> None:
    known = f'sso_url = "{provider.sso_url}"\ncertificate_file = "{provider.certificate}"'
    use_provider(provider, tmp_path, settings, known=known)
    client, _, _ = sign_in(provider, "saburo")
    assert "からもサインアウトする" not in text(client.post("/access/logout/", follow=True))


def test_what_nobody_has_proved_fills_no_database(house: House, monkeypatch) -> None:
    before = Session.objects.count()
    huge = new_browser().post(ACS, {"SAMLResponse": "A" * 300_000})
    assert (huge.status_code, new_browser().post(ACS, {"a": "b"}).status_code) == (403, 403)
    assert Session.objects.count() == before
    monkeypatch.setattr(providers, "MOST_SIGN_INS", 2)
    answers = [new_browser().post(ACS, {"SAMLResponse": "AAAA"}).status_code for _ in range(4)]
    assert answers == [302, 302, 429, 429]
    assert new_browser().get(START).status_code == 429


def test_who_was_signed_out_by_the_provider_is_no_longer_in_the_list(
    house: House, provider, monkeypatch
) -> None:
    client, _, _ = sign_in(provider, "saburo")

    def heard(request, organization_slug: str) -> HttpResponse:
        """What the library does with a signed word that it believes."""
        logout(request)
        return redirect("access:login")

    monkeypatch.setattr("allauth.socialaccount.providers.saml.views.sls", heard)
    assert client.get("/sign-on/saml/kencho/sls/", {"Signature": "x"}).status_code == 302
    assert not OpenSession.objects.exists()
