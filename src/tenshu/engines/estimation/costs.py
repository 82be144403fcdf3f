"""What the trial cost, and yen per hour saved."""

from dataclasses import dataclass, fields
from typing import Any

from .inputs import InputError, TrialData
from .totals import Estimate


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in yen.

    ``period_weeks`` is the length of the usage log, so that its tokens can be taken to a year.
    """

    yen_per_million_input_tokens: float = 0.0
    yen_per_million_output_tokens: float = 0.0
    licences_yen_per_year: float = 0.0
    training_hours_per_user: float = 0.0
    hourly_wage_yen: float = 0.0
    period_weeks: float = 52.0


def prices_from(values: dict[str, Any], source: str = "costs") -> Prices:
    """Prices from plain values; unknown names, negative values and text are refused."""
    known = {f.name for f in fields(Prices)}
    for name, value in values.items():
        if name not in known:
            raise InputError(f"{source}: 項目「{name}」はありません（{'、'.join(sorted(known))}）。")
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise InputError(f"{source}: {name}: 0以上の数値にしてください。")
    prices = Prices(**values)
    if prices.period_weeks <= 0:
        raise InputError(f"{source}: period_weeks: 0より大きい週数にしてください。")
    return prices


def cost_figures(data: TrialData, prices: Prices, net_hours: Estimate) -> dict[str, Any]:
    """Yearly cost in yen by kind, hours less training, yen per hour saved.

    ``yen_per_hour`` ends are None where the hours saved may be none: no number is then honest.
    """
    year = 52.0 / prices.period_weeks
    tokens = year / 1e6 * (
        float(data.tokens_in.sum()) * prices.yen_per_million_input_tokens
        + float(data.tokens_out.sum()) * prices.yen_per_million_output_tokens
    )  # fmt: skip
    training_hours = prices.training_hours_per_user * int(data.users.sum())
    training = training_hours * prices.hourly_wage_yen
    whole = tokens + prices.licences_yen_per_year + training
    return {
        "tokens_yen": tokens,
        "licences_yen": prices.licences_yen_per_year,
        "training_yen": training,
        "total_yen": whole,
        "training_hours": training_hours,
        "hours_less_training": {k: v - training_hours for k, v in net_hours.to_dict().items()},
        "value_yen": {k: v * prices.hourly_wage_yen for k, v in net_hours.to_dict().items()},
        "yen_per_hour": {
            "estimate": whole / net_hours.value if net_hours.value > 0 else None,
            "lower": whole / net_hours.upper if net_hours.upper > 0 else None,
            "upper": whole / net_hours.lower if net_hours.lower > 0 else None,
        },
    }
