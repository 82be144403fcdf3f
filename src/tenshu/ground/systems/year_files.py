"""The file of this room in the year folder."""

from tenshu.ground.exchange import YearFile
from tenshu.ground.systems.sheets import SYSTEM_TABLE

FILES = [YearFile(path="02_システム/システム.xlsx", spec=SYSTEM_TABLE, order=200)]
