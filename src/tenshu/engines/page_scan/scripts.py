"""What a script is able to do: marks of obfuscation, theft and luring, the hosts it reaches, its accounts."""

import re
from dataclasses import dataclass
from functools import lru_cache

from tenshu.engines.page_scan.hosts import is_address
from tenshu.engines.page_scan.literals import Literals, read_literals

_URL = re.compile(
    r"(?:(?:https?|wss?):\\?/\\?/|(?:^|(?<=[\"'(=\s]))//)"
    r"((?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]+|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])",
    re.IGNORECASE,
)
_BARE_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|net|org|info|biz|xyz|top|icu|shop|site|online|club|live|ru|cn|cc|tk|ml|su|"
    r"pw|io|me|jp|example|test|invalid)(?:/[^\s]*)?",
    re.IGNORECASE,
)
# Names of XML vocabularies: they look like addresses and are never fetched.
_VOCABULARIES = frozenset({"www.w3.org", "schema.org", "ogp.me", "purl.org", "ns.adobe.com", "xmlns.com"})
_SENDERS = re.compile(
    r"\bfetch\s*\(|XMLHttpRequest|sendBeacon|\bWebSocket\b|\bEventSource\b|\bnew\s+Image\b|\.src\b|\bimport\s*\(|importScripts"
    r"|document\s*\.\s*write|\blocation\b|\.href\s*=|\.action\b|window\s*\.\s*open|\$\s*\.\s*(?:get|post|ajax|getScript|getJSON)"
    r"|createElement|insertAdjacentHTML|innerHTML|RTCPeerConnection|\bopen\s*\(|\.setAttribute\s*\("
    r"|\b(?:import|from)\s*\"\"|\]\s*\("
)
_ACCOUNT = re.compile(r"(?:[A-Z]{1,4}-[A-Z0-9]{5,14}(?:-\d{1,3})?)")
_WORKER = re.compile(r"serviceWorker\s*\.\s*register")
_COMMAND = re.compile(
    r"powershell|mshta|cmd(?:\.exe)?\s*/[ckq]|rundll32|certutil|bitsadmin|msiexec|wscript|osascript"
    r"|\|\s*(?:ba|z)?sh\b|Invoke-|\biex\b|\biwr\b|base64\s+-d",
    re.IGNORECASE,
)
_SECRET_WORDS = re.compile(
    r"card.?(?:no|num|holder|code)|\bcc-?(?:num|exp|csc|cvc)|cvv|cvc|passw(?:or)?d|type=.?password|暗証|カード番号|口座番号|マイナンバー",
    re.IGNORECASE,
)
_MINERS = re.compile(
    r"cryptonight|coinhive|coinimp|stratum\+|randomx|cryptoloot|webminer|monero", re.IGNORECASE
)
_SEARCH_ENGINES = re.compile(r"google|yahoo|bing|baidu|duckduckgo|docomo", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\u3164\uffa0\U000e0100-\U000e01ef]{6,}")
_NON_ALPHABET = re.compile(r"[\[\]()!+{}]{60,}")
_DECODE_AND_RUN = re.compile(
    r"(?:\beval|\bFunction|setTimeout|setInterval|\bwrite(?:ln)?|(?:inner|outer)HTML\s*=|insertAdjacentHTML)[\s(=][^;]{0,120}?"
    r"(?:\batob\b|unescape\s*\(|fromCharCode|decodeURIComponent\s*\(\s*escape)"
)
_TELLING = re.compile(
    r"(?:https?|wss?):|^//|<\s*\w|\b(?:function|eval|document|window|script|src|cookie|location)\b",
    re.IGNORECASE,
)
_SCRIPT_TAG = re.compile(r"<\s*(?:script|iframe|object|embed|form|meta|base)\b", re.IGNORECASE)

HIDDEN_WAYS = frozenset({"escaped", "reversed", "hex", "base64", "codes", "pieces", "stuffed"})
"""Ways of writing a host that only serve to hide it."""

_WINDOW, _STEP = 2400, 1200
_WHOLE = 4000

WEIGHTS: dict[str, int] = {
    "obfuscated-names": 4,
    "escaped-literals": 3,
    "character-codes": 3,
    "packer": 4,
    "decode-and-run": 4,
    "opaque-blob": 2,
    "symbols-only": 5,
    "invisible-characters": 5,
    "hidden-host": 6,
    "split-host": 5,
    "runs-text": 1,
    "writes-document": 1,
    "replaces-page": 2,
    "cookie-sent": 3,
    "secret-input-sent": 3,
    "keys-recorded": 3,
    "all-forms-hooked": 3,
    "clipboard-command": 7,
    "miner": 5,
    "referrer-gate": 3,
    "overlay": 2,
    "hidden-markup": 4,
    "page-turned-away": 1,
}
"""Weight of each mark. A sum of 4 makes a new script an alarm (警告), 6 a critical one (重大)."""

