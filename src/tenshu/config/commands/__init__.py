"""One module a command: ``HELP``, ``arguments(parser)``, ``run(options)``."""
