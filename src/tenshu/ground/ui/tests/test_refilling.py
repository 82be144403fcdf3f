"""A page's form filled again: every kind of control, only the right form, nothing that has no place lost."""

import pytest

from tenshu.ground.ui.refilling import refill, texts_of

PAGE = """<!doctype html><html><body><div id="messages"></div>
<form method="post" action="/elsewhere/"><input name="title" value="別の欄"></form>
<form method="get"><input name="title" value="絞り込み"></form>
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="new">
<input name="title" value="もと"><input type="hidden" name="a-base" value="{}">
<textarea name="text" rows="3">
もとの &lt;文&gt;</textarea>
<select name="kind"><option value="a" selected>甲</option><option value="b">乙</option></select>
<input type="checkbox" name="wish" value="rpa" checked><input type="checkbox" name="wish" value="form">
<input type="radio" name="yes" value="true"><input type="radio" name="yes" value="false" checked>
<input type="password" name="password"><input type="file" name="paper">
<button type="submit" name="confirm" value="all">送る</button></form>
<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>&nbsp;&#12354;</body></html>"""


def filled(**typed):
    given = {"csrfmiddlewaretoken": ["old"]} | {
        name.replace("__", "-"): values for name, values in typed.items()
    }
    return refill(PAGE, page="/here/?nendo=R5", action="/here/", typed=given)


def test_texts_choices_and_hidden_values_come_back_and_the_token_does_not():
    found = filled(
        title=["書いた <題>"],
        text=['一行目\r\n"二行目"'],
        kind=["b"],
        wish=["form"],
        yes=["true"],
        a__base=['{"answer": 1}'],
    )
    assert 'value="書いた &lt;題&gt;" data-kept' in found.html
    assert "\n一行目\r\n&quot;二行目&quot;</textarea>" in found.html
    assert '<option value="a">甲' in found.html.replace(' data-kept=""', "")
    assert '<option value="b" selected data-kept="">乙' in found.html
    assert '<input type="checkbox" name="wish" value="rpa" data-kept="">' in found.html
    assert '<input type="checkbox" name="wish" value="form" checked data-kept="">' in found.html
    assert '<input type="radio" name="yes" value="true" checked data-kept="">' in found.html
    assert 'value="{&quot;answer&quot;: 1}"' in found.html
    assert 'value="new"' in found.html
    assert "old" not in found.html
    assert found.homeless == []


def test_other_forms_and_all_else_on_the_page_stay_as_they_are():
    found = filled(title=["書いた"])
    assert 'value="別の欄"' in found.html
    assert 'value="絞り込み"' in found.html
    assert '<path d="M0 0"/>' in found.html
    assert "&nbsp;&#12354;" in found.html
    assert "もとの &lt;文&gt;</textarea>" in found.html


def test_what_is_the_same_is_not_marked():
    found = filled(
        title=["もと"], text=["もとの <文>"], kind=["a"], wish=["rpa"], yes=["false"], a__base=["{}"]
    )
    assert found.changed == 0
    assert "data-kept" not in found.html


def test_what_has_no_field_any_more_is_told_and_nothing_is_put_into_secrets():
    found = filled(title=["書いた"], gone=["行き場のない文"], password=["ひみつ"], confirm=["all"])
    assert found.homeless == ["行き場のない文"]
    assert "ひみつ" not in found.html
    assert found.telling("<p>戻しました</p>").count('<div id="messages"><p>戻しました</p>') == 1


@pytest.mark.parametrize("page", ["<p>なし</p>", '<form method="post"><input name="other"></form>'])
def test_a_page_without_the_form_cannot_be_filled(page):
    assert refill(page, page="/here/", action="/here/", typed={"title": ["書いた"]}) is None


def test_texts_are_what_a_person_typed():
    typed = {"csrfmiddlewaretoken": ["x"], "q1-base": ["{}"], "q1-answer": [" 要望 "], "q2": ["", "要望"]}
    assert texts_of(typed) == ["要望"]
