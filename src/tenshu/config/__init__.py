"""Floor 5: settings, URLs and the command line."""
