"""The files of this room in the year folder."""

from tenshu.dx.taskforce.sheets import (
    GROUP_TABLE,
    ISSUE_TABLE,
    MEETING_TABLE,
    MEMBERSHIP_TABLE,
    ROADMAP_TABLE,
    SECRETARIAT_TABLE,
    TARGET_TABLE,
    TASK_FORCE_TABLE,
)
from tenshu.ground.exchange import YearFile

FOLDER = "03_タスクフォース"
FILES = [
    YearFile(path=f"{FOLDER}/タスクフォース.xlsx", spec=TASK_FORCE_TABLE, order=300),
    YearFile(path=f"{FOLDER}/事務局.xlsx", spec=SECRETARIAT_TABLE, order=302),
    YearFile(path=f"{FOLDER}/WG.xlsx", spec=GROUP_TABLE, order=304),
    YearFile(path=f"{FOLDER}/WG構成所属.xlsx", spec=MEMBERSHIP_TABLE, order=306),
    YearFile(path=f"{FOLDER}/WG対象システム.xlsx", spec=TARGET_TABLE, order=308),
    YearFile(path=f"{FOLDER}/会議.xlsx", spec=MEETING_TABLE, order=310),
    YearFile(path=f"{FOLDER}/課題.xlsx", spec=ISSUE_TABLE, order=312),
    YearFile(path=f"{FOLDER}/ロードマップ.xlsx", spec=ROADMAP_TABLE, order=314),
]
