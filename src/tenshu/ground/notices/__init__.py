"""Notices (通知): mail and in-app messages, reminders along 本人 → 所属長 → 部局."""
