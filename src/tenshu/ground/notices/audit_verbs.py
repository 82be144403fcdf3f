"""Japanese words for what the record says of notices."""

VERBS = {
    "notices.preference_changed": "通知の受け取り方の変更",
    "notices.mail_retried": "メールの再送",
    "notices.mail_found": "メールの送信の確認",
    "notices.address_cleared": "アドレスへの送信の再開",
}
