"""Random tables over small domains, and random facts for them: known, missing, or of the wrong kind."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from chezhe.decisiontables.values import Column, HitPolicy, Rule, Table, Type

NUMBERS = list(range(5))
WORDS = ["a", "b", "c"]
DOMAINS: dict[str, list[Any]] = {"n": NUMBERS, "m": NUMBERS, "w": WORDS, "f": [False, True]}
INPUTS = (
    Column("n", Type.INTEGER, values=("[0..4]",)),
    Column("m", Type.INTEGER, values=("[0..4]",)),
    Column("w", Type.TEXT, values=("a", "b", "c")),
    Column("f", Type.BOOLEAN),
)
WRONG: dict[str, list[Any]] = {"n": ["3", 9, 2.5, True], "m": ["x", -1], "w": ["d", 7, ""], "f": [1, "true"]}

number = st.integers(0, 4)
comparison = st.builds(lambda sign, value: f"{sign} {value}", st.sampled_from(["<", "<=", ">", ">="]), number)
interval = st.builds(
    lambda ends, low, high: f"{low}{min(ends)}..{max(ends)}{high}",
    st.lists(number, min_size=2, max_size=2, unique=True), st.sampled_from("[(]"), st.sampled_from("])["),
)  # fmt: skip
number_test = st.one_of(number.map(str), comparison, interval)
word_test = st.sampled_from(["a", '"b"', "c"])


def cells(test: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """`-`, one test, a list, `not(…)`, and `null` among them."""
    several = st.lists(st.one_of(test, test, st.just("null")), min_size=1, max_size=3).map(", ".join)
    return st.one_of(st.just("-"), st.just("-"), test, several, several.map(lambda text: f"not({text})"), st.just("null"))


def _with_references(other: str) -> st.SearchStrategy[str]:
    return st.sampled_from([f"< {other}", f">= {other}", other, f"[1..{other}]", f"({other}..4]"])


when = st.tuples(
    st.one_of(cells(number_test), _with_references("m")), st.one_of(cells(number_test), _with_references("n")), cells(word_test),
    cells(st.sampled_from(["true", "false"])),
)  # fmt: skip
simple_number = st.sampled_from(["-", "< 2", "3", ">= 1", "[1..2]", "0, 4"])
simple_when = st.tuples(simple_number, simple_number, st.sampled_from(["-", "a", "b, c"]), st.sampled_from(["-", "true", "false"]))
policies = st.sampled_from(list(HitPolicy))


@st.composite
def tables(
    draw: st.DrawFn, whens: st.SearchStrategy[tuple[str, ...]] = when, policy: st.SearchStrategy[HitPolicy] = policies,
    open_answer: str = "n",
) -> Table:
    """A table of one to five rows over the four columns; `open_answer` is the answer that may depend on a fact."""
    chosen = draw(policy)
    output = Column("out", Type.INTEGER, values=("2", "1", "3") if chosen is HitPolicy.PRIORITY else ())
    answers = ["1", "2", "3"] if chosen is HitPolicy.PRIORITY else ["1", "2", open_answer, "null"]
    rules = draw(st.lists(st.builds(Rule, whens, st.tuples(st.sampled_from(answers))), min_size=1, max_size=5))
    return Table("random", chosen, INPUTS, (output,), tuple(rules))


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """Some facts missing, some wrong."""
    found: dict[str, Any] = {}
    for name, domain in DOMAINS.items():
        state = draw(st.sampled_from(["known", "known", "missing", "null", "wrong"]))
        if state == "known":
            found[name] = draw(st.sampled_from(domain))
        elif state == "null":
            found[name] = None
        elif state == "wrong":
            found[name] = draw(st.sampled_from(WRONG[name]))
    return found
