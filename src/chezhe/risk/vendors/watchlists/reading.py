"""What a screening means as a fact: only whoever is likely the same party counts; a person looks at every one of them."""

from __future__ import annotations

from chezhe.risk.vendors.watchlists.answers import Screening


def screening_facts(answer: Screening) -> dict[str, object]:
    """Whether anything was hit at all. Nobody decides by it: `watch_list_hit` is what screening and compliance made of the lists."""
    return {"watch_list_alike": bool(answer.hits)}
