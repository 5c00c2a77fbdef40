"""Two versions of words side by side."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from chezhe.contracts.wording.rules import Wording


@dataclass(frozen=True, slots=True)
class Side:
    """A line of the older and of the newer version; `state` is same, changed, gone or new."""

    before: str
    after: str
    state: str


def lines(wording: Wording) -> list[str]:
    """What a version says, line by line."""
    found = [wording.title, wording.before]
    for article in wording.articles:
        found.append(f"【{article.title}】" + (f" {{{article.block}}}" if article.block else "") + (" **" if article.is_strong else ""))
        found += [f"{use.body}" + (f"（{use.when}）" if use.when else "") for use in article.clauses]
    return found


def compared(before: Wording, after: Wording) -> list[Side]:
    """Every line of both, changed ones beside one another."""
    old, new = lines(before), lines(after)
    sides: list[Side] = []
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            sides += [Side(line, line, "same") for line in old[a:b]]
            continue
        for place in range(max(b - a, d - c)):
            left = old[a + place] if a + place < b else ""
            right = new[c + place] if c + place < d else ""
            sides.append(Side(left, right, "changed" if left and right else "gone" if left else "new"))
    return sides
