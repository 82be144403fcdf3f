"""The files of this room in the year folder."""

from tenshu.dx.karte import money_sheets as money
from tenshu.dx.karte import record_sheets as sheets
from tenshu.dx.karte.edition_sheets import EDITION_TABLE
from tenshu.ground.exchange import YearFile

FOLDER = "02_システム"
FILES = [
    YearFile(path=f"{FOLDER}/事業者.xlsx", spec=sheets.VENDOR_TABLE, order=210),
    YearFile(path=f"{FOLDER}/収容ホスト.xlsx", spec=sheets.HOST_TABLE, order=212),
    YearFile(path=f"{FOLDER}/カルテ.xlsx", spec=sheets.KARTE_TABLE, order=214),
    YearFile(path=f"{FOLDER}/環境.xlsx", spec=sheets.ENVIRONMENT_TABLE, order=216),
    YearFile(path=f"{FOLDER}/サーバ.xlsx", spec=sheets.SERVER_TABLE, order=218),
    YearFile(path=f"{FOLDER}/ソフトウェア.xlsx", spec=sheets.SOFTWARE_TABLE, order=220),
    YearFile(path=f"{FOLDER}/契約.xlsx", spec=sheets.CONTRACT_TABLE, order=222),
    YearFile(path=f"{FOLDER}/データ連携.xlsx", spec=sheets.DEPENDENCY_TABLE, order=224),
    YearFile(path=f"{FOLDER}/該当なし.xlsx", spec=sheets.NOT_APPLICABLE_TABLE, order=226),
    YearFile(path=f"{FOLDER}/経費区分.xlsx", spec=money.COST_ITEM_TABLE, order=230),
    YearFile(path=f"{FOLDER}/費用.xlsx", spec=money.COST_TABLE, order=232),
    YearFile(path=f"{FOLDER}/照合の規則.xlsx", spec=money.MATCHING_RULE_TABLE, order=234),
    YearFile(path=f"{FOLDER}/支払い.xlsx", spec=money.PAYMENT_TABLE, order=236),
    YearFile(path=f"{FOLDER}/充足度の規則.xlsx", spec=sheets.RULE_TABLE, order=238),
    YearFile(path=f"{FOLDER}/カルテ年度版.xlsx", spec=EDITION_TABLE, order=240),
]
