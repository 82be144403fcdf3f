"""A page's form filled again with what was typed into it before, whatever room the form belongs to.

Works on the HTML that a view has made, so that no room has to know of it, and without any script.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
PLACE = "messages"
"""The id of the element at whose beginning the notice is put."""
_NOT_TYPED = frozenset({"submit", "button", "image", "reset", "file", "password"})
_CHOSEN = frozenset({"checkbox", "radio"})
_MARK = ' data-kept=""'
_HERE = "<!--kept-->"

type Typed = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Refilled:
    """The page with the form filled: how many fields differ from what was saved, and the texts without a field."""

    html: str
    changed: int
    homeless: list[str]

    def telling(self, notice: str) -> str:
        """The page with ``notice`` where messages stand."""
        return self.html.replace(_HERE, notice, 1)


def refill(html: str, *, page: str, action: str, typed: Typed) -> Refilled | None:
    """``html`` of the address ``page`` with its form that is sent to ``action`` filled; ``None`` without such a form."""
    forms = _Forms(page, action)
    forms.feed(html)
    forms.close()
    number, names = max(
        forms.found.items(),
        key=lambda found: len(found[1] & typed.keys()),
        default=(0, set()),
    )
    if not names & (typed.keys() - {TOKEN}):
        return None
    writer = _Writer(number, typed)
    writer.feed(html)
    writer.close()
    told = {name: values for name, values in typed.items() if name not in names}
    return Refilled("".join(writer.out), writer.changed, texts_of(told))


def texts_of(typed: Typed) -> list[str]:
    """What a person has typed, to be shown and copied; what the page itself had put into the form is left out.

    By habit of the house, a field whose name ends in ``base`` holds what was typed over.
    """
    found: list[str] = []
    for name, values in typed.items():
        if name == TOKEN or name.endswith("base"):
            continue
        found += [value.strip() for value in values if value.strip() and value.strip() not in found]
    return found


class _Forms(HTMLParser):
    """The forms of a page that are sent to one address, with the names of all their fields and buttons."""

    def __init__(self, page: str, action: str) -> None:
        super().__init__(convert_charrefs=False)
        self.page, self.action = page, urlsplit(action).path
        self.found: dict[int, set[str]] = {}
        self.number, self.inside = 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.number += 1
            target = urlsplit(urljoin(self.page, told.get("action") or self.page)).path
            self.inside = (told.get("method") or "").lower() == "post" and target == self.action
            if self.inside:
                self.found[self.number] = set()
        elif self.inside and told.get("name") and tag in {"input", "textarea", "select", "button"}:
            self.found[self.number].add(told["name"] or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


@dataclass(slots=True)
class _Text:
    """A text area that is being replaced."""

    value: str
    attrs: dict[str, str | None]
    before: list[str] = field(default_factory=list)


class _Writer(HTMLParser):
    """Writes a page as it was, but for the values of one form."""

    def __init__(self, number: int, typed: Typed) -> None:
        super().__init__(convert_charrefs=False)
        self.wanted = number
        self.left = {name: list(values) for name, values in typed.items()}
        self.typed = typed
        self.out: list[str] = []
        self.number, self.changed = 0, 0
        self.inside = False
        self.select = ""
        self.text: _Text | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self.number += 1
            self.inside = self.number == self.wanted
        written = self._filled(tag, told) if self.inside else None
        if self.text is None:
            self.out.append(written or self.get_starttag_text() or "")
        if told.get("id") == PLACE:
            self.out.append(_HERE)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def _filled(self, tag: str, told: dict[str, str | None]) -> str | None:
        name = told.get("name") or ""
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select in self.typed:
            return self._chosen("option", told, "selected", self.typed[self.select])
        elif tag == "textarea" and self.left.get(name):
            self.text = _Text(self.left[name].pop(0), told)
        elif tag == "input" and name != TOKEN:
            kind = (told.get("type") or "text").lower()
            if kind in _CHOSEN and (kind == "checkbox" or name in self.typed):
                return self._chosen("input", told, "checked", self.typed.get(name, ()))
            if kind not in _NOT_TYPED | _CHOSEN and self.left.get(name):
                return self._typed(told, kind, self.left[name].pop(0))
        return None

    def _chosen(self, tag: str, told: dict[str, str | None], word: str, values: Sequence[str]) -> str | None:
        chosen, was = (told.get("value") or "on") in values, word in told
        if tag == "option":
            chosen = (told.get("value") or "") in values
        if chosen == was:
            return None
        self.changed += chosen or tag == "input"
        rest = {key: value for key, value in told.items() if key != word}
        return _tag(tag, rest | ({word: None} if chosen else {}), mark=True)

    def _typed(self, told: dict[str, str | None], kind: str, value: str) -> str | None:
        if (told.get("value") or "") == value:
            return None
        self.changed += kind != "hidden"
        return _tag("input", told | {"value": value}, mark=kind != "hidden")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea" and self.text is not None:
            before = unescape("".join(self.text.before)).removeprefix("\n")
            differs = _lines(before) != _lines(self.text.value)
            self.changed += differs
            # The first line break of a text area is not part of its text.
            self.out.append(
                f"{_tag('textarea', self.text.attrs, mark=differs)}\n{escape(self.text.value)}</textarea>"
            )
            self.text = None
            return
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        (self.text.before if self.text else self.out).append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.handle_data(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _tag(tag: str, attrs: Mapping[str, str | None], *, mark: bool) -> str:
    told = "".join(
        f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in attrs.items()
    )
    return f"<{tag}{told}{_MARK if mark else ''}>"
