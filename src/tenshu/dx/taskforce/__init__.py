"""Room: task forces, working groups and their target systems."""
