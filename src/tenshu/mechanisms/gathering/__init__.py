"""Mechanism: sessions with agenda, attendance, minutes and decisions."""
