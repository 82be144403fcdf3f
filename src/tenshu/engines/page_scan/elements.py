"""Facts of a page's elements: scripts, frames, forms, links, handlers, policies."""

import hashlib
import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tenshu.engines.page_scan.addresses import PROGRAMS, download_class, masked_host, masked_path
from tenshu.engines.page_scan.hiding import hiding_way
from tenshu.engines.page_scan.hosts import Relation, relation, split_address
from tenshu.engines.page_scan.kinds import Fact, Kind
from tenshu.engines.page_scan.scripts import ScriptReading, read_script

Tree = LexborHTMLParser | LexborNode

_DEEPEST = 6
"""Nesting of documents (srcdoc, template) that is followed; what goes deeper is reported as hiding."""

MOST_TEXTS = 200
"""Link texts that are kept of one page."""

_SELECTOR = (
    "script,style,iframe,frame,object,embed,applet,portal,form,base,meta[http-equiv],link[href],input,button[formaction],"
    "img[src*='//'],source[src*='//'],video[src*='//'],audio[src*='//']"
)
# Browsers drop tabs and line ends and read a backslash as a slash: such an address takes the long way.
_ODD = re.compile(r"[\x00-\x20\\]")
_PROGRAM_NAME = re.compile(rf"\.(?:{'|'.join(sorted(PROGRAMS))})(?:[?#]|$)", re.IGNORECASE | re.MULTILINE)
_QUERY = re.compile(r"\?.*")
_SHEET_ADDRESS = re.compile(r"(@import\s+)?(?:url\(\s*)?[\"']?((?:https?:)?//[^\s\"')]+)", re.IGNORECASE)
_HANDLER_NAME = re.compile(rb"on[a-z]{3,24}\s*=")
_REFRESH = re.compile(r"^\s*[\d.]*\s*[;,]?\s*(?:url\s*=)?\s*[\"']?([^\"']*)", re.IGNORECASE)
_DATA_TYPES = re.compile(r"json|template|text/(?:html|plain|x-)|speculationrules", re.IGNORECASE)
_SECRET_FIELD = re.compile(
    r"passw|passcode|pin.?code|card.?(?:no|num)|cc-(?:number|csc|exp)|cvv|cvc|security.?code|secret|my.?number|kojin.?bango|ansyo|koza",
    re.IGNORECASE,
)
_AUTOMATIC = frozenset(
    [
        "onload",
        "onerror",
        "onbegin",
        "onfocus",
        "onfocusin",
        "ontoggle",
        "onanimationstart",
        "onanimationend",
        "onpageshow",
        "onstart",
        "oncanplay",
        "onloadstart",
        "onpointerrawupdate",
        "ontransitionend",
        "onpointerover",
        "onmouseover",
        "onmousemove",
        "onscroll",
    ]
)


