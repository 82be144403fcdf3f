"""Japanese words for what the record says of sessions."""

VERBS = {
    "gathering.count_changed": "出席者数の変更",
    "gathering.reopened": "予定に戻す",
    "gathering.followed": "承継先への引継ぎ",
    "gathering.attendance_removed": "名簿からの削除",
    "gathering.decision_removed": "決定事項の削除",
    "gathering.action_changed": "宿題の変更",
    "gathering.action_reopened": "宿題を未完了に戻す",
    "gathering.action_removed": "宿題の削除",
    "gathering.action_followed": "宿題の承継先への引継ぎ",
    "gathering.agenda_set": "議題の設定",
    "gathering.agenda_removed": "議題の削除",
    "gathering.invited": "案内",
    "gathering.attendance_marked": "出欠の記録",
    "gathering.decided": "決定事項の記録",
    "gathering.action_added": "宿題の追加",
    "gathering.action_finished": "宿題の完了",
}
