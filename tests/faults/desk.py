"""Finance's desk for processes that may be killed: a bank's day of receipts in two statements, and loans that are paid off. All goes
through the API, as the program of a house sends it, and whatever was not answered is sent again.
"""

from __future__ import annotations

import io
import json
import os
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

API = "/api/v1/"
TODAY, LOANS, SETTLED = date(2026, 5, 20), 200, 30
HEAD = "交易日期,金额,流水号,付款人,付款账号,附言\n"
# The lines of the first statement, and where the second one begins, which tells its last lines again.
FIRST_ENDS, SECOND_BEGINS = 120, 115
# The book without papers has named ids of these without drawing them.
WITHOUT_PAPERS = ("servicing_loan", "contracts_contract", "customers_customer")
OVERPAID_FEN = 90_000_000
AMOUNTS_FEN = (12_345, 100_000, 332_143)


@dataclass(frozen=True, slots=True)
class Line:
    """A receipt as the bank tells it, and whether its loan is certain."""

    serial: str
    text: str
    is_certain: bool


def lines(numbers: list[str]) -> list[Line]:
    """A receipt for each loan: parts, more than is due, one of twenty found a few days late, one that pays everything and more, a
    second one for a loan, and a few that name no loan of ours."""
    strangers = ["房租", "", "还款 L26-999999-9", "还 贷款"]
    paid = [(f"还款 {number}", AMOUNTS_FEN[at % len(AMOUNTS_FEN)], 3 if at % 20 == 19 else 0) for at, number in enumerate(numbers)]
    paid[7] = (paid[7][0], OVERPAID_FEN, 0)
    told = [*paid[:100], (paid[11][0], 20_000, 0), *paid[100:]]
    for at, memo in enumerate(strangers):
        told.insert(30 * (at + 1), (memo, 5_000 + at, 0))
    return [
        Line(f"K{at:03d}", f"{TODAY - timedelta(days=late)},{fen // 100}.{fen % 100:02d},K{at:03d},付款人,,{memo}", memo not in strangers)
        for at, (memo, fen, late) in enumerate(told)
    ]


# ---- before anybody is killed ----------------------------------------------------------------------------------


def take() -> None:
    """A book of another lender taken over this morning, with the papers of its loans; a program of finance's has a token and a fresh
    second factor; and what customers pay today is written down, since a slip says the same however often it is sent."""
    from django.db import connection
    from django.test import Client

    from bench import takeover
    from chezhe.kernel import clock
    from chezhe.payments import permissions as payments
    from chezhe.servicing import permissions, queries
    from chezhe.servicing.models import Loan
    from chezhe.staff import second_factor, steps
    from chezhe.staff.actions.issue_token import issue_token
    from chezhe.staff.models import User

    with connection.cursor() as cursor:
        for table in WITHOUT_PAPERS:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 10000)", [table])
    now, finance = clock.now(), User.objects.get(username="finance")
    with redirect_stdout(io.StringIO()), clock.at(now):
        wrong = takeover.bring(LOANS, TODAY - timedelta(days=1))["wrong"]
        assert not wrong, wrong
        scopes = [one.code for one in (payments.IMPORT_BANK_FILE, permissions.POST_BANK_FILE, permissions.SETTLE)]
        token = issue_token(label="faults", scopes=scopes, days=1, by=steps.actor_for(finance, now)).secret
        code = json.dumps({"code": second_factor.demo_code(finance, now)})
        said = Client().put(f"{API}staff/step-up", code, content_type="application/json", headers={"Authorization": f"Bearer {token}"})
        assert said.status_code == 200, said.content
        taken = list(Loan.objects.filter(taken__isnull=False, status="active").order_by("pk"))
        slips = [(loan.number, queries.settlement_quote(loan, TODAY).to_pay.fen) for loan in taken[-SETTLED:]]
    _note().write_text(json.dumps({"at": now.isoformat(), "token": token, "slips": slips, "loans": [loan.number for loan in taken[:195]]}))


def _note() -> Path:
    return Path(os.environ["CHEZHE_VAR"]) / "desk.json"


# ---- what is killed ---------------------------------------------------------------------------------------------


def post_files(acknowledged: str) -> None:
    """Two statements are imported and posted; which receipts the house has answered for is written down outside the database at once.

    The first is sent by a program, again under the same key; the second by somebody who presses the button once more.
    """
    desk = _Desk()
    told = lines(desk.note["loans"])
    for name, part, is_same in (("first", told[:FIRST_ENDS], True), ("second", told[SECOND_BEGINS:], False)):
        content = (HEAD + "\n".join(line.text for line in part) + "\n").encode()
        key = name if is_same else f"{name}-{os.getpid()}"
        number = desk.send("payments/bank-files", f"import-{key}", name=name, content=content)["file"]["number"]
        _tell(acknowledged, [f"told/{line.serial}" for line in part])
        done = desk.send(f"servicing/bank-files/{number}/post", f"post-{key}", body={})
        assert done["posted"] + done["parked"] <= len(part)
        _tell(acknowledged, [f"booked/{line.serial}" for line in part if line.is_certain])


def settle(acknowledged: str) -> None:
    """A few loans are paid off, one after the other, with the slips that lie on the desk."""
    desk = _Desk()
    for number, fen in desk.note["slips"]:
        slip = {"amount": f"{fen // 100}.{fen % 100:02d}", "channel": "bank", "reference": f"Q-{number}", "paid_on": TODAY.isoformat()}
        desk.send(f"servicing/loans/{number}/settlement", f"settle-{number}-{os.getpid()}", body=slip)
        _tell(acknowledged, [f"settled/{number}"])


def prove(found: str) -> None:
    """Of every loan that money came for today, whether fold, events, row and transfers say the same; and whether the books do."""
    from chezhe.ledger import queries as ledger_queries
    from chezhe.payments import queries as payment_queries
    from chezhe.servicing import proof
    from chezhe.servicing.models import MONEY_KINDS, Loan, LoanEvent

    paid = LoanEvent.objects.filter(kind__in=MONEY_KINDS, posted_on=TODAY).values("loan")
    touched = list(Loan.objects.filter(pk__in=paid).select_related("product_version").order_by("pk"))
    differ = [*proof.differences(touched), *proof.accrual_differences(), *ledger_queries.prove(thorough=True).faults]
    if payment_queries.clearing().difference:
        differ.append("suspense is not what the waiting lines say")
    Path(found).write_text(json.dumps({"loans": len(touched), "differ": differ}))


class _Desk:
    """The program that sends, with what is noted for it."""

    def __init__(self) -> None:
        from django.test import Client

        self.note: dict[str, Any] = json.loads(_note().read_text())
        self._client = Client()

    def send(self, path: str, key: str, *, body: Any = None, name: str = "", content: bytes = b"") -> Any:
        """The answer to a POST of JSON, or of a file."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        from chezhe.kernel import clock

        kind = {"content_type": "application/json"} if body is not None else {}
        data = json.dumps(body) if body is not None else {"file": SimpleUploadedFile(f"{name}.csv", content)}
        with clock.at(datetime.fromisoformat(self.note["at"]) + timedelta(minutes=1)):
            said = self._client.post(
                API + path, data, headers={"Authorization": f"Bearer {self.note['token']}", "Idempotency-Key": key}, **kind)
        assert said.status_code in (200, 201), said.content.decode()
        return said.json()


def _tell(acknowledged: str, words: list[str]) -> None:
    with open(acknowledged, "a") as file:
        file.write("".join(f"{word}\n" for word in words))
