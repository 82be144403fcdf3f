"""A real OpenID Connect provider (Canaille) on loopback, in an environment of its own."""

import html
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import requests

from tenshu.ground.sign_on.tests.servers import free_port, running, wait_for_page, wait_for_port

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[5]
PASSWORD = "himitsu-no-kotoba"


@dataclass(frozen=True)
class OidcProvider:
    """The provider's address."""

    url: str
    last: dict[str, float] = field(default_factory=dict)

    def answer(self, address: str, name: str) -> str:
        """Sign in at the provider as a person would; gives the address to which it sends the browser back."""
        # This provider makes the same token twice within one second, and then refuses it as a double.
        time.sleep(max(0.0, self.last.get(name, 0.0) + 1.1 - time.time()))
        self.last[name] = time.time() + 0.5
        with requests.Session() as browser:
            page = browser.get(address, timeout=20)
            page = _send(browser, page, {"login": name})
            page = _send(browser, page, {"password": PASSWORD}, follow=False)
            for _ in range(5):
                target = urljoin(page.url, page.headers["Location"])
                if not target.startswith(self.url):
                    return target
                page = browser.get(target, timeout=20, allow_redirects=False)
                if "Location" not in page.headers:
                    raise AssertionError(f"The provider asks for something else: {page.text[:3000]}")
            raise AssertionError("The provider sends the browser round in circles.")


def _send(browser: requests.Session, page: requests.Response, values: dict[str, str], *, follow: bool = True):
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*>', page.text)
    fields = {_part(tag, "name"): html.unescape(_part(tag, "value")) for tag in hidden if 'name="' in tag}
    return browser.post(page.url, data=fields | values, timeout=20, allow_redirects=follow)


def _part(tag: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]*)"', tag)
    return found.group(1) if found else ""


@contextmanager
def oidc_provider(house: str, folder: Path) -> Iterator[OidcProvider]:
    """The provider, knowing the house ``house`` (its address), as long as the block lasts."""
    place = Path(os.environ.get("TENSHU_OIDC_SERVER", str(ROOT / ".cache" / "oidc-server")))
    subprocess.run(
        [str(ROOT / "scripts" / "oidc-server")],
        check=True,
        env={**os.environ, "TENSHU_OIDC_SERVER": str(place)},
    )
    port = free_port()
    log = folder / "oidc.log"
    command = [str(place / "bin" / "python"), str(HERE / "oidc_program.py"), str(port), house]
    command.append(str(folder / "oidc.sqlite3"))
    env = {
        key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "DJANGO_SETTINGS_MODULE"}
    }
    with running(command, log=log, env=env, cwd=folder) as process:
        wait_for_port(port, process, log)
        url = f"http://127.0.0.1:{port}"
        wait_for_page(f"{url}/.well-known/openid-configuration")
        yield OidcProvider(url)
