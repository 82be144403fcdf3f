"""The parts of the yearly report in order, one file a part."""

from tenshu.annual.chapters import dx, generative_ai, my_number, people, security
from tenshu.annual.outline import Part

OUTLINE: tuple[Part, ...] = (dx.PART, people.PART, security.PART, my_number.PART, generative_ai.PART)