class ElementReader:
    """Reads the facts of one document; nested documents (srcdoc, template) are read by the same object."""

    def __init__(self, base: str, site: str) -> None:
        self.base, self.site = base, site
        self.scripts: list[str] = []
        self.markup: list[str] = []
        self.anchors: set[str] = set()
        self._depth = 0
        self._readers: dict[str, Callable[[LexborNode], Iterator[Fact]]] = {
            "script": self._script, "style": self._style, "iframe": self._frame, "frame": self._frame,
            "portal": self._frame,
            "object": self._frame, "embed": self._frame, "applet": self._frame, "form": self._form,
            "base": self._base, "meta": self._meta, "link": self._link, "input": self._input,
            "button": self._button, "img": self._image, "source": self._image, "video": self._image,
            "audio": self._image,
        }  # fmt: skip

    def read(self, tree: Tree, raw: bytes) -> Iterator[Fact]:
        """All facts of a tree; ``raw`` is its source in lower case, searched for names of event
        attributes."""
        if self._depth >= _DEEPEST:
            yield Fact(Kind.FRAME, "data: nested too deep", "", ("data",))
            return
        yield from self._tree(tree)
        if b"<template" in raw:
            self._depth += 1
            for fragment in tree.template_fragments():
                yield from self.read(fragment, raw)
            self._depth -= 1
        names = {name[:-1].rstrip().decode("ascii") for name in _HANDLER_NAME.findall(raw)}
        for name in sorted(names):
            nodes = tree.css(f"[{name}]")
            for tag, source in dict.fromkeys((node.tag, node.attrs.get(name)) for node in nodes):
                if source and source.strip():
                    yield from self._handler(tag or "", name, source)
        if b"xlink:href" in raw:
            for node in tree.css("svg a"):
                if address := node.attributes.get("xlink:href"):
                    yield from self._anchor(address)

    def _tree(self, tree: Tree) -> Iterator[Fact]:
        for node in tree.css(_SELECTOR):
            yield from self._readers[node.tag or ""](node)
        yield from self._anchors(tree)

    def script_facts(self, reading: ScriptReading, source: str, kind: Kind, key: str) -> Iterator[Fact]:
        """Facts common to everything that is script: what it is, whom it reaches, which accounts it names."""
        evidence = " ".join(source[:600].split())[:240]
        self.markup.extend(reading.markup)
        outside = [host for host, _ in reading.hosts if relation(host, self.site) is not Relation.SELF]
        shape = "shape:" + ",".join((*reading.traits, *sorted(outside)))
        yield Fact(kind, key, evidence, reading.traits, shape if reading.traits else "")
        for host, way in reading.hosts:
            if host in outside:
                traits = (way, "sends") if reading.sends else (way,)
                yield Fact(Kind.SCRIPT_HOST, masked_host(host), evidence, traits)
        for account in reading.accounts:
            yield Fact(Kind.SCRIPT_ACCOUNT, account, evidence, (), f"account:{reading.masked_hash}")
        if reading.worker:
            yield Fact(Kind.SERVICE_WORKER, reading.masked_hash, evidence, reading.traits)

    def _inline(self, source: str) -> Iterator[Fact]:
        self.scripts.append(source)
        reading = read_script(source)
        yield from self.script_facts(reading, source, Kind.INLINE_SCRIPT, reading.masked_hash)

    def _script(self, node: LexborNode) -> Iterator[Fact]:
        attributes = node.attributes
        address = attributes.get("src") or attributes.get("href") or attributes.get("xlink:href")
        if address:
            yield from self._script_address(address, attributes.get("integrity"), "integrity" in attributes)
            return
        source = node.text(deep=True) or ""
        script_type = attributes.get("type") or ""
        if "importmap" in script_type:
            for target in re.findall(r":\s*\"((?:https?:)?//[^\"]+)\"", source):
                yield from self._script_address(target, None, False)
        elif source.strip() and not _DATA_TYPES.search(script_type):
            yield from self._inline(source)

    def _script_address(self, address: str, integrity: str | None, has_integrity: bool) -> Iterator[Fact]:
        scheme, host, rest = split_address(address, self.base)
        if scheme in ("data", "blob"):
            digest = hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:16]
            yield Fact(Kind.EXTERNAL_SCRIPT, f"{scheme}:{digest}", address[:200])
            return
        key = masked_host(host) + masked_path(rest)
        if relation(host, self.site) is Relation.SELF:
            self.anchors.add(masked_path(rest))
        yield Fact(Kind.EXTERNAL_SCRIPT, key, address[:240])
        if has_integrity and integrity:
            yield Fact(Kind.SRI_PRESENT, key, address[:240])
            yield Fact(Kind.SRI_CHANGED, f"{host}{rest} {integrity.split()[0]}", address[:240])
        else:
            yield Fact(Kind.SRI_MISSING, key, address[:240])

    def _style(self, node: LexborNode) -> Iterator[Fact]:
        for imported, address in _SHEET_ADDRESS.findall(node.text(deep=True) or ""):
            _, host, _ = split_address(address, self.base)
            if relation(host, self.site) is Relation.OUTSIDE:
                yield Fact(Kind.STYLESHEET if imported else Kind.IMAGE_HOST, masked_host(host), address[:200])

    def _frame(self, node: LexborNode) -> Iterator[Fact]:
        attributes = node.attributes
        srcdoc = attributes.get("srcdoc")
        if srcdoc:
            inner = LexborHTMLParser(srcdoc)
            self._depth += 1
            yield from self.read(inner, srcdoc.lower().encode("utf-8", "replace"))
            self._depth -= 1
        address = attributes.get("src") or attributes.get("data") or attributes.get("code") or ""
        if not address or address.startswith("about:"):
            return
        scheme, host, rest = split_address(address, self.base)
        hidden = (
            _is_tiny(attributes) or hiding_way(attributes.get("style") or "") != "" or "hidden" in attributes
        )
        if scheme == "javascript":
            yield from self._script_url(address)
        elif scheme in ("data", "blob"):
            digest = hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:16]
            yield Fact(Kind.FRAME, f"{scheme}:{digest}", address[:200], ("data",))
        else:
            inside = relation(host, self.site) is Relation.SELF
            key = (host + masked_path(rest) if inside else masked_host(host)) + (" hidden" if hidden else "")
            yield Fact(Kind.FRAME, key, f"<{node.tag} src={address[:200]}>", ("hidden",) if hidden else ())

    def _action(self, address: str, fields: list[str]) -> Iterator[Fact]:
        scheme, host, rest = split_address(address, self.base)
        if scheme == "javascript":
            yield from self._script_url(address)
            return
        inside = relation(host, self.site) is Relation.SELF
        target = "mailto" if scheme == "mailto" else masked_path(rest) if inside else masked_host(host)
        yield Fact(Kind.FORM_ACTION, target, f"<form action={address[:200]}>")
        if fields:
            yield Fact(
                Kind.FORM_SECRET, f"{target} {','.join(fields)}", f"<form action={address[:160]}> {fields}"
            )

    def _form(self, node: LexborNode) -> Iterator[Fact]:
        fields = sorted({name for field in node.css("input") if (name := _secret_field(field))})
        yield from self._action(node.attributes.get("action") or "", fields)

    def _button(self, node: LexborNode) -> Iterator[Fact]:
        yield from self._action(node.attributes.get("formaction") or "", [])

    def _input(self, node: LexborNode) -> Iterator[Fact]:
        if (target := node.attributes.get("formaction")) is not None:
            yield from self._action(target or "", [])
        name = _secret_field(node)
        if name and not _inside_form(node):
            yield Fact(Kind.FORM_SECRET, f"(form なし) {name}", (node.html or "")[:200])

    def _base(self, node: LexborNode) -> Iterator[Fact]:
        if address := node.attributes.get("href"):
            _, host, _ = split_address(address, self.base)
            yield Fact(Kind.BASE, host, f"<base href={address[:200]}>")

    def _meta(self, node: LexborNode) -> Iterator[Fact]:
        name = (node.attributes.get("http-equiv") or "").lower()
        content = node.attributes.get("content") or ""
        if name == "refresh" and (match := _REFRESH.match(content)) and match.group(1).strip():
            scheme, host, rest = split_address(match.group(1), self.base)
            inside = relation(host, self.site) is Relation.SELF and scheme in ("http", "https")
            yield Fact(Kind.REFRESH, masked_path(rest) if inside else f"{scheme}://{host}", content[:200])
        elif name == "content-security-policy":
            yield from policy_facts(content)

    def _link(self, node: LexborNode) -> Iterator[Fact]:
        attributes = node.attributes
        names = (attributes.get("rel") or "").lower().split()
        _, host, rest = split_address(attributes.get("href") or "", self.base)
        inside = relation(host, self.site) is Relation.SELF
        evidence = f"<link rel={' '.join(names)} href={(attributes.get('href') or '')[:200]}>"
        if "stylesheet" in names:
            if inside:
                self.anchors.add(masked_path(rest))
            yield Fact(Kind.STYLESHEET, masked_host(host) if not inside else "self", evidence)
        elif "modulepreload" in names or ("preload" in names and attributes.get("as") == "script"):
            yield Fact(Kind.EXTERNAL_SCRIPT, masked_host(host) + masked_path(rest), evidence)
        elif not inside and ("canonical" in names or "manifest" in names):
            yield Fact(Kind.CANONICAL, f"{names[0]} {host}", evidence)

    def _image(self, node: LexborNode) -> Iterator[Fact]:
        address = node.attrs.get("src") or ""
        if "//" in address[:8]:
            _, host, _ = split_address(address, self.base)
            if relation(host, self.site) is Relation.OUTSIDE:
                yield Fact(Kind.IMAGE_HOST, masked_host(host), address[:200])

    def _handler(self, tag: str, name: str, source: str) -> Iterator[Fact]:
        reading = read_script(source)
        automatic = ("automatic",) if name in _AUTOMATIC else ()
        drawn = ("drawing",) if tag in ("svg", "math", "animate", "set", "image", "details") else ()
        self.markup.extend(reading.markup)
        for fact in self.script_facts(reading, source, Kind.HANDLER, f"{tag}@{name}:{reading.masked_hash}"):
            if fact.kind is Kind.HANDLER:
                fact = fact._replace(traits=(*fact.traits, *automatic, *drawn))
            yield fact

    def _script_url(self, address: str) -> Iterator[Fact]:
        source = address.strip().partition(":")[2]
        reading = read_script(source)
        yield from self.script_facts(reading, source, Kind.SCRIPT_URL, reading.masked_hash)

    def _anchors(self, tree: Tree) -> Iterator[Fact]:
        found = dict.fromkeys(node.attrs.get("href") for node in tree.css("a[href],area[href]"))
        addresses = [address for address in found if address and address[0] != "#"]
        plain = [address for address in addresses if ":" not in address and address[:2] != "//"]
        if _ODD.search("".join(plain)):
            plain = [address for address in plain if not _ODD.search(address)]
        together = "\n".join(plain)
        self.anchors.update(_QUERY.sub("", together).split("\n") if plain else ())
        inside = set(plain)
        if _PROGRAM_NAME.search(together):
            inside = {address for address in plain if not _PROGRAM_NAME.search(address)}
        for address in addresses:
            if address not in inside:
                yield from self._anchor(address)

    def _anchor(self, address: str) -> Iterator[Fact]:
        scheme, host, rest = split_address(address, self.base)
        if scheme == "javascript":
            yield from self._script_url(address)
        elif scheme == "data":
            yield Fact(Kind.DOWNLOAD, "program data:", address[:160])
        elif scheme in ("http", "https"):
            where = relation(host, self.site)
            if where is Relation.SELF:
                self.anchors.add(masked_path(rest))
            elif where is Relation.OUTSIDE:
                yield Fact(Kind.LINK_HOST, host, address[:200])
            sort = download_class(rest)
            if sort == "program" or (sort and where is Relation.OUTSIDE):
                key = f"{sort} {host}{masked_path(rest)}" if sort == "program" else f"{sort} {host}"
                yield Fact(Kind.DOWNLOAD, key, address[:200])
        elif scheme not in ("mailto", "tel", "ftp", "sms", ""):
            yield Fact(Kind.DOWNLOAD, f"protocol {scheme}:", address[:160])


