"""Background jobs (ジョブ): the worker, the rescue of a dead worker's jobs, the clock."""
