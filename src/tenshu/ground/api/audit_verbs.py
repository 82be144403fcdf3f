"""What the record calls the operations of tokens."""

VERBS = {
    "api.token.issued": "APIトークンの発行",
    "api.token.revoked": "APIトークンの取消",
}
