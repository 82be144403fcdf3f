"""What people are told about sessions."""

from tenshu.ground.notices.kinds import NoticeKind

CALLED = "gathering.called"
ACTION = "gathering.action"
ACTION_DUE = "gathering.action-due"

KINDS = [
    NoticeKind(
        key=CALLED, label="会議の案内と中止", explanation="会議や研修に呼ばれたとき、中止になったとき"
    ),
    NoticeKind(key=ACTION, label="会議の宿題", explanation="会議で、することを受け持ったとき"),
    NoticeKind(
        key=ACTION_DUE,
        label="宿題の期限",
        explanation="受け持った宿題や所属の宿題の期限が近いとき、過ぎたとき",
        required=True,
    ),
]
