"""Sign-in by the password of a real OpenLDAP, over ldaps and StartTLS."""

import logging
from collections.abc import Iterator

import pytest
from django.test import Client

from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.office.tests.building import House
from tenshu.ground.sign_on.models import Outcome, SignInEntry, Way
from tenshu.ground.sign_on.provider_file import ProviderFileError, read_provider_file
from tenshu.ground.sign_on.tests.building import LOGIN, PASSWORD, account, is_in, text
from tenshu.ground.sign_on.tests.servers import free_port
from tenshu.ground.sign_on.tests.servers.directory import BASE, Directory, directory

pytestmark = [pytest.mark.django_db, pytest.mark.servers, pytest.mark.xdist_group("sign-on-ldap")]


@pytest.fixture(scope="module")
def server() -> Iterator[Directory]:
    with directory() as found:
        yield found


@pytest.fixture(params=["ldaps", "start_tls"])
def office(request, server: Directory, tmp_path, settings) -> None:
    """The office's file names the directory."""
    tls = request.param == "ldaps"
    address = f"ldaps://127.0.0.1:{server.tls_port}" if tls else f"ldap://127.0.0.1:{server.plain_port}"
    use(settings, write_file(tmp_path, server, address, start_tls=not tls))


def write_file(
    tmp_path, server: Directory, address: str, *, start_tls: bool, trusted: bool = True, **more
) -> str:
    (tmp_path / "password").write_text(server.bind_password)
    values = {
        "id": "kencho-ldap",
        "name": "庁内ディレクトリ",
        "server": address,
        "bind_dn": server.bind_dn,
        "bind_password_file": "password",
        "search_base": BASE,
        "staff_number": "employeeNumber",
        **({"ca_file": str(server.certificate)} if trusted else {}),
        **more,
    }
    lines = [f'{key} = "{value}"' for key, value in values.items()]
    path = tmp_path / "sign-on.toml"
    path.write_text("\n".join(["[ldap]", f"start_tls = {str(start_tls).lower()}", *lines]))
    return str(path)


def use(settings, path: str) -> None:
    read = read_provider_file(path)
    settings.SIGN_ON_PROVIDERS, settings.SIGN_ON_LDAP = read.providers, dict(read.ldap)
    settings.AUTHENTICATION_BACKENDS = [
        "tenshu.ground.access.backends.LockingBackend",
        "tenshu.ground.sign_on.directory.DirectoryBackend",
    ]


def sign_in(name: str, password: str) -> tuple[Client, object]:
    client = Client()
    return client, client.post(LOGIN, {"username": name, "password": password})


def test_the_directorys_password_opens_the_house_and_makes_the_account(house: House, office) -> None:
    User.objects.filter(staff=house.staff["1004"]).delete()
    client, response = sign_in("1004", "himitsu-no-kotoba-4")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/").status_code == 200
    made = User.objects.get(login_name="1004")
    assert made.staff == house.staff["1004"]
    assert not made.has_usable_password()
    assert SignInEntry.objects.get().way == Way.LDAP
    assert AuditRow.objects.filter(verb="sign_on.identity.linked").count() == 1
    assert sign_in("1004", "himitsu-no-kotoba-4")[1].status_code == 302
    assert AuditRow.objects.filter(verb="sign_on.identity.linked").count() == 1


def test_a_wrong_password_is_refused_and_locks_after_five(house: House, office) -> None:
    for _ in range(5):
        assert "利用者名かパスワードが違います" in text(sign_in("1004", "wrong")[1])
    assert "分待ってください" in text(sign_in("1004", "himitsu-no-kotoba-4")[1])


