"""Run by the Python of ``scripts/oidc-server``, not by the house's: Canaille on loopback with a SQLite file.

Arguments: port, address of the house, file.
"""

import logging
import sys

from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from canaille.oidc.jose import make_default_rsa_jwk
from werkzeug.serving import make_server

PEOPLE = [("saburo", "1004"), ("kiroku", "9999"), ("taro", "1002")]


def main(port: str, house: str, database: str) -> None:
    """Serve until the process is ended."""
    application = create_app(
        config={
            "SECRET_KEY": "only-for-this-test",
            "SERVER_NAME": f"127.0.0.1:{port}",
            "PREFERRED_URL_SCHEME": "http",
            "SESSION_COOKIE_SECURE": False,
            "CANAILLE_SQL": {"DATABASE_URI": f"sqlite:///{database}"},
            "CANAILLE": {"DATABASE": "sql", "JAVASCRIPT": False, "HTMX": False, "LANGUAGE": "en"},
            "CANAILLE_OIDC": {
                "ACTIVE_JWKS": [make_default_rsa_jwk().as_dict(private=True)],
                # The number of the register travels as a standard claim.
                "USERINFO_MAPPING": {"PREFERRED_USERNAME": "{{ user.employee_number }}"},
            },
        }
    )
    with application.app_context():
        Backend.instance.install(application)
    with application.app_context(), Backend.instance.session():
        for name, number in PEOPLE:
            person = models.User(
                user_name=name,
                formatted_name=name,
                family_name=name,
                emails=[f"{name}@mihon.example.jp"],
                employee_number=number,
                password="himitsu-no-kotoba",
            )
            Backend.instance.save(person)
        callback = f"{house}/sign-on/oidc/kencho/callback/"
        client = models.Client(
            client_id="tenshu",
            client_secret="only-for-this-test",
            client_name="天守",
            client_uri="http://127.0.0.1/",
            redirect_uris=[callback],
            post_logout_redirect_uris=[f"{house}/access/login/"],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid", "profile"],
            token_endpoint_auth_method="client_secret_basic",
        )
        Backend.instance.save(client)
        client.audience = [client]
        Backend.instance.save(client)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    make_server("127.0.0.1", int(port), application, threaded=True).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
