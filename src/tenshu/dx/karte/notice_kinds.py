"""What the kartes tell people about."""

from tenshu.ground.notices.kinds import NoticeKind, Timing

KINDS = [
    NoticeKind(
        key="karte.ending",
        label="契約・サポートの終わり",
        explanation="所管のシステムの契約、更新の申出、サポートの終わりが近づいたとき",
        timing=Timing.AT_ONCE,
        required=False,
        urgent=False,
    )
]
