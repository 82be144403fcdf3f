"""Floor 2: mechanisms, used by many rooms and knowing none."""
