"""The cuts of the web font (the cutting itself takes half a minute and is left to the set-up)."""

from tenshu.ground.ui import fonts


def test_every_character_stands_in_one_piece():
    cuts = fonts.pieces(range(0x20, 0xFFFF))
    total = sum(len(points) for points in cuts.values())
    assert total == len(set().union(*cuts.values()))
    assert {"common", "level1", "level2"} <= set(cuts)


def test_the_first_piece_has_kana_letters_and_the_words_of_our_pages():
    common = fonts.pieces(range(0x20, 0xFFFF))["common"]
    assert {ord(c) for c in "あアABC123、。（）令和年度締照会"} <= common


def test_level_one_has_its_2965_kanji_and_level_two_its_3390():
    assert len(fonts.jis_level(1)) == 2965
    assert len(fonts.jis_level(2)) == 3390


def test_ranges_are_written_as_css_wants_them():
    assert fonts.ranges([0x41, 0x42, 0x43, 0x4E00]) == "U+41-43,U+4E00"


def test_nothing_is_cut_when_the_fonts_stand_already(tmp_path):
    (tmp_path / "stamp").write_text(fonts.stamp())
    assert fonts.build(tmp_path) is False
