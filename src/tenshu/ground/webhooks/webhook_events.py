"""Events of the ground floor: years and systems. People and roles are no one's business outside."""

EVENTS = {
    "calendar.year.opened": "年度：開始",
    "calendar.year.closed": "年度：締め",
    "calendar.year.reopened": "年度：締めの取消",
    "systems.system.added": "システム：登録",
    "systems.system.changed": "システム：変更",
    "systems.system.corrected": "システム：訂正",
    "office.unit.opened": "組織：新設",
    "office.unit.renamed": "組織：改称",
    "office.unit.ended": "組織：廃止",
}
