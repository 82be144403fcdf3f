"""Floor 1: the ground that every room stands on."""
