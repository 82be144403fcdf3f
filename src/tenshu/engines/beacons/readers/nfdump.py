"""CSV of nfdump (`nfdump -o csv`), both the short form of 1.7 and the long one.

NetFlow rows are one direction each and are cut at the exporter's active timeout. Rows are marked as pieces
so that scoring joins what was cut, and an answer is folded into the row it answers.
"""

import csv
from datetime import tzinfo

import polars as pl

from tenshu.engines.beacons.blocks import Block
from tenshu.engines.beacons.errors import LogError
from tenshu.engines.beacons.mapping import JST, Mapping
from tenshu.engines.beacons.readers.mapped_rows import FaultyRowError, flow_row
from tenshu.engines.beacons.readers.parsed import Parsed
from tenshu.engines.beacons.readers.salvage import numbered
from tenshu.engines.beacons.schema import TABLES, frame_of, shaped

FIELDS = {
    "start": ("ts", "firstSeen"),
    "duration": ("td", "duration"),
    "src": ("sa", "srcAddr"),
    "src_port": ("sp", "srcPort"),
    "dst": ("da", "dstAddr"),
    "dst_port": ("dp", "dstPort"),
    "proto": ("pr", "proto"),
    "packets_out": ("ipkt", "packets"),
    "bytes_out": ("ibyt", "bytes"),
    "bytes_in": ("obyt",),
}
SUMMARY = "Summary"
ANSWER_WITHIN_US = 300_000_000
KEY = ["proto", "src", "src_port", "dst", "dst_port"]
REVERSED = {"src": "dst", "dst": "src", "src_port": "dst_port", "dst_port": "src_port"}
PRIVILEGED = 1024


class NfdumpReader:
    """Reads the blocks of one nfdump CSV file; `zone` is that of its times (default Asia/Tokyo)."""

    def __init__(self, file_name: str, zone: tzinfo | None = None) -> None:
        self.file_name = file_name
        self.mapping = Mapping(fields=FIELDS, zone=zone or JST)
        self.columns: list[str] = []
        self.ended = False

    def read(self, block: Block) -> Parsed:
        parsed, rows = Parsed(), []
        for number, raw in numbered(block.data, block.first_line):
            parsed.lines += 1
            text = raw.decode("utf-8", "replace").rstrip("\r")
            if self._explain(text, parsed):
                continue
            try:
                row = flow_row(self.mapping, self._split(text))
            except FaultyRowError as fault:
                parsed.reject(number, str(fault), raw)
                continue
            rows.append(row | {"piece": True})
        parsed.add("flows", oriented(frame_of(rows, "flows"), parsed))
        return parsed

    def _explain(self, text: str, parsed: Parsed) -> bool:
        """Count header, summary and blank lines; true when the line holds no flow."""
        if not text.strip():
            parsed.explained["blank line"] += 1
            return True
        if text.strip() == SUMMARY or self.ended:
            self.ended = True
            parsed.explained["summary"] += 1
            return True
        if not self.columns:
            self.columns = [name.strip() for name in next(csv.reader([text]))]
            if not {"ts", "firstSeen"} & set(self.columns):
                raise LogError(
                    f"{self.file_name}: 1行目が nfdump の CSV の見出し（ts または firstSeen）ではありません"
                )
            parsed.explained["comment"] += 1
            return True
        return False

    def _split(self, text: str) -> dict[str, str]:
        cells = [cell.strip() for cell in next(csv.reader([text]))]
        if len(cells) != len(self.columns):
            raise FaultyRowError(f"列の数が {len(cells)} で、見出しの {len(self.columns)} と合いません")
        return dict(zip(self.columns, cells, strict=True))


def oriented(frame: pl.DataFrame, parsed: Parsed) -> pl.DataFrame:
    """Rows in the direction of the client, the server's answer folded in as `bytes_in`.

    An answer is a row whose reverse began earlier (or at once, from the higher port) within five minutes. A
    row from a well-known port without its request is turned round.
    """
    if frame.height == 0:
        return frame
    frame = frame.with_row_index("row").sort("start_us")
    back = frame.select("row", "start_us", "bytes_out", *KEY).rename(
        REVERSED | {"row": "answer", "bytes_out": "answer_bytes"}
    )
    pairs = (
        frame.filter(pl.col("bytes_in").fill_null(0) == 0)
        .join(back, on=KEY, how="inner", suffix="_answer")
        .filter(
            (pl.col("start_us_answer") - pl.col("start_us")).is_between(0, ANSWER_WITHIN_US)
            & (
                (pl.col("start_us_answer") > pl.col("start_us"))
                | (pl.col("src_port") > pl.col("dst_port"))
                | ((pl.col("src_port") == pl.col("dst_port")) & (pl.col("row") < pl.col("answer")))
            )
        )
        .filter((pl.col("dst_port") < PRIVILEGED) | (pl.col("src_port") >= PRIVILEGED))
        .sort("start_us")
        .unique("answer", keep="last")
        .unique("row", keep="first")
    )
    answered = pairs.select("row", "answer_bytes")
    kept = frame.filter(~pl.col("row").is_in(pairs["answer"].to_list()))
    parsed.explained["answer folded into its request"] += frame.height - kept.height
    merged = kept.join(answered, on="row", how="left").with_columns(
        pl.coalesce("answer_bytes", "bytes_in").alias("bytes_in")
    )
    return shaped(turned(merged), "flows")


def turned(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows sent from a well-known port to a high one are answers: source and destination change places."""
    answer = ((pl.col("src_port") < PRIVILEGED) & (pl.col("dst_port") >= PRIVILEGED)).fill_null(value=False)
    swaps = {**REVERSED, "bytes_out": "bytes_in", "bytes_in": "bytes_out"}
    return frame.with_columns(
        [
            pl.when(answer).then(pl.col(other)).otherwise(pl.col(name)).alias(name)
            for name, other in swaps.items()
        ]
    ).select(list(TABLES["flows"]))
