"""Every table of the room that goes out and comes back, those that are asked for most in front."""

from tenshu.dx.karte import money_sheets, record_sheets
from tenshu.dx.karte.edition_sheets import EDITION_TABLE
from tenshu.ground.exchange import TableSpec

TABLES: list[TableSpec] = [
    record_sheets.KARTE_TABLE,
    record_sheets.SERVER_TABLE,
    record_sheets.SOFTWARE_TABLE,
    record_sheets.CONTRACT_TABLE,
    money_sheets.COST_TABLE,
    record_sheets.ENVIRONMENT_TABLE,
    record_sheets.DEPENDENCY_TABLE,
    record_sheets.VENDOR_TABLE,
    record_sheets.HOST_TABLE,
    money_sheets.COST_ITEM_TABLE,
    money_sheets.PAYMENT_TABLE,
    money_sheets.MATCHING_RULE_TABLE,
    record_sheets.RULE_TABLE,
    record_sheets.NOT_APPLICABLE_TABLE,
    EDITION_TABLE,
]
