"""The kinds of notice that belong to no room."""

from tenshu.ground.notices.kinds import NoticeKind

KINDS = [
    NoticeKind(
        key="notices.trouble",
        label="通知の不達",
        explanation="メールが届かないアドレスや、送れたか確かめられないメールがあるとき",
        required=True,
    ),
    NoticeKind(
        key="webhooks.paused",
        label="外部への通知の停止",
        explanation="外部のシステムへの送信が続けて失敗し、止めたとき",
        required=True,
    ),
    NoticeKind(
        key="jobs.failed",
        label="自動処理の失敗",
        explanation="ジョブが失敗し、自動ではやり直さないとき",
        required=True,
    ),
]
