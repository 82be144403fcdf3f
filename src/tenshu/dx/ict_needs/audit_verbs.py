"""Japanese words for what the record says of ICT needs."""

VERBS = {
    "ict_needs.need_added": "ICT化の要望の登録",
    "ict_needs.need_changed": "ICT化の要望の変更",
    "ict_needs.need_removed": "ICT化の要望の削除",
    "ict_needs.need_decided": "ICT化の要望の判断",
    "ict_needs.need_followed": "ICT化の要望の引継ぎ",
}
