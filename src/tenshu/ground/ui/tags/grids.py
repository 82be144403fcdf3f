"""Tables, charts and Gantt charts: ``{% table table %}``, ``{% chart figure %}``, ``{% gantt plan %}``."""

from typing import Any

from django.forms import BoundField, Select
from django.template import Context, Library
from django.utils.safestring import SafeString

register = Library()


@register.inclusion_tag("ui/table/table.html", takes_context=True)
def table(context: Context, table: Any, tools: bool = True) -> dict[str, Any]:
    """The whole table with its tools; ``tools=False`` leaves search, filters, columns and files away."""
    return {"table": table, "tools": tools, "request": context.get("request")}


@register.simple_tag
def table_url(table: Any, **changes: Any) -> str:
    """``{% table_url table sort="name" %}``: this list with other parameters."""
    return str(table.url(**changes))


@register.simple_tag
def filter_control(bound: BoundField, applied: bool) -> SafeString:
    """A filter's control in the toolbar, marked when it is at work."""
    attrs: dict[str, str | bool] = {"class": "select" if isinstance(bound.field.widget, Select) else "input"}
    attrs["data-size"] = "s"
    if applied:
        attrs["data-on"] = True
    return bound.as_widget(attrs=attrs)


@register.inclusion_tag("ui/parts/chart.html")
def chart(figure: Any) -> dict[str, Any]:
    """A chart of ``charts.py``: caption, key, picture, and the data by 「表で見る」."""
    return {"figure": figure}


@register.inclusion_tag("ui/parts/gantt.html")
def gantt(plan: Any) -> dict[str, Any]:
    """A plan of ``gantt.py`` with its table."""
    return {"plan": plan}
