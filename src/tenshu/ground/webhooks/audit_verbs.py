"""Japanese words for what the record says of webhooks."""

VERBS = {
    "webhooks.endpoint_added": "送り先の登録",
    "webhooks.endpoint_changed": "送り先の変更",
    "webhooks.endpoint_paused": "送り先の一時停止",
    "webhooks.endpoint_resumed": "送り先の再開",
    "webhooks.endpoint_removed": "送り先の削除",
    "webhooks.secret_rotated": "署名の鍵の作り直し",
    "webhooks.tested": "試しの送信",
    "webhooks.delivery_retried": "再送",
}
