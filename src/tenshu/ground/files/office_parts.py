"""The parts of an Office document: no entities, nothing fetched from elsewhere, no programs carried along."""

import re
import zipfile
from typing import BinaryIO
from xml.parsers import expat

from tenshu.ground.files.archives import CHUNK, open_entry, read_entry
from tenshu.ground.files.refusals import FileRefused

_XML = (".xml", ".rels", ".vml")
_CONTROLS = re.compile(r"(?:^|/)(?:activeX/|ctrlProps/.*\.bin$)", re.IGNORECASE)
_PACKAGE = "Ole10Native".encode("utf-16-le")
_FETCHED = re.compile(r"/(?:attachedTemplate|oleObject|frame|subDocument|aFChunk)$", re.IGNORECASE)
_OWN_DISK = re.compile(r"(?:file:///)?[A-Za-z]:[\\/]", re.IGNORECASE)
_BROKEN = "ファイルが壊れていて開けません。元のソフトで保存し直してください。"


def check_parts(archive: zipfile.ZipFile) -> None:
    """Raises ``FileRefused`` for entities, references that are fetched on opening, controls and packed programs."""
    for name in archive.namelist():
        if _CONTROLS.search(name):
            raise FileRefused("動く部品（ActiveX）が入っています。部品を消してから保存し直してください。")
        ending = name.lower()  # Office finds its parts whatever the case
        if ending.endswith(_XML):
            _check_prolog(archive, name)
        if ending.endswith(".rels"):
            _check_relations(archive, name)
        if ending.endswith(".bin"):
            refuse_package(archive, name)


def refuse_package(archive: zipfile.ZipFile, name: str) -> None:
    """Raises ``FileRefused`` when an embedded object carries a file of any kind, as a program may be."""
    with open_entry(archive, name) as stream:
        before = b""
        while block := stream.read(CHUNK):
            if _PACKAGE in before + block:
                raise FileRefused(
                    "別のファイルが埋め込まれています。埋め込みを消し、そのファイルは別に添付してください。"
                )
            before = block[-len(_PACKAGE) :]


class _PrologReadError(Exception):
    """The first element is reached: nothing is declared after it."""


def _check_prolog(archive: zipfile.ZipFile, name: str) -> None:
    """An Office document declares no document type: whoever declares one is after entities."""

    def declared(*_: object) -> None:
        raise FileRefused(
            "Officeの文書にあってはならない宣言（XMLの実体）が入っています。元のソフトで保存し直してください。"
        )

    def begun(*_: object) -> None:
        raise _PrologReadError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    with open_entry(archive, name) as stream:
        _read_prolog(parser, stream)


def _read_prolog(parser: expat.XMLParserType, stream: BinaryIO) -> None:
    try:
        while block := stream.read(16_384):
            parser.Parse(block)
    except _PrologReadError:
        return
    except expat.ExpatError as error:
        raise FileRefused(_BROKEN) from error


def _check_relations(archive: zipfile.ZipFile, name: str) -> None:
    parser = expat.ParserCreate()

    def begun(tag: str, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode") != "External" or not _FETCHED.search(attributes.get("Type", "")):
            return
        if not _OWN_DISK.match(attributes.get("Target", "")):
            raise FileRefused(
                "開くとほかの場所から取り込む参照（ひな形や部品）が入っています。参照を切ってから保存し直してください。"
            )

    parser.StartElementHandler = begun
    try:
        parser.Parse(read_entry(archive, name, at_most=5_000_000), True)
    except expat.ExpatError as error:
        raise FileRefused(_BROKEN) from error
