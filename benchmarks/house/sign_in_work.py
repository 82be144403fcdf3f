"""Run in a home: makes accounts with one password, times Argon2 alone, or counts what the storm has left.

``sign_in_work.py make N`` prints the password's cost as JSON; ``sign_in_work.py count`` prints sign-ins and sessions.
"""

import json
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenshu.config.settings")

import django

django.setup()

from django.contrib.auth.hashers import (  # noqa: E402
    Argon2PasswordHasher,
    check_password,
    get_hasher,
    make_password,
)

from tenshu.ground.access.models import User  # noqa: E402
from tenshu.ground.sign_on.models import OpenSession, SignInEntry  # noqa: E402

PASSWORD = "arashi-no-aikotoba-1"


def make(number: int) -> dict[str, object]:
    """Accounts bench-0 …; one hash for all, as checking costs the same whoever shares it."""
    encoded = make_password(PASSWORD)
    User.objects.bulk_create(
        [User(login_name=f"bench-{n}", display_name=f"見本 {n}", password=encoded) for n in range(number)],
        batch_size=500,
    )
    begun = time.process_time()
    for _ in range(5):
        check_password(PASSWORD, encoded)
    hasher = get_hasher()
    assert isinstance(hasher, Argon2PasswordHasher), hasher
    return {
        "password": PASSWORD,
        "hash_ms": (time.process_time() - begun) / 5 * 1000,
        "hash": f"{hasher.algorithm}: {hasher.memory_cost // 1024} MB, {hasher.time_cost} passes, {hasher.parallelism} lanes",
    }


def count() -> dict[str, object]:
    """What the database holds after the storm."""
    return {
        "let_in": SignInEntry.objects.filter(outcome="let-in").count(),
        "other": SignInEntry.objects.exclude(outcome="let-in").count(),
        "sessions": OpenSession.objects.count(),
    }


if __name__ == "__main__":
    print(json.dumps(make(int(sys.argv[2])) if sys.argv[1] == "make" else count()))
