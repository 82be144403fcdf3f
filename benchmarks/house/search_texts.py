"""Generated Japanese office text: sentences of common, less common and rare words, the same for the same seed."""

import random

COMMON = (
    "会議",
    "システム",
    "情報",
    "資料",
    "確認",
    "職員",
    "業務",
    "管理",
    "対応",
    "報告",
    "年度",
    "検討",
    "運用",
    "説明",
)
WORDS = [
    "庁内",
    "標準化",
    "移行",
    "契約",
    "予算",
    "要求",
    "見積",
    "調達",
    "保守",
    "更新",
    "端末",
    "回線",
    "認証",
    "権限",
    "台帳",
    "様式",
    "申請",
    "受付",
    "審査",
    "許可",
    "通知",
    "公表",
    "研修",
    "演習",
    "訓練",
    "点検",
    "監査",
    "計画",
    "方針",
    "規程",
    "要綱",
    "課題",
    "期限",
    "担当",
    "所管",
    "委託",
    "受託",
    "業者",
    "仕様",
    "設計",
    "構築",
    "試験",
    "切替",
    "停止",
    "復旧",
    "障害",
    "原因",
    "対策",
    "再発",
    "防止",
    "個人",
    "特定",
    "番号",
    "連携",
    "基盤",
    "共通",
    "クラウド",
    "ネットワーク",
    "サーバー",
    "バックアップ",
    "ログ",
    "暗号",
    "媒体",
    "持出し",
    "廃棄",
    "窓口",
    "税務",
    "福祉",
    "保健",
    "医療",
    "環境",
    "衛生",
    "農林",
    "水産",
    "商工",
    "労働",
    "土木",
    "都市",
    "住宅",
    "港湾",
    "道路",
    "河川",
    "教育",
    "文化",
    "警察",
    "選挙",
    "人事",
    "給与",
    "財務",
    "出納",
    "会計",
    "会議室",
    "議事録",
    "出席",
    "欠席",
    "決定",
    "事項",
    "宿題",
    "継続",
    "完了",
    "延期",
    "中止",
    "見直し",
    "集約",
    "共同",
    "利用",
    "生成AI",
]
RARE = tuple(
    f"{a}{b}{c}"
    for a in "鯨鷲鹿狼鶴亀燕雀鳩鴨"
    for b in "洞峠岬灘渓沼淵瀬嶺麓"
    for c in ["計画", "構想", "方式", "事案", "協定"]
)
ENDINGS = (
    "について確認した。",
    "を検討することとした。",
    "の状況を説明した。",
    "に対応する。",
    "を令和{n}年度に行う。",
    "は第{n}回で報告する。",
    "を見直し、台帳に記す。",
)
SURNAMES = [
    "見本",
    "例田",
    "試山",
    "想定",
    "模擬",
    "仮名",
    "例野",
    "架空",
    "予備",
    "標準",
    "髙橋",
    "斎藤",
    "渡邊",
    "佐野",
    "小林",
    "田中",
]
GIVEN = [
    "花子",
    "太郎",
    "一郎",
    "美咲",
    "健太",
    "陽菜",
    "大輔",
    "七海",
    "冬彦",
    "春也",
    "さくら",
    "ひなた",
    "翔",
    "結衣",
]


class Texts:
    """A source of texts."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = random.Random(seed)
        self._weights = [1 / (place + 3) for place in range(len(WORDS))]

    def word(self) -> str:
        """Mostly a usual word, sometimes a common one, seldom a rare one."""
        draw = self.chance.random()
        if draw < 0.0008:
            return self.chance.choice(RARE)
        if draw < 0.22:
            return self.chance.choice(COMMON)
        return self.chance.choices(WORDS, self._weights)[0]

    def sentence(self) -> str:
        """About 25 letters."""
        words = "の".join(self.word() for _ in range(self.chance.randint(2, 4)))
        return words + self.chance.choice(ENDINGS).format(n=self.chance.randint(1, 30))

    def body(self, letters: int) -> str:
        """Sentences of about so many letters in all."""
        found: list[str] = []
        size = 0
        while size < letters:
            found.append(self.sentence())
            size += len(found[-1])
        return "\n".join(found)

    def title(self) -> str:
        """A heading."""
        return f"{self.word()}{self.word()}{self.chance.choice(('会議', '打合せ', '報告', '計画', '検討会', '説明会'))} 第{self.chance.randint(1, 40)}回"

    def name(self) -> str:
        """A name of nobody."""
        return f"{self.chance.choice(SURNAMES)} {self.chance.choice(GIVEN)}"
