"""Mechanism: the plain values of which a report is made, so that rooms can tell their part."""
