"""Menu entry of the yearly report."""

from tenshu.ground.ui.navigation import Entry, Wing

ENTRIES = [Entry(wing=Wing.OFFICE, label="年次報告", url="annual:report", order=10, icon="book")]
