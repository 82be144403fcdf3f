"""How long to wait, in words."""

import math


def wait_text(seconds: int) -> str:
    """「あと40秒」「あと14分」: rounded up, so that nobody comes back too early."""
    return f"あと{seconds}秒" if seconds < 60 else f"あと{math.ceil(seconds / 60)}分"
