"""An outside provider makes the signatures: callbacks early, twice and forged, broken signatures, silence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chezhe.contracts.actions.accept_signing_notice import accept_signing_notice
from chezhe.contracts.actions.retry_signing import retry_signing
from chezhe.contracts.models import Contract, Signature, Signing
from chezhe.contracts.signing import proving
from chezhe.contracts.tests.conftest import live
from chezhe.contracts.tests.signing_desk import pairs, ready, signs_by_link
from chezhe.contracts.vendors.esign import client as provider
from chezhe.kernel import clock, jobs, signing
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound

CALLBACK = "/contracts/callbacks/esign/"


@pytest.fixture(autouse=True)
def outside(settings: Any) -> None:
    settings.ESIGN = "provider"


def says(client: Any, said: object, *, secret: bytes | None = None) -> Any:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    headers = signing.sign(secret or signing.secret_of("esign"), body, at=clock.now())
    return client.post(CALLBACK, body, content_type="application/json", headers=headers)


def notice(number: str, **changes: object) -> dict[str, object]:
    return {"notice_id": "N1", "reference": f"{number}.1.7.abc", "status": "signed", **changes}


def test_the_provider_signs_calls_back_and_the_lender_is_sealed_there_too(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    signs_by_link(cast, contract, "borrower")
    live(bank, 30)
    assert Contract.objects.get().status == "signed"
    assert all(proving.prove(paper).holds for paper in contract.papers.all())
    assert Signature.objects.filter(party=None).count() == pairs(contract)


@pytest.mark.parametrize("fate", ["drop", "duplicate", "wrong_signature"])
def test_callbacks_that_are_lost_repeated_or_forged_change_nothing(cast, signed, bank, fate: str) -> None:
    contract = ready(cast, signed)
    bank.force("esign", *[fate] * 20)
    signing_row = signs_by_link(cast, contract, "borrower")
    live(bank, 12)
    if fate == "drop":
        assert Signing.objects.get(pk=signing_row.pk).status == "asked"
        clock.tick(180)
        from chezhe.contracts.tasks.signing import open_signings

        open_signings()
        live(bank, 3)
    assert Signing.objects.get(pk=signing_row.pk).status == "done"
    assert Signature.objects.filter(signing=signing_row).count() == pairs(contract)


def test_a_callback_before_the_answer_and_one_after_the_end_are_harmless(cast, signed, bank, client) -> None:
    contract = ready(cast, signed)
    row = signs_by_link(cast, contract, "borrower")
    # Nothing has been ordered yet: the notice only makes the worker ask.
    for _twice in range(2):
        assert says(client, notice(row.number)).status_code == 200
    assert jobs.waiting("contracts.sign_papers", number=row.number)
    live(bank, 30)
    assert Contract.objects.get().status == "signed"
    assert says(client, notice(row.number)).status_code == 200
    assert not jobs.waiting("contracts.sign_papers", number=row.number) and Signature.objects.filter(signing=row).count() == pairs(contract)


def test_whoever_is_not_the_provider_or_speaks_nonsense_is_refused(cast, signed, bank, client) -> None:
    row = signs_by_link(cast, ready(cast, signed), "borrower")
    before = jobs.waiting("contracts.sign_papers", number=row.number)
    assert says(client, notice(row.number), secret=b"somebody else's").status_code == 401
    assert client.post(CALLBACK, json.dumps(notice(row.number)), content_type="application/json").status_code == 401
    for nonsense in (b"[]", b"{", {"reference": row.number}, notice(row.number, status="perhaps"), notice(row.number, reference=7)):
        assert says(client, nonsense).status_code == 400
    assert says(client, notice("SG26-999999-9")).status_code == 404
    with pytest.raises(NotFound):
        accept_signing_notice(notice=provider.Notice("SG26-999999-9"), by=SYSTEM)
    assert client.get(CALLBACK).status_code == 405 and jobs.waiting("contracts.sign_papers", number=row.number) == before


@pytest.mark.parametrize(("digits", "code", "words"), [
    ("911", "face_mismatch", "签署人未通过身份核验"), ("912", "bad_signature", "签名无效"), ("913", "another_document", "退回的文件与原文不符"),
])
def test_what_is_refused_broken_or_another_paper_is_not_recorded(cast, signed, bank, digits: str, code: str, words: str) -> None:
    from chezhe.contracts import vocabulary

    contract = ready(cast, signed)
    main = contract.customer.mobiles.get(is_main=True)
    main.mobile = f"15400009{digits}"
    main.save()
    row = signs_by_link(cast, contract, "borrower")
    live(bank, 9)
    row.refresh_from_db()
    assert (row.status, row.failure_code, vocabulary.failure_in_words(row.failure_code)) == ("failed", code, words)
    assert not Signature.objects.exists() and Contract.objects.get().status == "prepared"
    assert retry_signing(signing_number=row.number, by=cast.he).attempt == 2


def test_a_provider_that_cannot_be_reached_is_asked_again(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    bank.set_faults("esign", error_before_rate=1)
    row = signs_by_link(cast, contract, "borrower")
    live(bank, 6)
    assert Signing.objects.get(pk=row.pk).status == "asked"
    bank.set_faults("esign", error_before_rate=0)
    live(bank, 45)
    assert Contract.objects.get().status == "signed"


def test_one_reference_is_one_order_at_the_provider(bank) -> None:
    from chezhe.contracts.signing.authority import Signer

    said = {"reference": "SG26-000001-0.1.1.x", "field": "f", "reason": "r", "signer": Signer("王二", "C26-000001-0"), "mobile": ""}
    assert provider.order(provider.Order(document=b"a", **said)).status == "processing"
    assert provider.order(provider.Order(document=b"a", **said)).status == "processing"
    from chezhe.kernel.outside import Unreachable

    with pytest.raises(Unreachable):
        provider.order(provider.Order(document=b"b", **said))
    assert provider.query("nobody's").status == "unknown"