MARK_LABELS: dict[str, str] = {
    "obfuscated-names": "難読化された変数名",
    "escaped-literals": "文字コードで書かれた文字列",
    "character-codes": "数値の並びから文字を組み立てる処理",
    "packer": "自己展開型の圧縮",
    "decode-and-run": "復号した文字列の実行",
    "opaque-blob": "意味の読めない長い文字列",
    "symbols-only": "記号だけで書かれたコード",
    "invisible-characters": "見えない文字に隠したデータ",
    "hidden-host": "符号化して隠された接続先",
    "split-host": "分割して隠された接続先",
    "runs-text": "文字列をコードとして実行",
    "writes-document": "document.write による書込み",
    "replaces-page": "ページ本体の書換え",
    "cookie-sent": "Cookie の読出しと送信",
    "secret-input-sent": "暗証・カード番号等の読取りと送信",
    "keys-recorded": "キー入力の記録と送信",
    "all-forms-hooked": "全フォームの監視と送信",
    "clipboard-command": "クリップボードへのコマンド書込み",
    "miner": "暗号資産の採掘",
    "referrer-gate": "検索エンジン経由の閲覧だけを対象にする分岐",
    "overlay": "画面全体を覆う表示",
    "hidden-markup": "符号化して隠された HTML 要素",
    "page-turned-away": "自動的な画面の移動",
}


@dataclass(frozen=True, slots=True)
class ScriptReading:
    """One script as read.

    ``masked_hash`` is equal for two builds that differ only in literals; ``hosts`` pairs each host named in a
    literal with how it was written ("plain", "joined", "bare" or a coding); ``sends`` tells whether the
    script has any
    means to reach a host; ``worker`` tells whether it registers a service worker.
    """

    masked_hash: str
    traits: tuple[str, ...]
    hosts: tuple[tuple[str, str], ...]
    accounts: tuple[str, ...]
    sends: bool
    worker: bool
    markup: tuple[str, ...]
    """Literals that are HTML text."""

    @property
    def weight(self) -> int:
        """Sum of the weights of all marks."""
        return sum(WEIGHTS[trait] for trait in self.traits)


def hosts_in(text: str) -> list[str]:
    """Hosts of every absolute address in a text, lower case, vocabulary names left out."""
    found = (match.group(1).lower().strip("[]") for match in _URL.finditer(text))
    return [host for host in dict.fromkeys(found) if host not in _VOCABULARIES and _plausible(host)]


def _plausible(host: str) -> bool:
    return is_address(host) if host.replace(".", "").isdigit() else "." in host or ":" in host


def _hosts(source: str, literals: Literals) -> dict[str, str]:
    found: dict[str, str] = {}
    written = source.lower()
    for text in literals.plain:
        for host in hosts_in(text):
            found.setdefault(host, "plain" if host in written else "escaped")
        if len(text) < 200 and (bare := _BARE_HOST.fullmatch(text)):
            found.setdefault(bare.group().split("/")[0].lower(), "bare")
    for text in literals.joined:
        for host in hosts_in(text):
            found.setdefault(host, "joined")
    for way, text in literals.decoded:
        for host in hosts_in(text):
            found.setdefault(host, way)
        if len(text) < 200 and (bare := _BARE_HOST.fullmatch(text.strip())):
            found.setdefault(bare.group().split("/")[0].lower(), way)
    prefixed = any(text.rstrip().endswith("//") for text in literals.plain)
    for host in [host for host, way in found.items() if way == "bare"]:
        if any(other != host and other.endswith(host) for other in found):
            del found[host]
        elif prefixed:
            found[host] = "joined"
    return found


def _hiding_marks(source: str, literals: Literals, hosts: dict[str, str]) -> set[str]:
    marks: set[str] = set()
    if len(set(re.findall(r"\b_0x[0-9a-f]{3,}", source))) >= 4:
        marks.add("obfuscated-names")
    escapes = len(re.findall(r"\\(?:x[2-7][0-9a-fA-F]|u00[2-7][0-9a-fA-F])", source))
    if escapes >= 16 and escapes * 80 >= len(source):
        marks.add("escaped-literals")
    ways = {way for way, text in literals.decoded if _TELLING.search(text)}
    if ways & {"codes", "pieces", "stuffed"}:
        marks.add("character-codes")
    if re.search(r"eval\s*\(\s*function\s*\(\s*p\s*,\s*a\s*,\s*c", source):
        marks.add("packer")
    runs = re.search(
        r"\beval\b|\bFunction\s*\((?!\s*\"\"\s*\)\s*\()|set(?:Timeout|Interval)\s*\(\s*[\"'`]|\.constructor\s*\(",
        literals.code,
    )
    writes = re.search(r"document\s*(?:\.\s*write|\[)|innerHTML|outerHTML|insertAdjacentHTML", literals.code)
    decodes = re.search(
        r"\batob\b|unescape|fromCharCode|decodeURIComponent\s*\(\s*escape|TextDecoder", source
    )
    if _DECODE_AND_RUN.search(source) or (decodes and (runs or writes) and len(source) <= _WHOLE):
        marks.add("decode-and-run")
    if runs:
        marks.add("runs-text")
    if re.search(r"document\s*\.\s*write", literals.code):
        marks.add("writes-document")
    if any(len(text) >= 240 and re.fullmatch(r"[A-Za-z0-9+/=%_\-.,|~^]+", text) for text in literals.plain):
        marks.add("opaque-blob")
    if any(_is_symbol_code(run) for run in _NON_ALPHABET.findall(source)):
        marks.add("symbols-only")
    if _INVISIBLE.search(source):
        marks.add("invisible-characters")
    if HIDDEN_WAYS.intersection(hosts.values()):
        marks.add("hidden-host")
    if any(way == "joined" and _is_split(host, literals) for host, way in hosts.items()):
        marks.add("split-host")
    if any(_SCRIPT_TAG.search(text) for way, text in literals.decoded):
        marks.add("hidden-markup")
    return marks


