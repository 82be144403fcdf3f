"""Ground: attachments, stored by content."""
