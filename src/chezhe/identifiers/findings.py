"""What a judge found: a stable code with one sentence in Chinese and one in English, and whether it blocks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about a value. `code` is stable and public; `is_error` False means warn and accept."""

    code: str
    zh: str
    en: str
    is_error: bool = True


def error(code: str, zh: str, en: str) -> Finding:
    """A finding that makes the value unacceptable."""
    return Finding(code, zh, en, is_error=True)


def warning(code: str, zh: str, en: str) -> Finding:
    """A finding that a person should look at, while the value is accepted."""
    return Finding(code, zh, en, is_error=False)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer of every judge. `number` is the value in its one stored form, or "" when it has none."""

    given: str
    number: str
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that block."""
        return tuple(finding for finding in self.findings if finding.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that only warn."""
        return tuple(finding for finding in self.findings if not finding.is_error)

    @property
    def valid(self) -> bool:
        """True when nothing blocks."""
        return not self.errors


@dataclass(frozen=True, slots=True)
class TextJudgement(Judgement):
    """A judgement that has nothing to add: personal names, company names, landlines."""
