"""``python -m tenshu.engines.packing``."""

import sys

from tenshu.engines.packing.commands import main

sys.exit(main())
