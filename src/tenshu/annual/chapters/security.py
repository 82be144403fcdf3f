"""Part 3: 情報セキュリティ対策."""

from tenshu.annual.outline import Items, Part, Section, Sentence, Told, Trend

PART = Part(
    3,
    "情報セキュリティ対策",
    (
        Section(
            "3(1)",
            "セキュリティ研修",
            (
                Sentence("職員の知識と意識を高めるため、次の研修を行った。"),
                Items(
                    (
                        "新規採用職員への動画による研修（{awareness.new_staff.participants}）",
                        "部局に出向く研修（{awareness.outreach.departments}、{awareness.outreach.participants}）",
                        "全職員の理解度チェック（{awareness.comprehension.rounds}、{awareness.comprehension.participants}）",
                    )
                ),
                Told("awareness.material", "個人情報の研修に公開した教材"),
                Trend("awareness.comprehension.participants"),
            ),
        ),
        Section(
            "3(2)",
            "標的型攻撃メール対応訓練",
            (
                Sentence(
                    "不審なメールに気づき、正しく報告できるようにするため、{drill.recipients}に訓練のメールを送った。"
                    "添付ファイルの開封率は{drill.open_rate_percent}であった。"
                ),
                Told("drill.reports", "実施した月と窓口への報告の状況"),
            ),
        ),
        Section(
            "3(3)",
            "ウェブ感染型マルウェア検知",
            (
                Sentence(
                    "改ざんとウェブ感染型マルウェアの検知のため、{web_watch.targets}のサイトを監視した。"
                ),
            ),
        ),
        Section(
            "3(4)",
            "ホームページレスポンス観測",
            (Sentence("{response_watch.targets}のサイトの応答時間を観測した。"),),
        ),
        Section(
            "3(5)",
            "サイバー攻撃検知",
            (Sentence("登録された{traffic_watch.targets}のネットワークについて、不審な通信を監視した。"),),
        ),
        Section(
            "3(6)",
            "情報セキュリティに関する基本要綱の改正",
            (Told("policy.amendments", "要綱の改正の理由と日付、発した通知"),),
        ),
        Section(
            "3(7)",
            "記憶装置を含む機器の廃棄状況の確認",
            (
                Sentence("今後の廃棄予定をとりまとめ、前年度に廃棄した機器の証明書の写しを集めて確かめた。"),
                Told("media_disposal.summary", "廃棄予定と証明書の確認の結果"),
            ),
        ),
        Section(
            "3(8)",
            "情報セキュリティ対策の自己点検",
            (
                Sentence("すべてのシステムについて自己点検を行い、結果を集計して分析した。"),
                Told("self_inspection.summary", "点検の結果、研修と個別の聞き取り、外部監査人の役割"),
            ),
        ),
        Section(
            "3(9)",
            "プラットフォーム診断",
            (
                Sentence(
                    "庁内のネットワークから届く、グローバルIPアドレスを持つシステムのサーバとネットワーク機器を診断した。"
                ),
                Told("vulnerability.summary", "診断の範囲と、所管所属に示した対策"),
            ),
        ),
    ),
)
