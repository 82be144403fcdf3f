"""Japanese words for what this room writes into the record."""

VERBS = {
    "exchange.import.committed": "取込",
    "exchange.import.cancelled": "取込の取りやめ",
}
