"""Part 1: 庁内DX."""

from tenshu.annual.outline import Items, Part, Section, Sentence, Told, Trend

PART = Part(
    1,
    "庁内DX",
    (
        Section(
            "1(1)",
            "システム種別タスクフォース",
            (
                Sentence(
                    "最適化の対象となりうる{taskforce.systems}を種別ごとに見渡し、課題の大きいシステムについて"
                    "{taskforce.working_groups}を置いて検討を進めた。タスクフォースの会議は{taskforce.meetings}開いた。"
                ),
                Told("taskforce.meetings", "タスクフォース会議の一覧"),
                Told("taskforce.working_groups", "WGの一覧"),
                Told("taskforce.secretariat", "事務局の所属"),
                Trend("taskforce.systems"),
            ),
        ),
        Section(
            "1(2)",
            "システムカルテの整備",
            (
                Sentence(
                    "前の年度のカルテを、今年度の時点に合わせて直した。あわせて、システムごとに前年度の決算と今年度の予算を確かめた。"
                ),
                Told("karte.edition", "カルテの時点修正、決算と予算の確認状況"),
            ),
        ),
        Section(
            "1(3)",
            "ハードウェアの集約及びソフトウェアの見直し",
            (
                Sentence(
                    "カルテをもとに、機器の集約、ソフトウェアの見直し、運用の一元化に向くシステムを選び出し、所管所属に聞き取りを行った。"
                ),
                Told("optimisation.hearings", "聞き取りの期間、方向性とスケジュール"),
            ),
        ),
        Section(
            "1(4)",
            "業務のICT化",
            (
                Sentence(
                    "ICTで効率化したい業務を全部局に照会し、{ict_needs.departments}から{ict_needs.tasks}の回答を得た。"
                    "聞き取りのうえ、ツールの研修、技術的な支援、助言や提案、システム構築の支援につなげた。"
                ),
                Told("ict_needs.outcomes", "支援の種類ごとの結果"),
                Told("inquiry.campaigns"),
            ),
        ),
        Section(
            "1(5)",
            "部局支援",
            (
                Sentence(
                    "次の案件をはじめ、技術的な助言や事業者との打合せへの同席などの支援を行った（{support.engagements}）。"
                ),
                Told("support.engagements", "支援した案件の一覧"),
            ),
        ),
        Section(
            "1(6)",
            "IT事業の推進",
            (
                Sentence(
                    "部局ごとに担当者を決めた窓口で、{desk.consultations}の相談を受け、{desk.budget_checks}の予算確認を行った。",
                    heading="部局担当窓口",
                ),
                Sentence(
                    "審査会にかかる調達案件のシステム仕様書{desk.specification_reviews}を確認し、仕様の改善を助言した。",
                    heading="仕様書確認",
                ),
                Told("desk.review_rule", "仕様書確認の対象の基準"),
            ),
        ),
        Section(
            "1(7)",
            "他都道府県との連絡調整",
            (
                Sentence("情報主管課長などの会議に参加し、他団体の取組を持ち帰った。"),
                Items(
                    ("全国の会議　{liaison.national_meetings}", "ブロックの会議　{liaison.regional_meetings}")
                ),
                Told("liaison.sessions", "会議の一覧"),
            ),
        ),
    ),
)
