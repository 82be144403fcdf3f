"""Entry point of ``python -m tenshu.engines.linkage``."""

import sys

from tenshu.engines.linkage.command_line import main

sys.exit(main())
