"""Japanese words for what the record says of the yearly report."""

VERBS = {
    "annual.passage_written": "本文の記入",
    "annual.issued": "年次報告の発行",
    "calendar.year_closed": "年度の締め",
}
