"""Hand-made pairs: the same name in two characters, and characters that must stay apart."""

SAME = (
    "髙橋/高橋 山﨑/山崎 渡邉/渡辺 渡邊/渡辺 齋藤/斎藤 齊藤/斉藤 黒澤/黒沢 濱田/浜田 濵田/浜田 廣瀬/広瀬 "
    "中嶋/中島 嶌田/島田 桒田/桑田 栁田/柳田 𠮷田/吉田 渕上/淵上 渊上/淵上 龍田/竜田 冨田/富田 眞田/真田 "
    "國分/国分 圓山/円山 惠子/恵子 藏本/蔵本 壽子/寿子 德田/徳田 榮子/栄子 櫻井/桜井 廣瀨/広瀬 曾根/曽根 "
    "槗本/橋本 凜/凛 靍田/鶴田 籠島/篭島 藪内/薮内 檜山/桧山 神谷/神谷 塚本/塚本 都築/都築 逸見/逸見 "
    "戶田/戸田 吳/呉 黑田/黒田 邊見/辺見 佐々木/佐佐木"
)
APART = (
    "埼玉/崎玉 濵田/頻田 橋本/毳本 斎藤/斉藤 渡辺/渡部 玉井/王井 升田/舛田 書上/昼上 切田/功田 高田/商田 "
    "大田/太田 土田/士田"
)


def pairs(listed: str) -> list[tuple[str, str]]:
    """Split a list of ``a/b`` pairs."""
    return [(left, right) for left, _, right in (pair.partition("/") for pair in listed.split())]
