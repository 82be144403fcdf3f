"""Entry point of `python -m tenshu.engines.probe`."""

from tenshu.engines.probe.command_line import main

raise SystemExit(main())
