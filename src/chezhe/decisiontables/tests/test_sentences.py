"""What the engine says, it says in Chinese and in English."""

from __future__ import annotations

import re

import pytest

from chezhe.decisiontables import sentences

CATALOGUES = {
    f"{name}.{code}": pair for name, words in vars(sentences).items() if name.isupper() and isinstance(words, dict)
    for code, pair in words.items() if isinstance(pair, tuple)
}


@pytest.mark.parametrize("key", sorted(CATALOGUES))
def test_each_sentence_stands_in_both_languages_with_the_same_facts(key: str) -> None:
    chinese, english = CATALOGUES[key]
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert english.strip() and not re.search(r"[\u4e00-\u9fff]", english)
    assert set(re.findall(r"{(\w+)}", chinese)) == set(re.findall(r"{(\w+)}", english))


def test_there_are_sentences() -> None:
    assert len(CATALOGUES) > 50
