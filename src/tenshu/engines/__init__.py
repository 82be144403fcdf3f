"""Engines: pure Python libraries without Django, each usable from the command line."""
