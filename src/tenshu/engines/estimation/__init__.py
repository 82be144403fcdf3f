"""Effect of a trial from survey and usage log, and honest rates: intervals, bounds, standardisation."""

from .costs import Prices, prices_from
from .crossover import Crossover, crossover
from .inputs import Answers, InputError, TrialData, trial_data
from .interval_model import IntervalModel, fit_interval_model
from .proportions import (
    Difference,
    Share,
    difference_of_shares,
    power_of_change,
    smallest_visible_change,
    wilson,
)
from .standardise import Cell, StandardisedRate, pooled_standard, standardised_rate
from .strata import Strata, usage_strata
from .suppression import hidden_cells
from .totals import Estimate, worst_case_bounds
from .trial import Settings, TrialResult, estimate_trial
from .waves import PairedChange, paired_changes

__all__ = [
    "Answers",
    "Cell",
    "Crossover",
    "Difference",
    "Estimate",
    "InputError",
    "IntervalModel",
    "PairedChange",
    "Prices",
    "Settings",
    "Share",
    "StandardisedRate",
    "Strata",
    "TrialData",
    "TrialResult",
    "crossover",
    "difference_of_shares",
    "estimate_trial",
    "fit_interval_model",
    "hidden_cells",
    "paired_changes",
    "pooled_standard",
    "power_of_change",
    "prices_from",
    "smallest_visible_change",
    "standardised_rate",
    "trial_data",
    "usage_strata",
    "wilson",
    "worst_case_bounds",
]
