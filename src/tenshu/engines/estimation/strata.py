"""Usage strata: users cut at quantiles of their calls, small ones merged; non-users stand apart with zero."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .inputs import Floats, Ints


@dataclass(frozen=True, slots=True)
class Strata:
    """``of`` gives each of the N staff a stratum number, −1 for non-users. ``users`` and ``answered``
    count members."""

    of: Ints
    users: Ints
    answered: Ints
    calls_from: Floats
    calls_to: Floats

    @property
    def count(self) -> int:
        """Number of strata."""
        return len(self.users)


def usage_strata(calls: Floats, answered: npt.NDArray[np.bool_], wanted: int = 8, least: int = 5) -> Strata:
    """At most ``wanted`` strata of about equal numbers of users, each with at least ``least`` answering
    users.

    ``calls`` and ``answered`` have shape (N,). A stratum with too few answers joins the one below it, the
    lowest the one above. Raises ValueError when no user answered.
    """
    user = calls > 0
    if not np.any(user & answered):
        raise ValueError("no user answered")
    cuts = np.unique(np.quantile(calls[user], np.arange(1, wanted) / wanted))
    raw = np.searchsorted(cuts, calls, side="left")
    counts = np.bincount(raw[user & answered], minlength=len(cuts) + 1)
    target = _merged(counts, least)
    of = np.where(user, target[raw], -1)
    count = int(target.max()) + 1
    ends = [calls[of == k] for k in range(count)]
    return Strata(
        of.astype(np.int64),
        np.bincount(of[user], minlength=count),
        np.bincount(of[user & answered], minlength=count),
        np.array([e.min() for e in ends]),
        np.array([e.max() for e in ends]),
    )


def _merged(counts: npt.NDArray[np.int64], least: int) -> Ints:
    """New number of each raw stratum."""
    groups: list[list[int]] = []
    held = 0
    for k, count in enumerate(counts):
        if groups and (held < least or count == 0):
            groups[-1].append(k)
        else:
            groups.append([k])
            held = 0
        held += int(count)
    if len(groups) > 1 and held < least:
        groups[-2].extend(groups.pop())
    target = np.zeros(len(counts), dtype=np.int64)
    for number, members in enumerate(groups):
        target[members] = number
    return target
