"""The files of what hangs on sessions in the year folder; they come after the rooms' sessions."""

from tenshu.ground.exchange import YearFile
from tenshu.mechanisms.gathering.sheets import (
    ACTION_ITEM_TABLE,
    AGENDA_TABLE,
    ATTENDANCE_TABLE,
    DECISION_TABLE,
)

FOLDER = "90_会議の記録"
FILES = [
    YearFile(path=f"{FOLDER}/議題.xlsx", spec=AGENDA_TABLE, order=900),
    YearFile(path=f"{FOLDER}/出席.xlsx", spec=ATTENDANCE_TABLE, order=902),
    YearFile(path=f"{FOLDER}/決定事項.xlsx", spec=DECISION_TABLE, order=904),
    YearFile(path=f"{FOLDER}/宿題.xlsx", spec=ACTION_ITEM_TABLE, order=906),
]
