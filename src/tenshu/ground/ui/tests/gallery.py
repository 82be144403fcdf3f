"""A page that shows every component, for the browser tests and for the eye. It is no URL of the product."""

import datetime

import django_filters
from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.office.models import Unit, UnitKind
from tenshu.ground.quantities import HeadCount, Quality
from tenshu.ground.ui.charts import (
    MoneyYear,
    Reading,
    columns_over_years,
    heat_map,
    line_over_band,
    money_over_years,
    parts_of_whole,
)
from tenshu.ground.ui.chips import GROUPS
from tenshu.ground.ui.forms import ConfirmForm, DateField, Form, HeadCountField, NumberField, YenField
from tenshu.ground.ui.gantt import Bar, Gantt, Milestone, Row
from tenshu.ground.ui.parts import (
    Attached,
    Conflict,
    ConflictValue,
    Evidence,
    EvidenceLine,
    Fact,
    FeedItem,
    FigureTile,
    KeyFact,
    NextStep,
    Segment,
    Step,
    Tab,
)
from tenshu.ground.ui.tables import Column, Table, chip_column, date_column, number_column, yen_column
from tenshu.ground.ui.todo import TodoItem

DAY = datetime.date(2024, 2, 14)
AT = timezone.make_aware(datetime.datetime(2024, 2, 14, 9, 5))


