"""Mechanism: the registry of figures, each a named query over records."""
