"""A real SAML identity provider (Debian's SimpleSAMLphp under PHP's own web server) on loopback."""

import html
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import requests

from tenshu.ground.sign_on.tests.servers import (
    free_port,
    make_certificate,
    running,
    wait_for_page,
    wait_for_port,
)

WWW = "/usr/share/simplesamlphp/www"
PASSWORD = "himitsu"


@dataclass(frozen=True)
class SamlProvider:
    """The provider's addresses and its certificate."""

    url: str
    certificate: Path

    @property
    def entity_id(self) -> str:
        return f"{self.url}idp"

    @property
    def sso_url(self) -> str:
        return f"{self.url}saml2/idp/SSOService.php"

    @property
    def slo_url(self) -> str:
        return f"{self.url}saml2/idp/SingleLogoutService.php"

    @property
    def metadata_url(self) -> str:
        return f"{self.url}saml2/idp/metadata.php"

    def answer(
        self, address: str, name: str, password: str = PASSWORD, *, browser: requests.Session | None = None
    ) -> dict[str, str]:
        """Sign in at the provider as a person would; gives the fields of the form that it sends us."""
        with nullcontext(browser) if browser else requests.Session() as browser:
            page = browser.get(address, timeout=20)
            state = _field(page.text, "AuthState")
            form = {"username": name, "password": password, "AuthState": state}
            page = browser.post(urljoin(page.url, page.url.split("?")[0]), data=form, timeout=20)
            page.raise_for_status()
            return {key: _field(page.text, key) for key in ("SAMLResponse", "RelayState") if key in page.text}


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"\s+value="([^"]*)"', page)
    if found is None:
        raise AssertionError(f"no {name} in {page[:3000]}")
    return html.unescape(found.group(1))


@contextmanager
def saml_provider(house: str) -> Iterator[SamlProvider]:
    """The provider, knowing the house ``house`` (its address), as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="tenshu-saml-"))
    try:
        port = free_port()
        url = f"http://127.0.0.1:{port}/"
        certificate, _ = make_certificate(folder)
        (folder / "metadata").mkdir()
        for name, text in _configuration(folder, url, house).items():
            (folder / name).write_text(f"<?php\n{text}", encoding="utf-8")
        log = folder / "log"
        env = {**os.environ, "SIMPLESAMLPHP_CONFIG_DIR": str(folder), "PHP_CLI_SERVER_WORKERS": "1"}
        command = ["php", "-d", f"session.save_path={folder}", "-S", f"127.0.0.1:{port}", "-t", WWW]
        with running(command, log=log, env=env) as process:
            wait_for_port(port, process, log)
            wait_for_page(f"{url}saml2/idp/metadata.php?output=xhtml")
            yield SamlProvider(url, certificate)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _configuration(folder: Path, url: str, house: str) -> dict[str, str]:
    people = "".join(
        f"'{name}:{PASSWORD}' => ['uid' => ['{name}'], {numbers}],\n"
        for name, numbers in (
            ("saburo", "'employeeNumber' => ['1004']"),
            ("kiroku", "'employeeNumber' => ['9999']"),
            ("taro", "'employeeNumber' => ['1002']"),
            ("futari", "'employeeNumber' => ['1002', '1004']"),
            ("nanashi", "'cn' => ['x']"),
        )
    )
    metadata = f"{house}/sign-on/saml/kencho/metadata/"
    return {
        "config.php": f"""$config = [
'baseurlpath' => '{url}', 'certdir' => '{folder}/', 'loggingdir' => '{folder}/', 'datadir' => '{folder}/',
'tempdir' => '{folder}/tmp', 'metadatadir' => '{folder}/metadata/', 'secretsalt' => 'only-for-this-test',
'auth.adminpassword' => 'only-for-this-test', 'enable.saml20-idp' => true, 'logging.handler' => 'file',
'logging.level' => 7, 'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
'session.cookie.secure' => false, 'session.phpsession.savepath' => '{folder}', 'store.type' => 'phpsession',
'language.default' => 'en', 'admin.protectmetadata' => false, 'timezone' => 'Asia/Tokyo', 'trusted.url.domains' => null,
'metadata.sign.enable' => true, 'metadata.sign.privatekey' => 'server.key', 'metadata.sign.certificate' => 'server.crt',
'metadata.sources' => [['type' => 'flatfile']], 'session.cookie.samesite' => null,
'technicalcontact_name' => 'mihon', 'technicalcontact_email' => 'mihon@example.jp', 'usenewui' => false,
'session.duration' => 28800, 'showerrors' => true, 'errorreporting' => false,
];""",
        "authsources.php": f"$config = ['people' => ['exampleauth:UserPass',\n{people}]];",
        "metadata/saml20-idp-hosted.php": f"""$metadata['{url}idp'] = ['host' => '__DEFAULT__',
'privatekey' => 'server.key', 'certificate' => 'server.crt', 'auth' => 'people', 'sign.logout' => true];""",
        "metadata/saml20-sp-remote.php": f"""$metadata['{metadata}'] = [
'AssertionConsumerService' => '{house}/sign-on/saml/kencho/acs/', 'assertion.lifetime' => 60,
'SingleLogoutService' => '{house}/sign-on/saml/kencho/sls/'];
$metadata['https://another.example/'] = [
'AssertionConsumerService' => '{house}/sign-on/saml/kencho/acs/', 'assertion.lifetime' => 60];""",
    }
