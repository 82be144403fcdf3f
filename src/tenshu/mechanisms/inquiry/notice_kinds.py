"""What people are told about inquiries."""

from tenshu.ground.notices.kinds import NoticeKind

ASKED = "inquiry.asked"
MOVED = "inquiry.moved"
DUE = "inquiry.due"

KINDS = [
    NoticeKind(key=ASKED, label="照会の依頼", explanation="所属に照会が届いたとき、照会票を割り振られたとき"),
    NoticeKind(
        key=MOVED,
        label="照会票の差戻しと受理",
        explanation="確認を求められたとき、差し戻されたとき、受理されたとき",
    ),
    NoticeKind(
        key=DUE,
        label="照会の期限",
        explanation="照会の回答期限が近いとき、過ぎたとき、事務局が催促したとき",
        required=True,
    ),
]
