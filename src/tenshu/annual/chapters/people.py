"""Part 2: DX人材の育成."""

from tenshu.annual.outline import Part, Section, Sentence, Told, Trend

PART = Part(
    2,
    "DX人材の育成",
    (
        Section(
            "2(1)",
            "DX研修",
            (
                Sentence(
                    "職場の実際の課題を題材に、解決の進め方を学ぶ研修を{training.dx_workshop.sessions}で開き、"
                    "{training.dx_workshop.participants}が{training.dx_workshop.teams}に分かれて取り組んだ。"
                ),
                Trend("training.dx_workshop.participants"),
            ),
        ),
        Section(
            "2(2)",
            "情報システムに関する基礎研修",
            (
                Sentence(
                    "情報システムの基礎を身につけるための研修を開いた（参加者 {training.systems_basic.participants}）。"
                ),
                Told("training.systems_basic", "研修の目的と内容"),
            ),
        ),
        Section(
            "2(3)",
            "システムの要件定義に関する研修",
            (
                Sentence(
                    "要件を自ら定められるようになるための研修を開いた（参加者 {training.requirements.participants}）。"
                ),
                Told("training.requirements", "研修の目的と内容"),
            ),
        ),
    ),
)
