"""Throttle (回数の制限): how often a thing may be tried, counted in the database for all processes."""
