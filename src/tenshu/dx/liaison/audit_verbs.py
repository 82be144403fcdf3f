"""Japanese words for what the record says of conferences."""

VERBS = {
    "liaison.conference_added": "会議体の登録",
    "liaison.conference_changed": "会議体の変更",
    "liaison.session_planned": "開催の登録",
    "liaison.session_changed": "開催の変更",
    "liaison.session_removed": "開催の削除",
    "liaison.reported_back": "復命の記入",
}
