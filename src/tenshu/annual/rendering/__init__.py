"""The report document as files: HTML, DOCX, PDF/UA-1, JSON. No renderer asks the database."""
