"""Japanese words for what the record says of sessions."""

VERBS = {
    "gathering.agenda_set": "議題の設定",
    "gathering.agenda_removed": "議題の削除",
    "gathering.invited": "案内",
    "gathering.attendance_marked": "出欠の記録",
    "gathering.decided": "決定事項の記録",
    "gathering.action_added": "宿題の追加",
    "gathering.action_finished": "宿題の完了",
}
