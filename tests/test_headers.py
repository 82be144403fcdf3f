"""What every answer of the site carries: policies against injected script, framing and leaks; safe cookies; downloads."""

import pytest
from django.test import Client
from django.urls import reverse

from tenshu.ground.access.roles import Role
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
    }
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
    assert wrong == []
    assert wrong_headers(client.get("/nowhere/")) == []


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
