"""The package as a whole: cheap to import, complete in its sentences, the same for all threads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import chezhe.decisiontables
from chezhe.decisiontables.facts import READERS
from chezhe.decisiontables.sentences import SENTENCES, WHY, sentence
from chezhe.decisiontables.values import HitPolicy

FOLDER = Path(chezhe.decisiontables.__file__).parent
RAISED = re.compile(r'(?:TableError|Finding)\(\s*"([a-z_]+)"')


def test_importing_the_package_loads_nothing_else() -> None:
    program = "import sys; import chezhe.decisiontables; sys.exit([m for m in sys.modules if m.startswith('chezhe.decisiontables.')] != [])"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_every_public_name_can_be_had() -> None:
    assert all(getattr(chezhe.decisiontables, name) is not None for name in chezhe.decisiontables.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        chezhe.decisiontables.__getattr__("nothing")


def test_every_code_has_its_two_sentences() -> None:
    texts = [path.read_text() for path in FOLDER.glob("*.py")]
    codes = {code for text in texts for code in RAISED.findall(text)}
    assert len(codes) > 40
    assert codes - set(SENTENCES) == set()
    for zh, en in SENTENCES.values():
        assert en.isascii() and not zh.isascii()
        assert sorted(re.findall(r"\{\w+\}", zh)) == sorted(re.findall(r"\{\w+\}", en))


def test_no_sentence_stands_there_for_nothing() -> None:
    texts = "".join(path.read_text() for path in FOLDER.glob("*.py") if path.name != "sentences.py")
    assert [code for code in SENTENCES if f'"{code}"' not in texts] == []
    assert sentence("lint_incomplete", {"why": "work"}, english=True).endswith(f"{WHY['work'][1]}.")


def test_every_type_has_a_reader_and_every_policy_an_answer() -> None:
    from chezhe.decisiontables.picking import PICKS
    from chezhe.decisiontables.values import Type

    assert set(READERS) == set(Type) and set(PICKS) == set(HitPolicy)
