"""Floor 4: the yearly report, computed from figures."""