def _is_symbol_code(run: str) -> bool:
    return run.count("!") + run.count("+") >= 12


def _is_split(host: str, literals: Literals) -> bool:
    """Whether a joined host was cut inside its name or its scheme, not merely prefixed by a scheme."""
    whole = any(host in text for text in literals.plain)
    scheme_cut = any(host in text and "//" in text for text in literals.joined) and not any(
        re.search(r"(?:https?:)?//", text) for text in literals.plain
    )
    return not whole or scheme_cut


_POSTS = re.compile(
    r"sendBeacon|fetch\s*\(|XMLHttpRequest|new\s+Image|WebSocket|\.src\s*=|\.ajax|\.post\s*\("
)
_TURNS = re.compile(r"\blocation\s*(?:\.\s*href\s*)?=[^=]|location\s*\.\s*(?:replace|assign)\s*\(")


def _windows(source: str) -> list[str]:
    """The script in pieces of a function's size: what is far apart in a large library has nothing to do
    together."""
    if len(source) <= _WHOLE:
        return [source]
    return [source[start : start + _WINDOW] for start in range(0, len(source), _STEP)]


def _theft_marks(piece: str) -> set[str]:
    """Marks of a piece that reads what a visitor types or keeps, and sends it."""
    marks: set[str] = set()
    if not _POSTS.search(piece):
        return marks
    if re.search(r"document\s*(?:\.\s*cookie(?!\s*=[^=])|\[\s*[\"']cookie)", piece):
        marks.add("cookie-sent")
    reads = re.search(r"\.value\b|FormData|serialize|\.elements\b|\.val\s*\(", piece)
    if reads and _SECRET_WORDS.search(piece):
        marks.add("secret-input-sent")
    if (
        re.search(r"(?:document|window)\s*\.\s*(?:onkey|addEventListener)", piece)
        and re.search(r"keydown|keypress|keyup|onkey|beforeinput", piece)
        and re.search(
            r"(?:\+=|\.push\s*\(|concat\s*\()[^;]{0,60}(?:\.key\b|keyCode|\.which\b|\.data\b)", piece
        )
    ):
        marks.add("keys-recorded")
    if (
        reads
        and re.search(r"querySelectorAll|getElementsByTagName|document\s*\.\s*forms", piece)
        and re.search(r"\b(?:input|form|select|textarea)\b", piece)
    ):
        marks.add("all-forms-hooked")
    return marks


def _acting_marks(source: str, literals: Literals, sends: bool) -> set[str]:
    marks: set[str] = set()
    for piece in _windows(source):
        marks |= _theft_marks(piece)
        if re.search(r"clipboard|execCommand", piece) and _COMMAND.search(piece):
            marks.add("clipboard-command")
        turns = _TURNS.search(piece)
        if turns:
            marks.add("page-turned-away")
        if "referrer" in piece and _SEARCH_ENGINES.search(piece) and (turns or sends):
            marks.add("referrer-gate")
        if re.search(r"position:\s*fixed", piece) and re.search(r"z-index:\s*\d{4,}|100v[wh]", piece):
            marks.add("overlay")
    decoded = "\n".join(text for _, text in literals.decoded)
    if _COMMAND.search(decoded) and re.search(r"clipboard|execCommand", source):
        marks.add("clipboard-command")
    if _MINERS.search(source):
        marks.add("miner")
    if re.search(r"document\s*\.\s*(?:body|documentElement)\s*\.\s*(?:inner|outer)HTML\s*=", literals.code):
        marks.add("replaces-page")
    return marks


@lru_cache(maxsize=4096)
def read_script(source: str) -> ScriptReading:
    """Read one script's source; repeated sources (the same snippet on every page) come from a cache."""
    literals = read_literals(source)
    hosts = _hosts(source, literals)
    sends = _SENDERS.search(literals.code) is not None
    marks = _hiding_marks(source, literals, hosts) | _acting_marks(source, literals, sends)
    accounts = dict.fromkeys(text for text in literals.plain if _ACCOUNT.fullmatch(text))
    markup = [text for text in (*literals.plain, *literals.joined) if "<" in text and ">" in text]
    markup += [text for _, text in literals.decoded if "<" in text]
    return ScriptReading(
        literals.masked_hash,
        tuple(sorted(marks)),
        tuple(hosts.items()),
        tuple(accounts),
        sends,
        _WORKER.search(literals.code) is not None,
        tuple(markup),
    )
