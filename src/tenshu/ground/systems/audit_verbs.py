"""Japanese words for what this room writes into the record."""

VERBS = {
    "systems.system.added": "システムの登録",
    "systems.system.corrected": "システムの訂正",
    "systems.owner.changed": "所管の変更",
    "systems.ownership.begun": "所管の開始",
    "systems.ownership.ended": "所管の終了",
    "systems.ownership.replaced": "所管の差替え",
}
