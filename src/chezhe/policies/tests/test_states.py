"""The whole grid of statuses and verbs: what may be done and, above all, what may not."""

from __future__ import annotations

import pytest

from chezhe.kernel.errors import WrongState
from chezhe.policies.states import VERSION

VERBS = ["submit_version", "discard_version", "publish_version", "return_version", "cancel_version"]
ALLOWED = {
    ("draft", "submit_version"): "submitted", ("draft", "discard_version"): "discarded", ("submitted", "publish_version"): "published",
    ("submitted", "return_version"): "draft", ("published", "cancel_version"): "cancelled",
}


@pytest.mark.parametrize("status", ["draft", "submitted", "published", "cancelled", "discarded"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_possible_exactly_where_the_table_says_so(status: str, verb: str) -> None:
    if (status, verb) in ALLOWED:
        assert VERSION.require(status, verb) == ALLOWED[status, verb]
    else:
        with pytest.raises(WrongState):
            VERSION.require(status, verb)


def test_every_word_has_a_label() -> None:
    assert all(VERSION.label(word) != word for word in (*VERSION.statuses, *VERBS, "roll_back"))
