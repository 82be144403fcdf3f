"""YARA signatures over page bytes (YARA-X)."""

from pathlib import Path

import yara_x

from tenshu.engines.page_scan.kinds import Fact, Kind

_TIMEOUT_SECONDS = 5


class SignatureError(ValueError):
    """A rule file cannot be read or compiled; the message (Japanese) names the file and the compiler's
    complaint."""


class Signatures:
    """Compiled YARA rules with their warnings; one object per process and thread."""

    def __init__(self, source: str, *, origin: str = "rules.yar") -> None:
        compiler = yara_x.Compiler(relaxed_re_syntax=True, includes_enabled=False)
        try:
            compiler.add_source(source, origin=origin)
        except yara_x.CompileError as error:
            raise SignatureError(f"{origin}: ルールを読み取れません: {error}") from error
        self.warnings: list[dict[str, object]] = list(compiler.warnings())
        self.rules = compiler.build()
        self._scanner = yara_x.Scanner(self.rules)
        self._scanner.set_timeout(_TIMEOUT_SECONDS)

    @classmethod
    def from_file(cls, path: Path) -> "Signatures":
        """Compile a rule file. Raises SignatureError."""
        try:
            source = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SignatureError(f"{path}: ルールファイルを読み込めません（{error}）") from error
        return cls(source, origin=str(path))

    def facts(self, data: bytes) -> list[Fact]:
        """One fact per matching rule; the rule's ``severity`` metadata becomes a trait."""
        try:
            matching = self._scanner.scan(data).matching_rules
        except yara_x.TimeoutError:
            return [
                Fact(
                    Kind.SIGNATURE,
                    "scan-timeout",
                    f"{_TIMEOUT_SECONDS} 秒以内に走査が終わりませんでした",
                    ("severity:notice",),
                )
            ]
        facts = []
        for rule in matching:
            meta = dict(rule.metadata)
            spot = next((match for pattern in rule.patterns for match in pattern.matches), None)
            evidence = (
                data[spot.offset : spot.offset + min(spot.length, 120)].decode("utf-8", "replace")
                if spot
                else ""
            )
            facts.append(
                Fact(
                    Kind.SIGNATURE,
                    rule.identifier,
                    evidence,
                    (f"severity:{meta.get('severity', 'warning')}",),
                )
            )
        return facts
