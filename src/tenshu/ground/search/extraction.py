"""The text of a file, without Django: ``python -m tenshu.ground.search.extraction FILE EXTENSION`` writes it to standard output.

Files come from outside, so the house runs this in a process of its own with caps on time, memory and length.
"""

import codecs
import email
import email.policy
import resource
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LONGEST = 300_000
"""Letters that are taken of one file."""
SECONDS = 60
MEMORY = 1_500_000_000
LARGEST_PART = 60_000_000
READABLE = frozenset({"docx", "xlsx", "xls", "ods", "pptx", "odt", "odp", "pdf", "eml"})
PLAIN = frozenset({"txt", "md", "csv", "json", "ics"})


def pieces(path: Path, extension: str) -> Iterator[str]:
    """The text of a file piece by piece, in its order."""
    match extension:
        case "docx":
            yield from _word(path)
        case "xlsx" | "xls" | "ods":
            yield from _sheets(path)
        case "pptx" | "odt" | "odp":
            yield from _parts(path, extension)
        case "pdf":
            yield from _pages(path)
        case "eml":
            yield from _mail(path)
        case _:
            yield plain_text(path.read_bytes())


def plain_text(content: bytes) -> str:
    """Text in UTF-8, UTF-16 with its mark, or Windows-31J."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        # A long text is cut at a number of bytes, often inside a letter: what is begun at the end is no fault.
        return codecs.getincrementaldecoder("utf-8-sig")().decode(content)
    except UnicodeDecodeError:
        return content.decode("cp932", "replace")


def _word(path: Path) -> Iterator[str]:
    import docx

    document = docx.Document(str(path))
    for part in (document.element.body, *_heads_and_feet(document)):
        for paragraph in part.iter(f"{_WORD}p"):
            yield "".join(node.text or "" for node in paragraph.iter(f"{_WORD}t"))


_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _heads_and_feet(document: Any) -> Iterator[Any]:
    for section in document.sections:
        for part in (section.header, section.footer):
            if not part.is_linked_to_previous:
                yield part._element


def _sheets(path: Path) -> Iterator[str]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    for name in book.sheet_names:
        yield name
        for row in book.get_sheet_by_name(name).iter_rows():
            yield "\t".join(str(cell) for cell in row if cell not in ("", None))


def _parts(path: Path, extension: str) -> Iterator[str]:
    """Every run of letters in slides and OpenDocument texts."""
    from defusedxml.ElementTree import iterparse

    with zipfile.ZipFile(path) as archive:
        names = (
            [n for n in archive.namelist() if n.startswith("ppt/slides/slide")]
            if extension == "pptx"
            else ["content.xml"]
        )
        for name in sorted(names, key=lambda name: (len(name), name)):
            if archive.getinfo(name).file_size > LARGEST_PART:
                raise ValueError("A part is too large.")
            with archive.open(name) as part:
                for _, node in iterparse(part):
                    if node.tag.rsplit("}", 1)[-1] in ("p", "h"):
                        yield "".join(node.itertext())
                        node.clear()


def _pages(path: Path) -> Iterator[str]:
    import pypdf

    for page in pypdf.PdfReader(str(path)).pages:
        yield page.extract_text()


def _mail(path: Path) -> Iterator[str]:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    yield str(message.get("subject", ""))
    body = message.get_body(("plain",))
    yield body.get_content() if body is not None else ""


def main(path: str, extension: str) -> int:
    """Write the text as far as it may go; anything that goes wrong ends the process with 1."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    left = LONGEST
    with open(1, "w", encoding="utf-8", errors="replace", closefd=False) as out:
        for piece in pieces(Path(path), extension):
            if piece.strip():
                out.write(piece[:left] + "\n")
                left -= len(piece) + 1
            if left <= 0:
                break
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