def link_texts(tree: Tree, base: str, site: str) -> dict[str, str]:
    """Host (empty for the own site) that each link text of 2 to 60 characters leads to, first link of a
    text."""
    found: dict[str, str] = {}
    for node in tree.css("a[href]"):
        text = " ".join((node.text(deep=True) or "").split())
        if 2 <= len(text) <= 60 and text not in found and len(found) < MOST_TEXTS:
            _, host, _ = split_address(node.attributes.get("href") or "", base)
            found[text] = "" if relation(host, site) is Relation.SELF else host
    return found


def policy_facts(policy: str) -> Iterator[Fact]:
    """One fact per directive and source of a Content-Security-Policy (nonces and hashes masked)."""
    for directive in policy.split(";"):
        name, *sources = directive.split() or [""]
        for source in sources:
            key = (
                "'nonce'"
                if source.startswith("'nonce-")
                else "'hash'"
                if source.startswith("'sha")
                else source
            )
            yield Fact(Kind.CSP, f"{name.lower()} {key.lower()}", directive.strip()[:200])


def _is_tiny(attributes: dict[str, str | None]) -> bool:
    sizes = [(attributes.get(name) or "").removesuffix("px").strip() for name in ("width", "height")]
    return any(size in ("0", "1", "2") for size in sizes)


def _secret_field(node: LexborNode) -> str:
    attributes = node.attributes
    if (attributes.get("type") or "").lower() == "password":
        return "password"
    words = " ".join(attributes.get(name) or "" for name in ("name", "id", "autocomplete", "placeholder"))
    if (attributes.get("type") or "text").lower() in ("hidden", "submit", "button", "checkbox", "radio"):
        return ""
    return (
        "secret"
        if _SECRET_FIELD.search(words) or re.search("暗証|カード番号|口座番号|マイナンバー", words)
        else ""
    )


def _inside_form(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag == "form":
            return True
        parent = parent.parent
    return False
