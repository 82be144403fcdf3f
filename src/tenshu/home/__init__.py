"""Floor 4: my tasks, by role."""
