"""The documents tell the truth: generated pages match the code, every room and dependency has its words."""

import re
import tomllib
from pathlib import Path

from tenshu.config.year_folder_page import page

ROOT = Path(__file__).resolve().parent.parent


def test_the_page_of_the_year_folder_is_the_one_that_the_tables_give():
    assert (ROOT / "docs" / "year-folder.md").read_text(encoding="utf-8") == page()


def test_every_dependency_has_a_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
        *project["dependency-groups"]["dev"],
    ]
    told = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    missing = [
        name for name in (re.split(r"[\[<>=; ]", entry)[0] for entry in named) if f"`{name}`" not in told
    ]
    assert missing == []


def test_requirements_are_pinned_by_hash_and_name_no_host():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text
        pins = re.findall(r"^([a-z0-9][\w.\-\[\],]*)==", text, re.MULTILINE | re.IGNORECASE)
        hashes = text.count("--hash=sha256:")
        assert pins
        assert hashes >= len(pins)


def test_every_room_has_a_page_for_the_office_and_one_for_the_engineer():
    for room in (
        "office",
        "systems",
        "exchange",
        "gathering",
        "taskforce",
        "karte",
        "liaison",
        "annual",
        "figures",
        "access",
        "audit",
    ):
        assert (ROOT / "docs" / "rooms" / f"{room}.md").exists(), room
    for room in (
        "ui",
        "exchange",
        "files",
        "office",
        "calendar",
        "gathering",
        "taskforce",
        "karte",
        "liaison",
        "annual",
        "figures",
        "access",
        "audit",
    ):
        assert (ROOT / "docs" / "dev" / f"{room}.md").exists(), room


def test_no_machine_path_or_registry_host_is_in_the_project():
    import subprocess

    places = "|".join(("/wor" + "k/", "/roo" + "t/", "pypi" + r"\.org", "registry" + r"\.npmjs"))
    found = subprocess.run(
        ["git", "grep", "-nIE", places, "--", ".", ":!LICENSE"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""
