"""What every answer of the site carries: policies against injected script, framing and leaks; safe cookies; downloads."""

import pytest
from django.test import Client
from django.urls import reverse

from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tests.test_permission_table import URLS
from tests.world import PASSWORD

DOWNLOAD_POLICY = "default-src 'none'; sandbox"
FILES = ("annual:report-file", "exchange:table-export", "exchange:run-file", "files:attachment-download")


def wrong_headers(response):
    """What is missing or too open in the headers of one answer."""
    policy = response.get("Content-Security-Policy", "")
    wrong = []
    if policy == DOWNLOAD_POLICY and response.get("Content-Disposition", "").startswith("attachment"):
        policy += "; frame-ancestors 'none'; base-uri 'none'"  # a sandbox without anything needs no more
    if "default-src 'none'" not in policy or "unsafe" in policy:
        wrong.append(f"Content-Security-Policy: {policy}")
    if "frame-ancestors 'none'" not in policy or "base-uri 'none'" not in policy:
        wrong.append(f"Content-Security-Policy: {policy}")
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    allowed = response.get("Permissions-Policy", "")
    denied = ("camera=()", "geolocation=()", "microphone=()")
    wrong += [f"Permissions-Policy: {word} is missing" for word in denied if word not in allowed]
    return wrong + [
        f"{name}: {response.get(name)}" for name, value in wanted.items() if response.get(name) != value
    ]


@pytest.mark.parametrize("who", ["visitor", "secretariat"])
def test_every_answer_carries_the_policies(who, world):
    client = Client()
    if who == "secretariat":
        client.force_login(world.users[Role.SECRETARIAT])
    wrong = []
    for name, keywords in URLS:
        response = client.get(reverse(name, kwargs=world.example(keywords)))
        wrong += [f"{name}: {text}" for text in wrong_headers(response)]
        if (
            who == "secretariat"
            and name not in PROBES
            and "no-store" not in response.get("Cache-Control", "")
        ):
            wrong.append(f"{name}: Cache-Control: {response.get('Cache-Control')}")
    assert wrong == []
    assert wrong_headers(client.get("/nowhere/")) == []


#: The identity provider's answer is posted by its page: no form of ours, and signed by the provider.
POSTED_FROM_ELSEWHERE = {"saml_acs"}
#: Answered before any page, to questions alone (405).
PROBES = {"operations:health", "operations:ready", "operations:metrics"}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_without_the_token_of_a_form_of_ours(method, world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users[Role.SECRETARIAT])
    before = AuditRow.objects.count()
    open_ = {
        name: response.status_code
        for name, keywords in URLS
        if (response := getattr(client, method)(reverse(name, kwargs=world.example(keywords)))).status_code
        != 403
        and name not in POSTED_FROM_ELSEWHERE
        and not (name in PROBES and response.status_code == 405)
    }
    assert open_ == {}
    assert AuditRow.objects.count() == before


def test_the_api_takes_tokens_and_no_cookies(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users[Role.SECRETARIAT])
    for method in ("get", "post", "put", "patch", "delete"):
        response = getattr(client, method)("/api/v1/systems", content_type="application/json")
        assert response.status_code in {401, 405}
        assert wrong_headers(response) == []


def test_scripts_carry_a_nonce_that_is_new_on_every_page(world):
    client = Client()
    policies = {client.get("/access/login/")["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3
    assert all("nonce-" in policy for policy in policies)


def test_the_session_is_out_of_reach_of_scripts_and_other_sites(world):
    client = Client()
    response = client.post("/access/login/", {"username": "secretary", "password": PASSWORD})
    assert response.status_code == 302
    session = response.cookies["sessionid"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert client.get("/access/login/").cookies.get("sessionid") is None


def test_cookies_are_sent_over_tls_only_where_the_office_has_it():
    """TENSHU_HTTPS turns the secure marks on; read in a process of its own, as settings are."""
    import os
    import subprocess
    import sys

    code = (
        "from tenshu.config import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0)"
    )
    for given, wanted in (("1", "True True True True"), ("0", "False False False False")):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "TENSHU_HTTPS": given},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == wanted


def test_a_static_file_carries_the_policies_too_and_is_for_our_own_pages(settings, tmp_path):
    (tmp_path / "x.css").write_text("a{}")
    settings.STATIC_ROOT = tmp_path
    response = Client().get("/static/x.css")
    assert response.status_code == 200
    assert wrong_headers(response) == []
    assert "Access-Control-Allow-Origin" not in response


@pytest.mark.parametrize("name", FILES)
def test_files_are_downloads_and_never_shown_as_pages(name, world):
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    (keywords,) = (keywords for url, keywords in URLS if url == name)
    response = client.get(reverse(name, kwargs=world.example(keywords)))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_list_taken_out_is_a_download(kind, world):
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    response = client.get("/systems/", {"out": kind})
    assert response["Content-Disposition"].startswith("attachment")
    assert wrong_headers(response) == []


def test_a_page_with_a_first_password_is_kept_by_no_cache(world):
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    response = client.post(reverse("access:password-issue", args=[world.kwargs["user_id"]]))
    assert "no-store" in response["Cache-Control"]
