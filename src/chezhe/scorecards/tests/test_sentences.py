"""Every code has its two sentences, and every sentence a code."""

from __future__ import annotations

import re
from pathlib import Path

from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.papers.sentences import SENTENCES, sentence

ROOM = Path(__file__).parents[1]


def codes() -> set[str]:
    texts = [path.read_text() for path in ROOM.rglob("*.py") if "tests" not in path.parts]
    texts.append((ROOM.parent / "cli" / "commands" / "model.py").read_text())
    found = {code for text in texts for code in re.findall(r'ModelError\(\s*"([a-z_]+)"', text)}
    return found | {code for text in texts for code in re.findall(r'\bread\([^)]*, "([a-z_]+)"\)', text)} | {"file_empty", "file_unreadable"}


def test_every_refusal_speaks_both_languages() -> None:
    assert codes() == set(SENTENCES)
    for zh, en in SENTENCES.values():
        assert set(re.findall(r"\{(\w+)", zh)) == set(re.findall(r"\{(\w+)", en))


def test_a_sentence_names_the_column() -> None:
    refusal = ModelError("not_a_number", "ltv", value="high")
    assert sentence(refusal.code, refusal.facts, in_english=True) == 'The column "ltv" takes numbers, yet holds "high".'
    assert "ltv" in sentence(refusal.code, refusal.facts, in_english=False) and str(refusal).startswith("not_a_number (field=ltv")
