"""Inquiries (照会): 照会 → 回答 → 課長確認 → とりまとめ, over subjects frozen at opening, with any content."""
