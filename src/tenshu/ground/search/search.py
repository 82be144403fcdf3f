"""What this room itself offers to be found: attachments, wherever they hang."""

from tenshu.ground.search.attachments import ATTACHMENTS

SOURCES = [ATTACHMENTS]
