"""Part 5: 生成AIの業務利活用."""

from tenshu.annual.outline import Part, Section, Told

PART = Part(
    5,
    "生成AIの業務利活用",
    (
        Section("5(1)", "ルールの周知", (Told("genai.rules", "定めて周知したルール"),)),
        Section("5(2)", "導入検討", (Told("genai.trial", "全庁での試行と、測った効果"),)),
    ),
)
