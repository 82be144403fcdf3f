"""Every morning: whether the figures of closed years are still those of their newest editions."""

from tenshu.annual.queries import newest_edition
from tenshu.annual.telling import settle_differences, tell_differences
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.models import OpenedYear, YearState
from tenshu.ground.jobs.tasks import JobRun, job
from tenshu.mechanisms.figures.queries import differences


@job(title="締めた年度の数値を確かめる")
def tell_of_differences(run: JobRun) -> None:
    """One notice a closed year and set of differing figures; told once, and taken back when they agree again."""
    told = 0
    for row in OpenedYear.objects.filter(state=YearState.CLOSED).order_by("year"):
        year = FiscalYear(row.year)
        edition = newest_edition(year)
        found = list(differences(year))
        if edition is None or not found:
            settle_differences(year)
            continue
        told += tell_differences(edition, found)
        run.raise_if_cancelled()
    run.log(f"{told:,}人に知らせました。")
