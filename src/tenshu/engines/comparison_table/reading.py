"""Files → trees, by the kind of file."""

from pathlib import Path

from .law_xml import from_law_xml
from .model import Document, RegulationError
from .parser import parse_text
from .read_word import Tracked, read_docx

_LARGEST = 20_000_000


def read_regulation(path: Path, tracked: Tracked = "refuse") -> Document:
    """Read .txt (UTF-8 or Shift_JIS), .docx or .xml. Raises RegulationError with the name of the file."""
    try:
        if path.stat().st_size > _LARGEST:
            raise RegulationError(f"{path.name}: ファイルが大きすぎます（上限20MB）。")
        data = path.read_bytes()
    except OSError as error:
        raise RegulationError(f"{path.name}: ファイルを開けません。") from error
    return read_bytes(data, path.name, tracked)


def read_bytes(data: bytes, name: str, tracked: Tracked = "refuse") -> Document:
    """Read a regulation from the bytes of a file; the ending of ``name`` tells its kind."""
    ending = Path(name).suffix.lower()
    if ending == ".docx":
        return read_docx(data, name, tracked)
    if ending == ".xml":
        return from_law_xml(data, name)
    if ending in (".txt", ".text", ".md", ""):
        return parse_text(_decoded(data, name), name)
    raise RegulationError(f"{name}: 読めない種類のファイルです（txt、docx、xmlのいずれか）。")


def _decoded(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    raise RegulationError(f"{name}: 文字コードがUTF-8でもShift_JISでもありません。")
