"""Japanese words for what the record says of task forces."""

VERBS = {
    "taskforce.set_up": "設置",
    "taskforce.group_set_up": "WGの設置",
    "taskforce.group_changed": "WGの変更",
    "taskforce.member_added": "構成所属の追加",
    "taskforce.member_removed": "構成所属の削除",
    "taskforce.target_added": "対象システムの追加",
    "taskforce.target_removed": "対象システムの削除",
    "taskforce.meeting_planned": "会議の登録",
    "taskforce.issue_opened": "課題の登録",
    "taskforce.issue_moved": "課題の状態の変更",
}
