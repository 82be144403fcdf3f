"""Outgoing requests (外への通信): the one door out, guarded against requests into the own network."""
