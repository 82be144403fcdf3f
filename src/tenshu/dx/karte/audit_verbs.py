"""Japanese words for what the record says of kartes."""

_THINGS = {
    "vendor": "事業者",
    "host": "収容ホスト",
    "environment": "環境",
    "server": "サーバ",
    "software": "ソフトウェア",
    "contract": "契約",
    "dependency": "データ連携",
    "cost_item": "経費区分",
    "cost_line": "費用",
    "matching_rule": "照合の規則",
    "completeness_rule": "充足度の規則",
    "not_applicable": "該当なし",
    "payment": "支払い",
}

VERBS = {
    **{
        f"karte.{thing}_{verb}": f"{label}の{word}"
        for thing, label in _THINGS.items()
        for verb, word in (("added", "登録"), ("changed", "変更"), ("removed", "削除"))
    },
    "karte.karte_added": "カルテの作成",
    "karte.karte_changed": "カルテの変更",
    "karte.payment_imported": "支払いの取込",
    "karte.payment_matched": "支払いの照合",
    "karte.edition_frozen": "カルテの年度版の確定",
}
