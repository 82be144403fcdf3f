"""Operations (運用): health, metrics, logs, backup and restore, checks before going live."""
