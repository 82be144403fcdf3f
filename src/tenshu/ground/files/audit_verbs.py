"""Japanese words for what this room writes into the record."""

VERBS = {
    "files.attachment.added": "添付",
    "files.attachment.removed": "添付の取外し",
}
