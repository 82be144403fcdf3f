"""The files of this room in the year folder."""

from tenshu.dx.liaison.sheets import CONFERENCE_TABLE, SESSION_TABLE
from tenshu.ground.exchange import YearFile

FOLDER = "04_他都道府県との連絡調整"
FILES = [
    YearFile(path=f"{FOLDER}/会議体.xlsx", spec=CONFERENCE_TABLE, order=400),
    YearFile(path=f"{FOLDER}/開催.xlsx", spec=SESSION_TABLE, order=402),
]