class SampleForm(Form):
    title = forms.CharField(label="件名", max_length=60)
    held_on = DateField(label="開催日")
    budget = YenField(label="予算額", help_text="当初と補正の合計")
    users = NumberField(label="利用者数", unit="名", min_value=0)
    heads = HeadCountField(label="参加者数", required=False)
    unit = forms.ChoiceField(label="部局", choices=[("", "選んでください"), ("a", "総務部"), ("b", "福祉部")])
    kind = forms.ChoiceField(
        label="開き方", choices=[("room", "会場"), ("web", "オンライン")], widget=forms.RadioSelect
    )
    marks = forms.MultipleChoiceField(
        label="配るもの",
        choices=[("a", "資料"), ("b", "録画")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label="内容を課長に確かめました")
    memo = forms.CharField(label="覚え", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    paper = forms.FileField(label="資料", required=False, help_text="PDFかExcel")


class UnitFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label="区分", choices=UnitKind.choices, empty_label="すべて")
    parent = django_filters.ModelChoiceFilter(
        label="上位組織", queryset=Unit.objects.filter(kind="department"), empty_label="すべて"
    )
    begun = django_filters.ChoiceFilter(
        label="登録", choices=[("new", "今年度")], method="filter_begun", empty_label="すべて"
    )

    class Meta:
        model = Unit
        fields = ["kind", "parent"]

    def filter_begun(self, queryset, name, value):
        return queryset.filter(Q(valid_from__gte=datetime.date(2023, 4, 1)))


class UnitTable(Table[Unit]):
    caption, counter, note = "組織の一覧", "組織", "金額は千円"
    search, search_label = ("name", "code", "kana"), "名前・番号で絞る"
    filterset_class = UnitFilter
    default_sort = "code"
    empty_title, empty_text = "まだ組織はありません", "組織を登録すると、ここに並びます。"
    columns = (
        Column(name="code", label="番号", sort=True),
        Column(
            name="name",
            label="名前",
            heading=True,
            sort="kana",
            link=lambda unit: f"/office/{unit.pk}/",
            under=lambda unit: unit.parent,
            under_label="上位組織",
        ),
        chip_column(
            "state", "時点修正", value=lambda unit: "差戻し" if unit.sort_order % 3 == 0 else "確認済"
        ),
        yen_column("sort_order", "R5予算"),
        number_column("pk", "職員数", "名"),
        date_column("valid_from", "開始日"),
        date_column("valid_until", "終了日", visible=False),
        Column(name="kana", label="かな", visible=False, narrow=False),
    )


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component on one page."""
    form = SampleForm(request.POST or None)
    if request.method != "POST":
        form = SampleForm(
            initial={"held_on": DAY, "budget": 12_480_000, "heads": HeadCount(230, Quality.APPROXIMATE)}
        )
    table = UnitTable(request, Unit.objects.select_related("parent"))
    return table.respond("gallery.html", {**parts(), "form": form})


def parts() -> dict[str, object]:
    return {
        "chip_groups": GROUPS,
        "day": DAY,
        "at": AT,
        "tiles": [
            FigureTile("相談", 19, "/x/", "件", trend="昨年同日 15件", history=[9, 12, 15, 18, 19]),
            FigureTile("予算確認", 202, "/x/", "件", trend="12月に完了", history=[150, 160, 180, 190, 202]),
            FigureTile("仕様書確認", 11, "/x/", "件", trend="昨年同日 9件", history=[5, 7, 9, 9, 11]),
            FigureTile(
                "理解度チェック", 6412, "/x/", "名", trend="第2回を実施中", history=[5, 5.5, 6, 6.2, 6.4]
            ),
            FigureTile(
                "不審メール訓練", 3.9, "/x/", "%", Quality.APPROXIMATE, "約230名に送付", [10, 8, 6, 5, 4]
            ),
            FigureTile("おでかけ研修", 163, "/x/", "名", Quality.AT_LEAST, "4部局", [0, 5, 7, 8, 9]),
        ],
        "key": [
            KeyFact("R4決算（千円）", "12,480", "前年度 10,800"),
            KeyFact("R5予算（千円）", "13,200", "R4予算 13,100", "/x/"),
            KeyFact("サポート終了", "令和6年7月", "6か月以内"),
            KeyFact("自己点検", "82点", "30項目中 4項目が要改善"),
            KeyFact("充足度", "74%", "前年度 61%"),
        ],
        "people": [Fact("主担当", "例田 太郎", "/x/"), Fact("副担当", "見本 花子"), Fact("業者", None)],
        "links": [Attached("契約", "/x/", "2件"), Attached("ヒアリング", "/x/", "2回")],
        "news": [
            FeedItem("生活衛生室がカルテ3件を提出しました", AT, "例田 太郎", "success", "/x/"),
            FeedItem("予算確認 R5-202 を完了しました", DAY, "見本 花子", "info"),
        ],
        "order": [
            Step("前年度の内容が入った票を受け取る", "done"),
            Step("変わったところを直す", "now", "いまここです"),
            Step("見立課長が確かめる", "", "課長にはメールが届きます"),
        ],
        "wizard_steps": [
            Step("基本の情報", "done", url="/x/"),
            Step("機器・ソフト", "done"),
            Step("費用・契約", "now"),
            Step("課長へ提出"),
        ],
        "tab_list": [
            Tab("すべて", "/x/", True, 135),
            Tab("未提出", "/x/", False, 36),
            Tab("サポート終了が近い", "/x/"),
        ],
        "segments": [
            Segment("確認済", 78, "done"),
            Segment("所属長確認中", 21, "head"),
            Segment("入力中", 17, "typing"),
            Segment("差戻し", 4, "back"),
            Segment("未着手", 15, "none"),
        ],
        "tasks": [
            TodoItem(
                "仕様書確認 第12号「公有財産管理の更新」",
                "/x/",
                DAY,
                detail="観点 31のうち 27まで確認しました",
            ),
            TodoItem("公衆浴場台帳システムのカルテを直す", "/x/", word="差戻し", action_label="直す"),
            TodoItem("要綱の新旧対照表を決裁へ回す", "/x/", datetime.date(2024, 3, 21)),
            TodoItem("名簿を確かめる", "/x/"),
        ],
        "next": NextStep(
            "環境衛生許認可システムのカルテを確かめる",
            "/x/",
            "続きから入力する",
            "42項目のうち 31項目は確かめ終わっています。変わったところだけ直してください。",
            note="期限 2月29日（木）　あと11開庁日",
            done=31,
            total=42,
            unit="項目",
        ),
        "before": Evidence(
            "前", [EvidenceLine(41, '<link rel="stylesheet">'), EvidenceLine(42, "</head>", "-")], AT
        ),
        "after": Evidence(
            "後",
            [
                EvidenceLine(41, '<link rel="stylesheet">'),
                EvidenceLine(42, '<script src="https://cdn.example/s.js"></script>', "+", ["cdn.example"]),
            ],
            AT,
        ),
        "clash": Conflict(
            "users",
            "環境衛生許認可システム",
            "利用者数（名）",
            [
                ConflictValue("Excelを渡した時（1月22日）", 58),
                ConflictValue("いまの値（今日 例田）", 62, "now"),
                ConflictValue("取り込む値", 60, "new"),
            ],
            "now",
        ),
    }


def charts() -> dict[str, object]:
    start = datetime.datetime(2024, 2, 13, 9, 40)
    readings = [
        Reading(
            start + datetime.timedelta(minutes=15 * n),
            None if n in (30, 31) else 500 + 40 * (n % 5) + (900 if n > 60 else 0),
            380,
            720 + 3 * (n % 9),
        )
        for n in range(97)
    ]
    heat = [
        [None if (r, c) in ((3, 2), (3, 3)) else float((r * 7 + c * c) % 97) for c in range(24)]
        for r in range(7)
    ]
    fiscal = datetime.date
    return {
        "years": columns_over_years(
            "5年の推移",
            [("R1", 9), ("R2", 12), ("R3", None), ("R4", 18), ("R5", 21)],
            unit="件",
            note="件。受け付けた年度",
        ),
        "money": money_over_years(
            "年度ごとの費用",
            [
                MoneyYear("R2", {"運用等経費": 9_300_000}, 9_600_000),
                MoneyYear("R3", {"運用等経費": 10_800_000}, 11_000_000),
                MoneyYear("R4", {"運用等経費": 11_200_000, "整備経費": 1_300_000}, 13_100_000),
                MoneyYear("R5", {}, 13_200_000),
                MoneyYear("R6", {}, None, 31_500_000),
            ],
        ),
        "shares": parts_of_whole(
            "系の内訳",
            [Segment("LGWAN系", 88, "c1"), Segment("番号系", 29, "c2"), Segment("ネット系", 18, "c3")],
            unit="システム",
        ),
        "line": line_over_band(
            "応答", readings, unit="ミリ秒", note="ミリ秒。15分ごと", broken_at=readings[60].at
        ),
        "heat": heat_map(
            "曜日と時刻",
            list("月火水木金土日"),
            [f"{n}時" for n in range(24)],
            heat,
            unit="ミリ秒",
            note="過去7日、1時間ごとの中央値。橙の線は遅れ、点線は観測なし",
            alarms=[(2, 3), (2, 4)],
        ),
        "plan": Gantt(
            "タスクフォースの工程",
            [
                Row(
                    "許認可WG",
                    [
                        Bar("業務の洗い出し", fiscal(2023, 4, 10), fiscal(2023, 9, 30), "soft"),
                        Bar("試行", fiscal(2023, 11, 1), fiscal(2024, 3, 31)),
                    ],
                    [Milestone("中間報告", fiscal(2023, 10, 20))],
                    url="/x/",
                    under="座長 例田 太郎",
                    group="令和5年度に終える",
                ),
                Row(
                    "総務事務WG",
                    [Bar("調査", fiscal(2023, 6, 1), fiscal(2023, 12, 28), "c3")],
                    group="令和5年度に終える",
                ),
                Row(
                    "デジタル化WG",
                    [
                        Bar("設計", fiscal(2024, 1, 9), fiscal(2024, 9, 30)),
                        Bar("構築", fiscal(2024, 10, 1), None, "plan"),
                    ],
                    [Milestone("決裁", fiscal(2025, 3, 14))],
                    group="来年度へ続く",
                ),
            ],
            today=DAY,
        ),
        "contracts": Gantt(
            "契約・機器・更改の時期",
            [
                Row("運用保守契約", [Bar("～R6.3", fiscal(2021, 4, 1), fiscal(2024, 3, 31), "soft")]),
                Row("サーバOS", [Bar("～R6.7", fiscal(2021, 4, 1), fiscal(2024, 7, 31), "c2")]),
                Row("新システム", [Bar("R8.4～", fiscal(2026, 4, 1), None, "c3")]),
            ],
            today=DAY,
            key=[("soft", "契約"), ("c2", "サポート"), ("c3", "更改")],
        ),
    }


def chart_page(request: HttpRequest) -> HttpResponse:
    """Every chart and plan on one page."""
    return render(request, "charts.html", charts())


def confirm(request: HttpRequest) -> HttpResponse:
    """The page of confirmation."""
    return render(
        request,
        "ui/confirm.html",
        {
            "title": "令和5年度を締める",
            "consequence": "締めると、令和5年度の数値は変わらなくなります",
            "details": ["数値 52件を確定します", "あとで直すときは「訂正」になり、理由が要ります"],
            "action_label": "年度を締める",
            "back_url": "/",
            "form": ConfirmForm(request.POST or None, ask_reason=True),
        },
    )


def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page with a form of the usual fields."""

    class SignInForm(Form):
        username = forms.CharField(label="利用者名")
        password = forms.CharField(label="パスワード", widget=forms.PasswordInput)

    return render(request, "access/login.html", {"form": SignInForm(request.POST or None), "next": "/"})


def broken(request: HttpRequest) -> HttpResponse:
    """Fails."""
    raise ValueError(f"broken on purpose for {User.__name__}")


urlpatterns = [
    path("gallery/", gallery, name="gallery-gallery"),
    path("gallery/charts/", chart_page, name="gallery-chart_page"),
    path("gallery/confirm/", confirm, name="gallery-confirm"),
    path("gallery/sign-in/", sign_in, name="gallery-sign_in"),
    path("gallery/broken/", broken, name="gallery-broken"),
    path("", include("tenshu.config.urls")),
]
handler403 = "tenshu.ground.ui.views.forbidden"
handler404 = "tenshu.ground.ui.views.not_found"
handler500 = "tenshu.ground.ui.views.server_error"
