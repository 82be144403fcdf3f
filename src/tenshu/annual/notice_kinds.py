"""The kinds of notice of the yearly report."""

from tenshu.ground.notices.kinds import NoticeKind, Timing

CLOSED, CORRECTED, DIFFERS = "annual.closed", "annual.corrected", "annual.differs"

KINDS = [
    NoticeKind(
        key=CLOSED,
        label="年度の締め",
        explanation="年度を締め、年次報告の第1版を発行したとき（事務局、幹部、本文を書いた人）",
    ),
    NoticeKind(
        key=CORRECTED,
        label="年次報告の訂正",
        explanation="締めた年度の年次報告を、訂正の版として発行したとき（事務局、幹部、本文を書いた人）",
    ),
    NoticeKind(
        key=DIFFERS,
        label="締めた年度の数値の変化",
        explanation="締めた後に記録が変わり、数値が発行した版と合わなくなったとき（事務局）",
        timing=Timing.DAILY,
    ),
]
