"""The address at which the bank calls back: repeated, reordered, late, forged, oversized, wrong."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs, signing
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.models import Event
from chezhe.ledger.models import JournalEntry
from chezhe.payments.actions.accept_notice import accept_notice
from chezhe.payments.actions.mark_payout_sent import mark_payout_sent
from chezhe.payments.actions.settle_payout import settle_payout
from chezhe.payments.models import BankNotice, Payout
from chezhe.payments.steps import BankAnswer, Notice, Payee, request_payout
from chezhe.payments.tests.conftest import NOW

pytestmark = pytest.mark.django_db
URL = "/payments/callbacks/bank/"


@pytest.fixture
def sent(branch) -> Iterator[Payout]:
    with clock.at(NOW), jobs.in_line():
        payout = request_payout(
            reference="disbursement:R1", amount=Money(500_000), payee=Payee("张三", "6217000000000000004"), memo="m", branch_id=branch.pk, by=SYSTEM
        )
        yield mark_payout_sent(payout_number=payout.number, by=SYSTEM)


def said(payout: Payout, status: str = "paid", **changes: Any) -> dict[str, Any]:
    return {"notice_id": f"BN-{status}", "reference": payout.bank_reference, "status": status, "amount": "5000.00",
            "serial": "B1", "code": "", **changes}


def call(body: dict[str, Any] | bytes, *, secret: bytes | None = None, at: Any = None, nonce: str = "") -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = signing.sign(secret or signing.secret_of("bank"), raw, at=at or clock.now(), nonce=nonce)
    return Client(raise_request_exception=False).post(URL, raw, content_type="application/json", headers=headers)


def test_fifteen_repetitions_are_one_booking(sent) -> None:
    answers = [call(said(sent)).status_code for _ in range(16)]
    assert answers == [200] * 16 and JournalEntry.objects.count() == 1 and BankNotice.objects.count() == 1


def test_the_very_same_bytes_again_with_a_new_nonce_change_nothing(sent) -> None:
    assert [call(said(sent), nonce=n).json()["verdict"] for n in ("a", "a", "b")] == ["applied"] * 3
    assert JournalEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("forge", "reason"),
    [({"secret": b"somebody's"}, "wrong"), ({"at": NOW - timedelta(hours=48)}, "stale"), ({"at": NOW + timedelta(seconds=301)}, "stale")],
)
def test_a_forged_or_stale_callback_books_nothing_and_leaves_an_alert(sent, forge: dict[str, Any], reason: str) -> None:
    assert call(said(sent), **forge).status_code == 401
    assert not JournalEntry.objects.exists() and not BankNotice.objects.exists()
    assert Event.objects.get(name="payment.callback_refused").payload == {"reason": reason}


def test_a_callback_without_signature_is_refused(sent) -> None:
    assert Client().post(URL, said(sent), content_type="application/json").status_code == 401
    assert Client().get(URL).status_code == 405


@pytest.mark.parametrize(
    ("changes", "status", "verdict"),
    [({"amount": "5000.01"}, 422, "wrong_amount"), ({"amount": "50.00"}, 422, "wrong_amount"),
     ({"reference": "Y26-999999-9.1"}, 404, "unknown"), ({"reference": "nonsense"}, 404, "unknown")],
)
def test_what_cannot_be_true_is_kept_announced_once_and_not_booked(sent, changes, status: int, verdict: str) -> None:
    assert [call(said(sent, **changes)).status_code for _ in range(3)] == [status] * 3
    assert BankNotice.objects.get().verdict == verdict and not JournalEntry.objects.exists()
    assert Event.objects.filter(name="payment.notice_troubling").count() == 1
    assert Payout.objects.get().status == "sent"


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b"\xff\xfe", {"notice_id": "x"}, {"notice_id": 5, "reference": "r", "status": "paid", "amount": "1.00"},
     {"notice_id": "x" * 81, "reference": "r", "status": "paid", "amount": "1.00"},
     {"notice_id": "x", "reference": "r", "status": "paid", "amount": "1.001"},
     {"notice_id": "x", "reference": "r", "status": "melted", "amount": "1.00"}, b"[" * 100_000,
     {"notice_id": "x\x00", "reference": "r", "status": "paid", "amount": "1.00"}],
)
def test_a_signed_but_senseless_body_is_a_4xx_and_nothing_else(sent, body) -> None:
    assert 400 <= call(body).status_code < 500 and not BankNotice.objects.exists()


def test_a_form_in_place_of_the_notice_is_refused_and_no_crash(sent) -> None:
    """Read as a form first, the body can no longer be read for its signature."""
    for form in ({}, {"notice_id": "x"}):
        assert Client(raise_request_exception=False).post(URL, form).status_code == 400
    assert not BankNotice.objects.exists()


def test_ten_megabytes_are_refused_at_once(sent) -> None:
    started = time.perf_counter()
    assert call(b'{"notice_id": "' + b"x" * 10_000_000 + b'"}').status_code in (400, 413)
    assert time.perf_counter() - started < 5 and not BankNotice.objects.exists()


def test_a_failure_after_the_payment_contradicts(sent) -> None:
    assert call(said(sent)).status_code == 200
    assert call(said(sent, "failed", code="ACCOUNT_CLOSED")).status_code == 409
    assert Payout.objects.get().status == "paid" and JournalEntry.objects.count() == 1


@contextmanager
def rolled_back() -> Iterator[None]:
    """Hypothesis tries many lives inside one test: each leaves nothing behind."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


