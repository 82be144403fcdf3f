"""The sample sign-ins of the demonstration stand in straight columns."""

import unicodedata

from tenshu.config.commands.demo import login_lines
from tenshu.config.sample_logins import SampleLogin


def cells(text):
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def test_columns_begin_at_the_same_cell_in_every_line():
    logins = [
        SampleLogin("CISO・幹部", "100485", "aaaa-bbbb-cccc-dddd", "試山 春也"),
        SampleLogin("事務局", "kansa", "eeee-ffff-gggg-hhhh", "見本 花子"),
    ]
    first, *lines = login_lines(logins)
    starts = {cells(line[: line.index(login.password)]) for line, login in zip(lines, logins, strict=True)}
    assert starts == {cells(first[: first.index("パスワード")])}
