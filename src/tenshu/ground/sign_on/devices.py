"""What a browser says of itself, in two words that a person knows again: Chrome, Windows."""

_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_text(user_agent: str) -> str:
    """Browser and system; 「不明な端末」 when neither is known."""
    words = [
        next((word for mark, word in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS)
    ]
    return "・".join(filter(None, words)) or "不明な端末"
