"""The files of this room in the year folder."""

from tenshu.ground.exchange import YearFile
from tenshu.ground.office.profile_sheet import PROFILE_TABLE
from tenshu.ground.office.sheets import DUTY_TABLE, POST_TABLE, STAFF_TABLE, SUCCESSION_TABLE, UNIT_TABLE

FOLDER = "01_組織・職員"
FILES = [
    YearFile(path="00_年度/団体.csv", spec=PROFILE_TABLE, order=12),
    YearFile(path=f"{FOLDER}/組織.xlsx", spec=UNIT_TABLE, order=100),
    YearFile(path=f"{FOLDER}/承継.xlsx", spec=SUCCESSION_TABLE, order=102),
    YearFile(path=f"{FOLDER}/所掌.xlsx", spec=DUTY_TABLE, order=104),
    YearFile(path=f"{FOLDER}/職員.xlsx", spec=STAFF_TABLE, order=110),
    YearFile(path=f"{FOLDER}/配属.xlsx", spec=POST_TABLE, order=120),
]
