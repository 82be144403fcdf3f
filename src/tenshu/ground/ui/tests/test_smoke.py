from django.template import Context, Template


def render(source, **context):
    return Template(source).render(Context(context))


def test_smoke():
    assert "入力中" in render('{% chip "入力中" %}')
