"""The file of this room in the year folder."""

from tenshu.dx.ict_needs.sheets import NEED_TABLE
from tenshu.ground.exchange import YearFile

FILES = [YearFile(path="05_業務のICT化/業務.xlsx", spec=NEED_TABLE, order=500)]
