import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.approvals.rules import Ballot, Stage, has_voted, is_maker, next_step, stage_outcome

COMMITTEE = Stage(role="approver", votes=3, rejects=3, veto="risk_manager")
AGREE, REJECT, RETURN = Ballot("agree"), Ballot("reject"), Ballot("return")
VETO = Ballot("reject", counts=False, is_veto=True)


@pytest.mark.parametrize(
    ("ballots", "outcome"),
    [
        ([], ""),
        ([AGREE, AGREE], ""),
        ([AGREE, AGREE, AGREE], "approve"),
        ([AGREE, REJECT, REJECT, AGREE], ""),
        ([AGREE, REJECT, REJECT, AGREE, AGREE], "approve"),
        ([REJECT, REJECT, REJECT], "reject"),
        ([AGREE, AGREE, VETO], "reject"),
        ([AGREE, RETURN], "return"),
        ([AGREE, AGREE, Ballot("agree", counts=False)], ""),
    ],
)
def test_a_committee_of_five_needs_three_and_risk_can_stop_it(ballots, outcome):
    assert stage_outcome(COMMITTEE, ballots) == outcome


def test_a_stage_that_passes_opens_the_next_and_the_last_one_approves():
    stages = [Stage("reviewer"), Stage("approver")]
    assert next_step(stages, 0, [AGREE]) == ("", 1)
    assert next_step(stages, 1, [AGREE]) == ("approve", 1)
    assert next_step(stages, 0, [REJECT]) == ("reject", 0)


@given(st.lists(st.sampled_from([AGREE, REJECT]), max_size=5))
def test_five_members_who_all_vote_always_come_to_a_decision(ballots):
    outcome = stage_outcome(Stage("approver", votes=3, rejects=3), ballots)
    assert bool(outcome) == (ballots.count(AGREE) >= 3 or ballots.count(REJECT) >= 3)


def test_both_people_behind_a_vote_are_makers_and_voters():
    assert is_maker({7, 3}, [3])
    assert not is_maker({7}, [3])
    assert has_voted({7, 3}, [{1}, {3, 9}])
    assert not has_voted({7}, [{1}, {3, 9}])


@pytest.mark.parametrize("stored", [{"role": ""}, {"role": "approver", "votes": 0}, {"role": "approver", "rejects": 0}])
def test_it_refuses_a_stage_that_can_never_be_decided(stored):
    with pytest.raises(ValueError, match="not a stage"):
        Stage.read(stored)
