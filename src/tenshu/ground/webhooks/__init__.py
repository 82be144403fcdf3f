"""Webhooks (外部への通知): signed messages to other systems of the office."""
