"""Room: the karte of every system, its money, and the edition of each year (システムカルテ)."""
