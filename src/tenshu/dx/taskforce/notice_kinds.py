"""What people are told about task forces."""

from tenshu.ground.notices.kinds import NoticeKind

ISSUE_DUE = "taskforce.issue-due"

KINDS = [
    NoticeKind(
        key=ISSUE_DUE,
        label="WGの課題の期限",
        explanation="受け持った課題や所属の課題の期限が近いとき、過ぎたとき",
        required=True,
    )
]
