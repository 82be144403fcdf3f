"""How often a thing may be tried: counted by one statement in the database, so that all processes share the count.

A window begins with the first try and lasts ``seconds``; after it the count begins anew. Call these outside a
transaction that may be rolled back, or the try is not counted.
"""

import math
import time

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from tenshu.ground.throttle.models import Count

_COUNT_UP = """
    INSERT INTO throttle_count (scope, key_hash, tries, ends_at) VALUES (%s, %s, 1, %s)
    ON CONFLICT (scope, key_hash) DO UPDATE SET
        tries = CASE WHEN throttle_count.ends_at <= %s THEN 1 ELSE throttle_count.tries + 1 END,
        ends_at = CASE WHEN throttle_count.ends_at <= %s THEN excluded.ends_at ELSE throttle_count.ends_at END
    RETURNING tries, ends_at
"""


def allow(scope: str, key: str, *, limit: int, seconds: int) -> int:
    """Count one try; 0 when it is among the first ``limit`` of its window, else the seconds to wait (at least 1).

    Atomic on both databases: of parallel tries exactly ``limit`` are let through.
    """
    now = time.time()
    starts = math.floor(now)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_UP, [scope, _hashed(scope, key), starts + seconds, starts, starts])
        tries, ends_at = cursor.fetchone()
    return 0 if tries <= limit else _left(ends_at, now)


def wait(scope: str, key: str, *, limit: int) -> int:
    """Seconds until a further try would be allowed, without counting one; 0 when it would be now."""
    now = time.time()
    row = Count.objects.filter(
        scope=scope, key_hash=_hashed(scope, key), tries__gte=limit, ends_at__gt=math.floor(now)
    ).first()
    return 0 if row is None else _left(row.ends_at, now)


def forget(scope: str, key: str) -> None:
    """Begin anew, as after a success."""
    Count.objects.filter(scope=scope, key_hash=_hashed(scope, key)).delete()


def prune() -> int:
    """Delete the windows that are over; returns how many. Run by the clock."""
    return Count.objects.filter(ends_at__lte=math.floor(time.time())).delete()[0]


def _left(ends_at: int, now: float) -> int:
    return max(1, math.ceil(ends_at - now))


def _hashed(scope: str, key: str) -> str:
    return salted_hmac(
        f"tenshu.throttle.{scope}", key, secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()
