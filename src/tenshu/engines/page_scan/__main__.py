"""``python -m tenshu.engines.page_scan``."""

import sys

from tenshu.engines.page_scan.commands import main

sys.exit(main())
