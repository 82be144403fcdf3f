"""Japanese words for what the calendar writes into the record."""

VERBS = {
    "calendar.year.opened": "年度の開始",
    "calendar.year.closed": "年度の締め",
    "calendar.year.reopened": "年度の締めの取消",
    "calendar.closure.added": "閉庁日の追加",
    "calendar.closure.removed": "閉庁日の削除",
}
