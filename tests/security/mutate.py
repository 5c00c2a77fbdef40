"""Real requests of a loan's life, each with one thing wrong: what a sloppy or a hostile program would send in its place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from chezhe.contracts.models import Contract, Disbursement
from chezhe.customers.models import BankAccount, Customer, Relation
from chezhe.documents.models import StoredFile
from chezhe.kernel import jobs
from chezhe.kernel.models import AuditEntry, Event, IdempotencyKey, StatusMove
from chezhe.leads.models import Lead, LeadTouch
from chezhe.ledger.models import JournalEntry
from chezhe.origination.models import Application
from chezhe.payments.models import BankFile, BankLine, Payout
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.vehicles.models import Valuation, Vehicle
from tests.journeys.house import Program

WATCHED = (
    Lead, LeadTouch, Customer, BankAccount, Relation, Vehicle, Valuation, Application, Contract, Disbursement, Payout, Loan, LoanEvent,
    JournalEntry, BankFile, BankLine, StoredFile, StatusMove, Event,
)
# Not JSON at all, or JSON of the wrong kind.
NO_OBJECTS = ("", "{", "[]", "null", "3", '"text"', '{"a":1,"a":2}', '{"amount": NaN}', "\ud800".encode("utf-8", "surrogatepass"), "[" * 100_000)
NASTY: tuple[Any, ...] = (
    None, "", " ", "\u3000", "x" * 10_000, "\x00", "a\x00b", "\x1b[31m", "\u202egnp.exe", "🚗🚗🚗", "𠮷𠮷", "<script>alert(1)</script>",
    "=HYPERLINK(\"http://x\")", "' OR 1=1 --", "%s%(x)s{0}", "../../etc/passwd", True, False, 0, -1, 10**20, -(10**20), 1.5, 1e308,
    [], ["x"], {}, {"x": 1}, "NaN", "Infinity", "-0.01", "-1.00", "0.00", "0.001", "1.005", "1e5", "1_000.00", "99999999999999.99",
    "1,000.00", "１２．００", "٣", "2026-02-30", "2026-13-01", "0000-00-00", "1899-12-31", "9999-12-31", "2026-09-01T10:00:00", "20260901",
    1_788_220_800, "loan:L26-000001-7", "customer:", ":", "a:b:c", "C26-000001-0", "110101199001010000", "110101199001010",
    1.10101199001010e17, "LSVNV2182N2000003", "6217000000000000005",
)
_keys = count()


@dataclass
class Spoiler:
    """Stands beside every request: first the wrong versions of it, then the request itself."""

    each: int
    random: Random
    tried: int = 0
    faults: list[str] = field(default_factory=list)

    def of(self, program: Program) -> Program:
        """The same program, tested at every request."""
        return TestedProgram(program.user, program.token, program.client, self)


class TestedProgram(Program):
    """Sends each request wrongly many times before it sends it rightly."""

    __test__ = False

    def __init__(self, user: Any, token: str, client: Any, tester: Spoiler) -> None:
        super().__init__(user, token, client)
        self.tester = tester

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        for wrong in _wrong_bodies(body or {}, self.tester):
            self._try(f"POST {path}", wrong, lambda wrong=wrong: super(TestedProgram, self).post(path, wrong, key=f"wrong-{next(_keys)}"))
        return super().post(path, body, key=key)

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        for wrong in _wrong_bodies(body, self.tester):
            self._try(f"PATCH {path}", wrong, lambda wrong=wrong: super(TestedProgram, self).patch(path, wrong))
        return super().patch(path, body)

    def send(self, path: str, *, key: str = "", **form: Any) -> Any:
        for wrong in _wrong_forms(form, self.tester):
            self._try(
                f"POST {path}", wrong, lambda wrong=wrong: super(TestedProgram, self).send(path, key=f"wrong-{next(_keys)}", **wrong)
            )
        for value in form.values():
            if isinstance(value, SimpleUploadedFile):
                value.seek(0)
        return super().send(path, key=key, **form)

    def _try(self, label: str, wrong: Any, send: Any) -> None:
        """In a transaction that is undone: no 5xx, and nothing written unless the answer was good."""
        before = _counts()
        with transaction.atomic(), jobs.in_line():
            answer = send()
            after = _counts() if 400 <= answer.status_code < 500 else before
            transaction.set_rollback(True)
        self.tester.tried += 1
        shown = wrong if isinstance(wrong, (str, bytes)) else json.dumps(wrong, ensure_ascii=True, default=str)
        said = f"{label} {shown[:300]!r} → {answer.status_code} {answer.content[:300]!r}"
        if answer.status_code >= 500:
            self.tester.faults.append(f"crashed: {said}")
        elif answer.status_code >= 400 and before != after:
            self.tester.faults.append(f"half written: {said}")
        elif answer.status_code >= 400 and answer["Content-Type"].partition(";")[0] != "application/problem+json":
            self.tester.faults.append(f"no problem details: {said}")


def _counts() -> tuple[int, ...]:
    done = AuditEntry.objects.filter(outcome="done").count()
    return (done, IdempotencyKey.objects.count(), *(model.objects.count() for model in WATCHED))


def _wrong_bodies(body: dict[str, Any], tester: Spoiler) -> Iterator[Any]:
    yield from tester.random.sample(NO_OBJECTS, min(tester.each, len(NO_OBJECTS)))
    yield {**body, "surprise": 1}
    for name, value in body.items():
        yield {key: other for key, other in body.items() if key != name}
        for nasty in tester.random.sample(NASTY, min(tester.each, len(NASTY))):
            yield {**body, name: nasty}
        if isinstance(value, dict):
            yield from ({**body, name: wrong} for wrong in _wrong_bodies(value, tester) if not isinstance(wrong, bytes))


def _wrong_forms(form: dict[str, Any], tester: Spoiler) -> Iterator[dict[str, Any]]:
    texts = [nasty for nasty in NASTY if isinstance(nasty, str)]
    for name, value in form.items():
        yield {key: other for key, other in form.items() if key != name}
        for nasty in tester.random.sample(texts, min(tester.each, len(texts))):
            if isinstance(value, SimpleUploadedFile):
                nasty = SimpleUploadedFile(nasty[:100] or "x", b"\x89PNG\r\n\x1a\n" + nasty.encode("utf-8", "replace"))
            yield {**form, name: nasty}
