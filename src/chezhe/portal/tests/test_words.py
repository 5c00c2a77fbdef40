"""What an outsider is told: the request's own faults as they are, of the house nothing."""

from __future__ import annotations

from typing import Any

import pytest

from chezhe.contracts.states import CONTRACT, MORTGAGE
from chezhe.customers.errors import CustomerExists, CustomerExistsElsewhere
from chezhe.kernel.editing import StaleEdit
from chezhe.kernel.errors import BusinessError, Busy, Invalid, NotFound, NotPermitted, SamePerson, StepUpRequired
from chezhe.origination.states import APPLICATION
from chezhe.portal import progress, words
from chezhe.risk.screening.freezing import BusinessHeld

TELLING = ("合规", "管理员", "同事", "王小明", "名单", "反洗钱", "C26-", "数据范围")


@pytest.mark.parametrize(("refusal", "told", "status"), [
    (NotPermitted(permission="放款", grantors="管理员"), words.Unseen, 404), (NotFound(what="A26-000001-7"), words.Unseen, 404),
    (SamePerson(name="王小明", verb="复核"), words.NotNow, 409), (StepUpRequired(), words.CodeNeeded, 403), (Busy(), words.Later, 503),
    (CustomerExists(number="C26-000001-7", name="王*明"), words.NotNow, 409), (CustomerExistsElsewhere(), words.NotNow, 409),
])
def test_of_the_house_and_of_others_nothing_is_told(refusal: BusinessError, told: Any, status: int) -> None:
    said = words.reworded(refusal)
    assert type(said) is told and said.http_status == status and not said.facts
    assert not [word for word in TELLING if word in str(said)]
    assert words.reworded(said) is said


def test_a_hold_of_the_law_and_anothers_edit_sound_like_anything_else() -> None:
    for refusal in (BusinessHeld.__new__(BusinessHeld), StaleEdit.__new__(StaleEdit)):
        refusal.facts = {"name": "王小明"}
        said = words.reworded(refusal)
        assert isinstance(said, (words.NotNow, words.Stale)) and not [word for word in TELLING if word in str(said)]


def test_what_was_typed_wrongly_is_told_as_it_is() -> None:
    refusal = Invalid(field="amount", code="amount_high", sentence="金额过大。")
    assert words.reworded(refusal) is refusal


def test_every_status_has_words_and_a_place() -> None:
    for application in APPLICATION.statuses:
        for contract in ("", *CONTRACT.statuses):
            for mortgage in ("", *MORTGAGE.statuses):
                now = progress.standing(application, contract if contract != "void" else "", mortgage)
                assert 0 <= now.stage < len(progress.STAGES) and str(now.label) and str(now.what_next)
                assert now.turn in (progress.YOU, progress.WE, progress.NOBODY)
