"""Reading JavaScript by its tokens: the source with every literal masked, and what the literals hide.

Masking strings, numbers, comments and spaces makes two builds of one snippet equal although nonces, times and
counters differ. Reading the literals does the opposite: it joins split strings, undoes escapes, reversal,
character codes, percent, hexadecimal and base64 coding, so that a host cannot hide in them.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

# An open string runs to the end of its line, an open template to the end of the script: it must be
# consumed, or every quotation mark of a hostile script would be tried again as the start of one.
_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z)|<!--[^\n]*)
    |(?P<string>"(?:[^"\\\n]|\\.)*+(?:"|(?=\n)|\\?\Z)
        |'(?:[^'\\\n]|\\.)*+(?:'|(?=\n)|\\?\Z)|`(?:[^`\\]|\\.)*+(?:`|\\?\Z))
    |(?P<regex>(?:(?<=[=(,:!&|?{};\[\n])|(?<=return))[ \t]*
        /(?![*/])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.){0,200}+\]){1,500}+/[a-z]*)
    |(?P<number>\b(?:0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\b)
    |(?P<space>\s+)""",
    re.VERBOSE | re.DOTALL,
)
_RUN = re.compile(r"L(?:,L)+")
_PAIRS = re.compile(r"(?<=[{,])(?:L|[A-Za-z_$][\w$]*):L(?:,(?:L|[A-Za-z_$][\w$]*):L)*(?=[,}])")
_REPEATED = re.compile(r"(\{[^{}]{0,400}\}|\[[^\[\]]{0,400}\])(?:,\1)+")
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|([0-7]{1,3})|(.))", re.DOTALL
)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "\n": ""}
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
_CODES = re.compile(
    r"(?:fromCharCode\s*\(|\[)\s*((?:(?:0x[0-9a-fA-F]{1,4}|\d{1,5})\s*,\s*){7,}(?:0x[0-9a-fA-F]{1,4}|\d{1,5}))"
)
_PIECE = r"""(?:"[^"\n]{0,40}"|'[^'\n]{0,40}')"""
_JOINED = re.compile(
    rf"""\[\s*((?:{_PIECE}\s*,\s*){{2,}}{_PIECE})\s*,?\s*\]\s*\.\s*join\s*\(\s*(?:""|'')\s*\)"""
)
_QUOTED = re.compile(r"""["']([^"'\n]*)["']""")
_STRIPPED = re.compile(
    r"""(["'])([^"'\n]{8,2000})\1\s*\.\s*replace(?:All)?\s*\(\s*(?:/(\[?[^/\n]{1,8}\]?)/g|(["'])([^"'\n]{1,4})\4)\s*,\s*(?:""|'')"""
)
_LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Literals:
    """What a script says in its literals: ``plain`` as written, ``joined`` after ``+``, ``decoded`` from
    a coding."""

    masked_hash: str
    plain: tuple[str, ...]
    joined: tuple[str, ...]
    decoded: tuple[tuple[str, str], ...]
    """(way of hiding, text) pairs."""
    code: str
    """The source without comments, with string contents emptied."""


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        two, braced, four, octal, plain = match.groups()
        if plain is not None:
            return _SIMPLE.get(plain, plain)
        value = int(octal, 8) if octal is not None else int(two or braced or four, 16)
        return chr(value) if value < 0x110000 else ""

    return _ESCAPE.sub(one, text)


def _is_text(text: str) -> bool:
    readable = sum(1 for char in text if char.isprintable() or char in "\r\n\t")
    return len(text) >= 6 and readable >= 0.9 * len(text)


def _decode_base64(text: str) -> str:
    body = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
        found = raw.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return found if _is_text(found) else ""


