"""Events of sessions of which other systems may be told."""

EVENTS = {
    "gathering.planned": "会議・研修：登録",
    "gathering.changed": "会議・研修：変更",
    "gathering.held": "会議・研修：開催済",
    "gathering.cancelled": "会議・研修：中止",
}
