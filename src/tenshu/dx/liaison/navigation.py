"""Menu entry of the liaison with other prefectures."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.DX, label="他都道府県との連絡調整", url="liaison:overview", order=70)]
