import pytest

from chezhe.kernel.errors import WrongState
from chezhe.kernel.machine import machine

LAMP = machine(
    "灯", [("off", "switch_on", "on"), ("on", "switch_off", "off"), ("on", "break_lamp", "broken")],
    {"off": "关", "on": "开", "broken": "坏", "switch_on": "打开", "switch_off": "关上", "break_lamp": "打破"},
)


@pytest.mark.parametrize("status", ["off", "on", "broken"])
@pytest.mark.parametrize("verb", ["switch_on", "switch_off", "break_lamp"])
def test_every_cell_of_the_grid_is_either_listed_or_refused(status: str, verb: str) -> None:
    if verb in LAMP.verbs(status):
        assert LAMP.require(status, verb) == LAMP.moves[status, verb]
    else:
        with pytest.raises(WrongState):
            LAMP.require(status, verb)


def test_a_refusal_names_what_is_possible_instead() -> None:
    with pytest.raises(WrongState) as refused:
        LAMP.require("on", "switch_on")
    assert "关上" in str(refused.value) and refused.value.http_status == 409


def test_two_moves_for_one_cell_are_a_bug() -> None:
    with pytest.raises(ValueError, match="two moves"):
        machine("x", [("a", "go", "b"), ("a", "go", "c")], {})


def test_it_draws_itself() -> None:
    assert "off --> on: switch_on" in LAMP.mermaid()
