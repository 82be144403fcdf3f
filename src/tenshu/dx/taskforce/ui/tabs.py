"""The parts of the room."""

from django.urls import reverse

from tenshu.ground.ui.parts import Tab


def tabs(current: str) -> list[Tab]:
    """Overview, roadmap, issues, meetings."""
    names = [
        ("overview", "概要"),
        ("roadmap", "ロードマップ"),
        ("issue-list", "課題"),
        ("meeting-list", "会議"),
    ]
    return [Tab(label, reverse(f"taskforce:{name}"), name == current) for name, label in names]
