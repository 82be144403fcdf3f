"""Files that must not come in, each refused with what to do about it. The test makes them itself."""

import io
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter

from tenshu.ground.exchange.reading import read_book
from tenshu.ground.exchange.tests.bringing_in import workbook
from tenshu.ground.files.refusals import FileRefused

GOOD = workbook([["番号", "名称"], ["0001", "見本"]])
SHEET = "xl/worksheets/sheet1.xml"


def rebuilt(change: Callable[[dict[str, bytes]], None], content: bytes = GOOD) -> bytes:
    """The workbook with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def with_part(name: str, part: bytes = b"<x/>") -> bytes:
    return rebuilt(lambda parts: parts.update({name: part}))


def in_sheet(old: bytes, new: bytes) -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        assert old in parts[SHEET]
        parts[SHEET] = parts[SHEET].replace(old, new)

    return rebuilt(change)


def formulas() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("見本")
        sheet.write_row(0, 0, ["番号", "名称"])
        for row in range(1, 9):
            sheet.write_formula(row, 1, "=1+1", None, 2)
    return out.getvalue()


def far_cell(reference: str) -> bytes:
    return in_sheet(
        b"</sheetData>", b'<row r="9"><c r="%s"><v>1</v></c></row></sheetData>' % reference.encode()
    )


def compound(word: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + word.encode("utf-16-le") + bytes(512)


def doubled_entry() -> bytes:
    out = io.BytesIO(GOOD)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr(SHEET, b"<worksheet/>")
    return out.getvalue()


def locked_entry() -> bytes:
    content = bytearray(GOOD)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        content[at + offset] |= 1
    return bytes(content)


def lying_about_its_size() -> bytes:
    """A part that unpacks to far more than the directory says."""
    content = bytearray(with_part("xl/media/image1.bin", bytes(40_000_000)))
    at = content.rfind(b"PK\x01\x02")
    while b"xl/media/image1.bin" not in content[at : at + 80]:
        at = content.rfind(b"PK\x01\x02", 0, at)
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(content)


HOSTILE: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (lambda: b"", "見本.xlsx", "空です"),
    "pdf in disguise": (lambda: b"%PDF-1.7 ...", "見本.xlsx", "中身がExcelブックではありません"),
    "html in disguise": (lambda: b"<html><table>", "見本.xls", "中身がExcelブックではありません"),
    "other type": (lambda: b"MZ", "見本.exe", ".exe"),
    "word document": (lambda: b"PK\x03\x04", "見本.docx", "取り込めるのは"),
    "macro suffix": (lambda: GOOD, "見本.xlsm", "マクロ"),
    "macro inside": (lambda: with_part("xl/vbaProject.bin"), "見本.xlsx", "マクロ"),
    "macro sheet": (lambda: with_part("xl/macrosheets/sheet1.xml"), "見本.xlsx", "マクロ"),
    "macro type": (
        lambda: rebuilt(
            lambda p: p.update(
                {"[Content_Types].xml": p["[Content_Types].xml"].replace(b"sheet.main", b"macroEnabled.main")}
            )
        ),
        "見本.xlsx",
        "マクロ",
    ),
    "formulas": (
        formulas,
        "見本.xlsx",
        "（見本!B2、見本!B3、見本!B4、見本!B5、見本!B6 ほか3か所）",
    ),
    "link to a file": (lambda: with_part("xl/externalLinks/externalLink1.xml"), "見本.xlsx", "リンク"),
    "data source": (lambda: with_part("xl/connections.xml"), "見本.xlsx", "外部データ"),
    "10,000 columns": (lambda: far_cell("NTP9"), "見本.xlsx", "列が500を超えています（NTP9）"),
    "a million rows": (lambda: far_cell("A1048576"), "見本.xlsx", "行が多すぎます"),
    "beyond the grid": (lambda: far_cell("ZZZZ99999999"), "見本.xlsx", "超えています"),
    "bomb": (lambda: with_part("xl/media/image1.bin", bytes(30_000_000)), "見本.xlsx", "圧縮"),
    "very large": (lambda: with_part("xl/big.xml", bytes(160_000_000)), "見本.xlsx", "大きくなりすぎる"),
    "lying directory": (lying_about_its_size, "見本.xlsx", "壊れて"),
    "many entries": (
        lambda: rebuilt(lambda p: p.update({f"xl/media/{n}.bin": b"" for n in range(2_100)})),
        "見本.xlsx",
        "中のファイルが",
    ),
    "entity bomb": (
        lambda: in_sheet(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'),
        "見本.xlsx",
        "壊れて",
    ),
    "broken xml": (lambda: in_sheet(b"</sheetData>", b"</sheet"), "見本.xlsx", "壊れて"),
    "cut off": (lambda: GOOD[:-400], "見本.xlsx", "壊れて"),
    "flipped bytes": (lambda: GOOD[:900] + bytes(200) + GOOD[1100:], "見本.xlsx", "壊れて"),
    "no workbook": (
        lambda: with_part("x").replace(b"xl/workbook.xml", b"xl/workbook.xmm"),
        "見本.xlsx",
        "ではありません",
    ),
    "a part twice": (doubled_entry, "見本.xlsx", "二重"),
    "locked part": (locked_entry, "見本.xlsx", "パスワード"),
    "password": (lambda: compound("EncryptedPackage"), "見本.xlsx", "パスワードが掛かっています"),
    "old excel": (lambda: compound("Workbook"), "見本.xls", "古いExcelの形式"),
    "csv with nul": (lambda: b"a,b\x00", "見本.csv", "CSVではない"),
    "csv in utf-16": (lambda: "番号,名称".encode("utf-16"), "見本.csv", "Unicodeテキスト"),
    "csv in euc": (lambda: "番号,名称のある表、髙".encode("gb18030"), "見本.csv", "文字コード"),
    "csv with an open quote": (lambda: b'"a,b\r\n1,2', "見本.csv", "引用符"),
    "csv with many columns": (lambda: b"," * 10_000, "見本.csv", "列が500を超えています"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_what_to_do(case: str) -> None:
    make, name, message = HOSTILE[case]
    with pytest.raises(FileRefused) as refused:
        read_book(make(), name)
    assert message in refused.value.message
    assert refused.value.message.endswith("。")


def test_formats_without_values_far_out_are_no_reason_to_refuse() -> None:
    content = in_sheet(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert len(read_book(content, "見本.xlsx").sheets[0].rows) <= 2


def test_a_chart_that_refers_to_cells_is_no_formula() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("見本")
        sheet.write_row(0, 0, [1, 2, 3])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=見本!$A$1:$C$1"})
        sheet.insert_chart("E2", chart)
    assert read_book(out.getvalue(), "見本.xlsx").sheets[0].rows[0][:3] == [1, 2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_csv_of_any_usual_encoding_is_read(encoding: str) -> None:
    content = '番号,名称\r\n0001,"①㈱髙﨑\n二行目"\r\n'.encode(encoding)
    assert read_book(content, "見本.csv").sheets[0].rows[1] == ["0001", "①㈱髙﨑\n二行目"]
