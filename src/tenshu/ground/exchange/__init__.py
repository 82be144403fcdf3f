"""Ground: the one way in and out for tables (Excel, CSV)."""