def _ways_out(text: str) -> Iterator[tuple[str, str]]:
    """Every coding of ``text`` that gives readable text back."""
    if "//:ptth" in text or "//:sptth" in text:
        yield "reversed", text[::-1]
    if "%" in text and (plain := unquote(text)) != text:
        yield "percent", plain
    if _HEX.fullmatch(text):
        plain = bytes.fromhex(text).decode("latin-1")
        if _is_text(plain):
            yield "hex", plain
    elif _BASE64.fullmatch(text) and (plain := _decode_base64(text)):
        yield "base64", plain
    elif len(text) >= 24 and _BASE64.fullmatch(text[::-1]) and (plain := _decode_base64(text[::-1])):
        yield "reversed", plain


def _from_codes(source: str) -> Iterator[tuple[str, str]]:
    for match in _CODES.finditer(source):
        numbers = [
            int(part, 0)
            for part in re.split(r"\s*,\s*", match.group(1))
            if part and not re.match(r"0\d", part)
        ]
        if numbers and max(numbers) < 0x10FFFF:
            text = "".join(map(chr, numbers))
            if _is_text(text):
                yield "codes", text
    for match in _JOINED.finditer(source):
        yield "pieces", "".join(_QUOTED.findall(match.group(1)))
    for match in _STRIPPED.finditer(source):
        junk = match.group(3) or re.escape(match.group(5) or "")
        try:
            yield "stuffed", re.sub(junk, "", match.group(2))
        except re.error:
            continue


def _decoded(source: str, strings: list[str]) -> Iterator[tuple[str, str]]:
    queue = [(way, text, 0) for way, text in _from_codes(source)]
    for string in strings:
        if len(string) >= 8:
            queue += [(way, text, 0) for way, text in _ways_out(string)]
    while queue:
        way, text, depth = queue.pop()
        yield way, text
        if depth < 2:
            queue += [(way, inner, depth + 1) for _, inner in _ways_out(text.strip())]
            queue += [(way, inner, depth + 1) for _, inner in _from_codes(text)]


def read_literals(source: str) -> Literals:
    """Tokenise a script of up to 200,000 characters (the rest is hashed raw) and read its literals."""
    head, rest = source[:_LONGEST], source[_LONGEST:]
    masked: list[str] = []
    plain: list[str] = []
    joined: list[str] = []
    chain: list[str] = []
    code: list[str] = []
    position, chain_end = 0, -1
    for match in _TOKEN.finditer(head):
        between = _unescape(head[position : match.start()])
        masked.append(between)
        code.append(between)
        group = match.lastgroup
        if group == "string":
            text = match.group()
            value = _unescape(text[1:-1] if len(text) > 1 and text[-1] == text[0] else text[1:])
            plain.append(value)
            gap = head[chain_end : match.start()].strip() if chain_end >= 0 else "?"
            if gap == "+":
                chain.append(value)
            else:
                if len(chain) > 1:
                    joined.append("".join(chain))
                chain = [value]
            chain_end = match.end()
            masked.append("L")
            code.append('""')
        elif group in ("number", "regex"):
            masked.append("L")
            code.append(match.group())
        elif group == "space":
            code.append(" ")
            if _joins_words(head, match.start(), match.end()):
                masked.append(" ")
        position = match.end()
    masked.append(head[position:])
    code.append(head[position:])
    if len(chain) > 1:
        joined.append("".join(chain))
    digest = hashlib.sha256((collapse("".join(masked)) + rest).encode("utf-8", "replace")).hexdigest()[:16]
    decoded = tuple(dict.fromkeys(_decoded(head, plain + joined)))
    return Literals(digest, tuple(plain), tuple(joined), decoded, "".join(code))


def _joins_words(text: str, start: int, end: int) -> bool:
    """Whether a space keeps two words apart (``var x``) and so belongs to the masked source."""
    return start > 0 and end < len(text) and _word(text[start - 1]) and _word(text[end])


def _word(char: str) -> bool:
    return char.isalnum() or char in "_$"


def collapse(masked: str) -> str:
    """Shorten lists of literals, so that a list with one more entry masks to the same text."""
    short = _RUN.sub("L", masked)
    short = _PAIRS.sub("L:L", short)
    return _REPEATED.sub(r"\1", short)
