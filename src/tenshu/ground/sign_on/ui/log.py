"""The sign-in log, for the security group and the secretariat."""

import datetime

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from tenshu.ground.sign_on.models import Outcome, SignInEntry
from tenshu.ground.sign_on.queries import entries
from tenshu.ground.sign_on.ui.account import ADDRESS, DEVICE, way_text
from tenshu.ground.ui.dates import moment_html
from tenshu.ground.ui.parts import Tab
from tenshu.ground.ui.tables import Column, Table

_FAILED = ~Q(outcome=Outcome.LET_IN)
_STOPPED = Q(outcome__in=[Outcome.LOCKED, Outcome.LIMITED])


class LogTable(Table[SignInEntry]):
    """Tries to sign in."""

    caption = "サインインの記録"
    counter = "件"
    search = ("user__login_name", "user__display_name", "address")
    search_label = "利用者・アドレスで絞る"
    default_sort = "-at"
    counted_up_to = 10_000
    empty_title = "当てはまる記録はありません"
    empty_text = "絞り込みを外すと、すべての記録が並びます。"
    columns = (
        Column(name="at", label="日時", sort=True, heading=True, show=moment_html),
        Column(
            name="user",
            label="利用者",
            value=lambda row: row.user.display_name if row.user else "登録のない利用者名",
            sort="user__login_name",
        ),
        Column(name="outcome", label="結果", value=lambda row: row.get_outcome_display(), sort=True),
        Column(name="way", label="方法", value=way_text),
        ADDRESS,
        DEVICE,
    )


@never_cache
def log_list(request: HttpRequest) -> HttpResponse:
    """All tries, with saved views; the failures of the last day are counted."""
    yesterday = timezone.now() - datetime.timedelta(days=1)
    views = {
        "": ("すべて", Q()),
        "failed": ("失敗", _FAILED),
        "stopped": ("停止と制限", _STOPPED),
        "today": ("24時間の失敗", _FAILED & Q(at__gte=yesterday)),
    }
    chosen = request.GET.get("view", "")
    chosen = chosen if chosen in views else ""
    tabs = [
        Tab(
            label,
            f"?view={key}" if key else request.path,
            key == chosen,
            entries().filter(condition).count() if key == "today" else None,
        )
        for key, (label, condition) in views.items()
    ]
    return LogTable(request, entries().filter(views[chosen][1])).respond("sign_on/log.html", {"views": tabs})
