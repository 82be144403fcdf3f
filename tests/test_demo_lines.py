"""The demonstration: its sign-ins stand in straight columns, and it keeps away from a house that is in use."""

import unicodedata

import pytest

from tenshu.config.command_line import CommandError
from tenshu.config.commands.demo import login_lines, refuse_a_real_house
from tenshu.config.sample_logins import FILE_NAME, SampleLogin
from tenshu.ground.access.models import User


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


def test_a_house_in_use_takes_no_sample_year(db, settings, tmp_path):
    settings.TENSHU_HOME = tmp_path
    refuse_a_real_house()  # nobody is there yet
    User.objects.create(login_name="admin", display_name="管理 花子")
    with pytest.raises(CommandError, match="もう使われています"):
        refuse_a_real_house()
    (tmp_path / FILE_NAME).write_text("[]")  # the house of an earlier demonstration
    refuse_a_real_house()
