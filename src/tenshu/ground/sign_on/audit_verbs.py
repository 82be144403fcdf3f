"""Japanese words for what this room writes into the record."""

VERBS = {
    "sign_on.totp.added": "認証アプリの設定",
    "sign_on.totp.removed": "認証アプリの取りやめ",
    "sign_on.passkey.added": "パスキーの登録",
    "sign_on.passkey.removed": "パスキーの削除",
    "sign_on.codes.issued": "回復コードの発行",
    "sign_on.codes.removed": "回復コードの削除",
    "sign_on.code.used": "回復コードの使用",
    "sign_on.factors.reset": "二要素の取消",
    "sign_on.sessions.ended": "端末のサインアウト",
    "sign_on.identity.linked": "認証基盤とのひも付け",
}