def test_somebody_of_the_directory_who_is_not_in_the_register_is_told_so(
    house: House, office, caplog
) -> None:
    caplog.set_level(logging.DEBUG)
    client, response = sign_in("9999", "himitsu-no-kotoba-9")
    assert "職員番号が天守の名簿にありません" in text(response)
    assert not is_in(client)
    assert not User.objects.filter(login_name="9999").exists()
    assert SignInEntry.objects.get().outcome == Outcome.UNKNOWN_NUMBER
    sign_in("a-password-in-the-wrong-field", "x")
    assert not any(word in caplog.text for word in ("9999", "a-password-in-the-wrong-field", "kiroku"))


def test_a_local_password_goes_on_working_beside_the_directory(house: House, office) -> None:
    user = account(house, "secretary")
    assert sign_in(user.login_name, PASSWORD)[1].status_code == 302
    assert SignInEntry.objects.get().way == Way.PASSWORD


@pytest.mark.parametrize("name", ["*", "100*", "1004)(uid=*", "", "1004\0"])
def test_the_name_is_never_read_as_a_filter(house: House, office, name: str) -> None:
    assert sign_in(name, "himitsu-no-kotoba-4")[1].status_code == 422


def test_an_empty_password_is_no_anonymous_bind(house: House, office) -> None:
    assert sign_in("1004", "")[1].status_code == 422


def test_a_certificate_that_nobody_vouches_for_is_refused(house: House, server, tmp_path, settings) -> None:
    address = f"ldaps://127.0.0.1:{server.tls_port}"
    use(settings, write_file(tmp_path, server, address, start_tls=False, trusted=False))
    assert sign_in("1004", "himitsu-no-kotoba-4")[1].status_code == 422


def test_a_directory_without_encryption_is_refused_at_the_start(server, tmp_path) -> None:
    path = write_file(tmp_path, server, f"ldap://127.0.0.1:{server.plain_port}", start_tls=False)
    with pytest.raises(ProviderFileError, match="暗号化"):
        read_provider_file(path)


@pytest.mark.parametrize("trouble", ["nobody listens", "the reader's password was changed"])
def test_an_outage_of_the_directory_is_told_as_such_and_locks_nobody(
    house: House, server, tmp_path, settings, trouble: str
) -> None:
    settings.SIGN_IN_FAILURES_PER_ADDRESS = 3
    port = free_port() if trouble == "nobody listens" else server.tls_port
    path = write_file(tmp_path, server, f"ldaps://127.0.0.1:{port}", start_tls=False)
    if port == server.tls_port:
        (tmp_path / "password").write_text("not-any-more")
    use(settings, path)
    for _ in range(6):
        assert "認証基盤につながりません" in text(sign_in("1004", "himitsu-no-kotoba-4")[1])
    assert set(SignInEntry.objects.values_list("outcome", flat=True)) == {Outcome.UNREACHABLE}
    local = account(house, "secretary")
    assert sign_in(local.login_name, PASSWORD)[1].status_code == 302
    use(settings, write_file(tmp_path, server, f"ldaps://127.0.0.1:{server.tls_port}", start_tls=False))
    assert sign_in("1004", "himitsu-no-kotoba-4")[1].status_code == 302


def test_a_number_that_an_outsider_signs_in_with_is_told_and_no_error_of_the_house(
    house: House, office
) -> None:
    User.objects.filter(staff=house.staff["1004"]).delete()
    User.objects.create(login_name="1004", display_name="外部の人")
    assert "職員でない利用者が使っています" in text(sign_in("1004", "himitsu-no-kotoba-4")[1])
    assert SignInEntry.objects.latest("pk").outcome == Outcome.NAME_TAKEN


def test_an_outage_of_the_directory_gives_no_free_guesses_at_local_passwords(
    house: House, server, tmp_path, settings
) -> None:
    use(settings, write_file(tmp_path, server, f"ldaps://127.0.0.1:{free_port()}", start_tls=False))
    local = account(house, "secretary")
    for _ in range(5):
        sign_in(local.login_name, "guess-guess-1")
    assert "分待ってください" in text(sign_in(local.login_name, PASSWORD)[1])
