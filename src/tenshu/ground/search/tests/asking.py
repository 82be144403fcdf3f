"""Ways to search, and to spell a word otherwise, for the tests of this room."""

from tenshu.ground.access.models import User
from tenshu.ground.search.finding import find
from tenshu.ground.search.sources import sources
from tenshu.ground.search.wording import read_wording

_HALF = str.maketrans(
    "ァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
    "ｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ",
)
_VOICED = {
    **{
        voiced: half + "ﾞ"
        for voiced, half in zip(
            "ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ", "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ", strict=True
        )
    },
    **{voiced: half + "ﾟ" for voiced, half in zip("パピプペポ", "ﾊﾋﾌﾍﾎ", strict=True)},
}


def found(user: User, typed: str, kind: str = "") -> list[str]:
    """Kind and title of everything that ``user`` finds, in order."""
    hits = find(User.objects.get(pk=user.pk), read_wording(typed), kind=kind).hits
    return [f"{hit.source} {title_of(hit.source, hit.key)}" for hit in hits]


def title_of(source: str, key: int) -> str:
    """The title as the record has it."""
    kind = sources()[source]
    return kind.text(kind.rows().get(pk=key)).title


def in_hiragana(text: str) -> str:
    """Katakana as hiragana."""
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in text)


def in_half_width(text: str) -> str:
    """Katakana and what is ASCII beyond it in half width."""
    return "".join(_VOICED.get(c, c) for c in text).translate(_HALF)


def in_full_width(text: str) -> str:
    """ASCII letters and digits in full width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c != '"' else c for c in text)


SPELLINGS = (str, in_hiragana, in_half_width, in_full_width, str.upper, str.lower)
