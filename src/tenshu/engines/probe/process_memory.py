"""How the process of a prober handles memory: fewer searches for garbage, fewer returns to the system.

A check leaves no reference cycles, yet each frees buffers of libcurl and OpenSSL that the next one asks for again.
glibc would give the top of the heap back and take it anew thousands of times a minute.
"""

from __future__ import annotations

import ctypes
import gc
import sys

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3  # malloc.h
_KEPT, _STEP, _LARGE = 64 << 20, 4 << 20, 32 << 20


def settle() -> None:
    """Take what is loaded out of the search for garbage and let freed memory stay with the process.

    Elsewhere than on Linux with glibc only the first happens.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in ((_TRIM_THRESHOLD, _KEPT), (_TOP_PAD, _STEP), (_MMAP_THRESHOLD, _LARGE)):
            mallopt(option, value)
