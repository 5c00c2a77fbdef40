"""A seal is kept by a branch, asked for by one and used by another, and every use stands in the register."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from chezhe.contracts import errors
from chezhe.contracts.actions.ask_seal import ask_seal
from chezhe.contracts.actions.refuse_seal import refuse_seal
from chezhe.contracts.actions.register_seal import register_seal
from chezhe.contracts.actions.reprint_paper import reprint_paper
from chezhe.contracts.actions.stamp_paper import stamp_paper
from chezhe.contracts.models import ContractPaper, Seal, SealUse
from chezhe.contracts.printing import sealing
from chezhe.contracts.tests.conftest import TODAY, Cast, person
from chezhe.contracts.tests.printing import printed
from chezhe.kernel import roles, worklist
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, WrongState
from chezhe.kernel.models import Event, StatusMove
from chezhe.kernel.testing import WU

pytestmark = pytest.mark.django_db


@pytest.fixture
def compliance(cast: Cast) -> Actor:
    return person("柯", roles.COMPLIANCE, cast.branch, Reach.ALL)


@pytest.fixture
def seal(cast: Cast, compliance: Actor) -> Seal:
    return register_seal(code="HT-01", kind="contract", name="合同专用章一", branch_code=cast.branch.code, by=compliance)


@pytest.fixture
def paper(signed: Any) -> ContractPaper:
    return ContractPaper.objects.select_related("contract").get(contract__number=signed(until="signed"), kind="loan_contract")


def ask(paper: ContractPaper, by: Actor, **changes: Any) -> SealUse:
    said: dict[str, Any] = {"contract_number": paper.contract.number, "paper_code": paper.code, "seal_code": "HT-01", "copies": 2,
                            "reason": "签署完成", "business_date": TODAY, **changes}
    return ask_seal(**said, by=by)


def test_one_asks_another_stamps_and_both_stand_in_the_register(cast: Cast, seal: Seal, paper: ContractPaper) -> None:
    use = ask(paper, cast.he)
    with pytest.raises(sealing.SealAskedAlready):
        ask(paper, cast.he)
    assert worklist.PILES["contracts.seals"].count(cast.manager) == 1 and worklist.PILES["contracts.seals"].first(cast.manager, 3)
    done = stamp_paper(use_number=use.number, by=cast.manager)
    assert (done.status, done.asked_by_name, done.stamped_by_name, done.copies) == ("stamped", "何", "马", 2)
    assert [move.verb for move in StatusMove.objects.filter(subject=use.subject).order_by("pk")] == ["ask", "stamp"]
    assert Event.objects.filter(name="contract.paper_sealed").exists()
    with pytest.raises(WrongState):
        stamp_paper(use_number=use.number, by=cast.manager)
    assert ask(paper, cast.he).number != use.number, "another copy later is another use"


def test_who_asks_does_not_stamp(cast: Cast, seal: Seal, paper: ContractPaper) -> None:
    both = person("双", roles.BRANCH_MGR, cast.branch)
    use = ask(paper, cast.he)
    SealUse.objects.filter(pk=use.pk).update(asked_by_ids=sorted(both.user_ids))
    with pytest.raises(sealing.OwnRequest):
        stamp_paper(use_number=use.number, by=both)
    for nobody in (cast.he, cast.lin, WU):
        with pytest.raises(NotPermitted):
            stamp_paper(use_number=use.number, by=nobody)


def test_no_seal_on_what_no_longer_counts_nor_with_one_out_of_use(
    cast: Cast, seal: Seal, paper: ContractPaper, compliance: Actor,
) -> None:
    for said, refusal in (({"copies": 0}, Invalid), ({"copies": 21}, Invalid), ({"reason": " "}, Invalid), ({"seal_code": "NO"}, NotFound),
                          ({"paper_code": "AAAA"}, NotFound)):
        with pytest.raises(refusal):
            ask(paper, cast.he, **said)
    use = ask(paper, cast.he)
    reprint_paper(contract_number=paper.contract.number, code=paper.code, reason="污损", by=cast.he)
    printed(paper.contract.number)
    with pytest.raises(errors.PaperVoid):
        stamp_paper(use_number=use.number, by=cast.manager)
    with pytest.raises(errors.PaperVoid):
        ask(paper, cast.he)
    with pytest.raises(Invalid):
        refuse_seal(use_number=use.number, reason=" ", by=cast.manager)
    assert refuse_seal(use_number=use.number, reason="文本已补打", by=cast.manager).status == "refused"
    new = ContractPaper.objects.select_related("contract").get(kind="loan_contract", print_number=2)
    waiting = ask(new, cast.he)
    register_seal(code="HT-01", kind="contract", name="合同专用章一", branch_code=cast.branch.code, is_kept=False, by=compliance)
    with pytest.raises(sealing.SealAway):
        stamp_paper(use_number=waiting.number, by=cast.manager)
    with pytest.raises(sealing.SealAway):
        ask(new, cast.he)


def test_a_seal_is_registered_with_what_it_needs(cast: Cast, compliance: Actor) -> None:
    good = {"code": "GZ-1", "kind": "company", "name": "公章", "branch_code": cast.branch.code}
    for said in ({"code": "小写"}, {"kind": "wax"}, {"name": " "}, {"branch_code": "NOPE"}):
        with pytest.raises(Invalid):
            register_seal(**{**good, **said, "by": compliance})
    with pytest.raises(NotPermitted):
        register_seal(**good, by=cast.he)


def test_by_page(cast: Cast, seal: Seal, paper: ContractPaper, compliance: Actor, browser: Any) -> None:
    browser.acts_as(compliance)
    address, said = reverse("contracts:seals"), {"code": "GZ-1", "kind": "company", "name": "公章", "branch_code": cast.branch.code, "is_kept": "on"}
    assert browser.post(address, {**said, "code": "小写"}).status_code == 422
    assert browser.post(address, {**said, "_once": uuid4().hex}).status_code == 302 and "GZ-1" in browser.get(address).content.decode()
    browser.acts_as(cast.he)
    assert browser.post(address, said).status_code == 403
    wish = reverse("contracts:ask_seal", args=[paper.contract.number, paper.code])
    assert "HT-01" in browser.get(wish).content.decode() and browser.post(wish, {"copies": "1"}).status_code == 422
    assert browser.post(wish, {"seal_code": "HT-01", "copies": "1", "reason": "签署完成", "_once": uuid4().hex}).status_code == 302
    use = SealUse.objects.get()
    page = reverse("contracts:seal_use", args=[use.number])
    assert "签署完成" in browser.get(page).content.decode() and use.number in browser.get(reverse("contracts:seal_uses")).content.decode()
    browser.acts_as(cast.manager)
    assert browser.post(reverse("contracts:refuse_seal", args=[use.number]), {"reason": ""}).status_code == 422
    assert browser.post(reverse("contracts:stamp", args=[use.number]), {"_once": uuid4().hex}).status_code == 302
    assert "马" in browser.get(page).content.decode()
    again = browser.post(reverse("contracts:stamp", args=[use.number]), {"_once": uuid4().hex})
    assert again.status_code == 409
    assert browser.acts_as(cast.lin).get(page).status_code == 403


def test_by_api(cast: Cast, seal: Seal, paper: ContractPaper, compliance: Actor, browser: Any) -> None:
    browser.acts_as(compliance)
    made = browser.api("contracts/seals", {"code": "GZ-1", "kind": "company", "name": "公章", "branch_code": cast.branch.code})
    assert made.status_code == 201 and len(browser.api("contracts/seals").json()["items"]) == 2
    browser.acts_as(cast.he)
    wish = f"contracts/contracts/{paper.contract.number}/papers/{paper.code}/seal"
    first = browser.api(wish, {"seal_code": "HT-01", "reason": "签署"}).json()
    second = browser.api(wish, {"seal_code": "GZ-1", "reason": "签署"}).json()
    browser.acts_as(cast.manager)
    assert browser.api(f"contracts/seal-uses/{first['number']}/stamp", {}).json()["stamped_by"] == "马"
    assert browser.api(f"contracts/seal-uses/{second['number']}/refuse", {"reason": "不需公章"}).json()["status"] == "refused"
    assert [row["number"] for row in browser.api("contracts/seal-uses?status=stamped").json()["items"]] == [first["number"]]
