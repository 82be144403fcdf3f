"""The file of the calendar in the year folder."""

from tenshu.ground.calendar.sheets import YEAR_TABLE
from tenshu.ground.exchange import YearFile

FILES = [YearFile(path="00_年度/年度.csv", spec=YEAR_TABLE, order=10)]
