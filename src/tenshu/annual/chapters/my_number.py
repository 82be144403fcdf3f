"""Part 4: マイナンバー制度."""

from tenshu.annual.outline import Part, Section, Told

PART = Part(
    4,
    "マイナンバー制度",
    (
        Section(
            "4(1)",
            "連絡調整・普及促進",
            (Told("outreach.summary", "役割の分担、出張申請の支援、ちらしなどの配布"),),
        ),
        Section("4(2)", "総点検", (Told("linkage.summary", "点検した事務と、その結果"),)),
    ),
)
