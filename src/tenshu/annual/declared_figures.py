"""The figures of the yearly report in its order. A room that gives a key's rows takes its declaration's place."""

from tenshu.mechanisms.figures.registry import Figure


def _declared(key: str, label: str, unit: str, row: str, definition: str) -> Figure:
    return Figure(key=key, label=label, unit=unit, row=row, definition=definition)


FIGURES = [
    _declared("taskforce.systems", "最適化の対象となりうるシステム", "システム", "最適化の対象候補であるシステム", "年度末の時点で最適化の対象候補とされているシステムの数。"),
    _declared("taskforce.working_groups", "ワーキンググループ", "WG", "タスクフォースのWG", "年度のあいだに置かれていたWGの数。"),
    _declared("taskforce.meetings", "タスクフォース会議", "回", "開催したタスクフォース会議", "年度のあいだに開催したタスクフォース会議の数。"),
    _declared("ict_needs.departments", "ICT化の照会に回答した部局", "部局", "回答した部局", "業務のICT化の照会に回答した部局の数。"),
    _declared("ict_needs.tasks", "ICT化の要望のあった業務", "業務", "提出された業務", "業務のICT化の照会で提出された業務の数。"),
    _declared("support.engagements", "伴走支援", "件", "支援した案件", "年度のあいだに支援した案件の数。"),
    _declared("desk.consultations", "相談", "件", "受けた相談", "年度のあいだに部局担当窓口が受けた相談の数。"),
    _declared("desk.budget_checks", "予算確認", "件", "終えた予算確認", "年度のあいだに終えた予算確認の数。"),
    _declared("desk.specification_reviews", "仕様書確認", "件", "確認した調達仕様書", "年度のあいだに確認したシステム調達仕様書の数。"),
    _declared("liaison.national_meetings", "全国の会議", "回", "開催された全国の会議", "年度のあいだに開催され、参加した全国の会議の数。"),
    _declared("liaison.regional_meetings", "ブロックの会議", "回", "開催されたブロックの会議", "年度のあいだに開催され、参加したブロックの会議の数。"),
    _declared("training.dx_workshop.sessions", "DX研修の日程", "日程", "開催した日程", "年度のあいだに開催したDX研修の日程の数。"),
    _declared("training.dx_workshop.participants", "DX研修の参加者", "名", "出席した参加者", "DX研修に出席した参加者の数。"),
    _declared("training.dx_workshop.teams", "DX研修の班", "班", "編成した班", "DX研修で編成した班の数。"),
    _declared("training.systems_basic.participants", "情報システム基礎研修の参加者", "名", "出席した参加者", "情報システムに関する基礎研修の参加者の数。"),
    _declared("training.requirements.participants", "要件定義研修の参加者", "名", "出席した参加者", "システムの要件定義に関する研修の参加者の数。"),
    _declared("awareness.new_staff.participants", "新規採用職員研修の受講者", "名", "動画を受講した新規採用職員", "動画による研修を終えた新規採用職員の数。"),
    _declared("awareness.outreach.departments", "出前研修の部局", "部局", "訪問した部局", "おでかけ研修で訪問した部局の数。"),
    _declared("awareness.outreach.participants", "出前研修の参加者", "名", "おでかけ研修の回", "おでかけ研修の参加者数の合計。"),
    _declared("awareness.comprehension.rounds", "理解度チェック", "回", "実施した理解度チェック", "年度のあいだに実施した理解度チェックの回数。"),
    _declared("awareness.comprehension.participants", "理解度チェックの受講者", "名", "一回以上受講した職員", "理解度チェックを一回以上終えた職員の数。同じ人は一度だけ数える。"),
    _declared("drill.recipients", "訓練メールの送付先", "名", "訓練メールを送った職員", "標的型攻撃メール対応訓練でメールを送った職員の数。"),
    _declared("drill.open_rate_percent", "訓練メールの開封率", "%", "訓練メールを送った職員", "添付ファイルを開いた職員の、送付先に対する割合。"),
    _declared("web_watch.targets", "改ざん・マルウェアを監視したサイト", "件", "監視の対象サイト", "改ざんとウェブ感染型マルウェアを監視したサイトの数。"),
    _declared("response_watch.targets", "応答を観測したサイト", "件", "観測の対象サイト", "応答時間を観測したサイトの数。"),
    _declared("traffic_watch.targets", "通信を監視したネットワーク", "件", "登録されたネットワーク", "不審な通信を監視したネットワークの数。"),
]
