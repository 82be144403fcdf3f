"""Entry point of ``python -m tenshu.engines.japanese``."""

import sys

from tenshu.engines.japanese.command_line import main

sys.exit(main())