NEWS = st.lists(st.sampled_from(["paid", "processing", "returned", "query_paid", "query_returned", "query_processing"]), max_size=14)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(news=NEWS)
@example(news=["returned", "paid"])
@example(news=["query_returned", "returned", "paid", "paid"])
def test_whatever_the_order_the_truth_is_booked_once(sent, news: list[str]) -> None:
    """A bank that paid (and perhaps took back) says so in any order, any number of times, by callback or when asked."""
    with rolled_back():
        for one in news:
            if one.startswith("query_"):
                settle_payout(payout_number=sent.number, answer=BankAnswer(1, one[6:], "B1"), by=SYSTEM)  # type: ignore[arg-type]
            else:
                accept_notice(notice=Notice(notice_id=f"BN-{one}", bank_reference=sent.bank_reference, outcome=one,
                                            amount=sent.amount, bank_serial="B1"), by=SYSTEM)
        final = {one.removeprefix("query_") for one in news} - {"processing"}
        expected = "returned" if "returned" in final else "paid" if final else "sent"
        assert Payout.objects.get(pk=sent.pk).status == expected
        booked = sorted(JournalEntry.objects.values_list("event", flat=True))
        assert booked == {"sent": [], "paid": ["payout_paid"], "returned": ["payout_paid", "payout_returned"]}[expected]
        assert not BankNotice.objects.filter(verdict__in=["contradicts", "wrong_amount", "unknown"]).exists()


LIES = st.lists(st.tuples(st.sampled_from(["paid", "failed", "returned"]), st.sampled_from([1, 2]), st.booleans()), max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(news=LIES)
def test_even_a_lying_bank_cannot_make_us_book_twice(sent, news: list[tuple[str, int, bool]]) -> None:
    with rolled_back():
        for at, (outcome, attempt, is_right_amount) in enumerate(news):
            accept_notice(by=SYSTEM, notice=Notice(
                notice_id=f"N{at}", bank_reference=f"{sent.number}.{attempt}", outcome=outcome,
                amount=sent.amount if is_right_amount else Money(1), bank_serial="B1",
            ))
        events = list(JournalEntry.objects.values_list("event", flat=True))
        assert events.count("payout_paid") <= 1 and events.count("payout_returned") <= events.count("payout_paid")
        status = Payout.objects.get(pk=sent.pk).status
        assert (status in ("paid", "returned")) == ("payout_paid" in events)
        assert BankNotice.objects.count() == len(news)
