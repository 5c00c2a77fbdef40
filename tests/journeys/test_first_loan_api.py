"""One loan's whole life over REST, by the people whose work it is, from the enquiry to the released mortgage."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chezhe.kernel import audit, business_date, clock
from chezhe.kernel.models import AuditEntry, Event
from chezhe.kernel.simulators import World
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.payments.models import BankNotice, Payout
from chezhe.servicing import proof
from chezhe.servicing.models import Loan
from tests.journeys import walk
from tests.journeys.house import Program, Team, live, statement
from tests.journeys.walk import COMPANY, PERSON, Wish, said

pytestmark = pytest.mark.django_db

# 60,000.00 at 12 % over 24 months, due on the 20th: 19 days first, then a month; 2 % of the principal for settling in the third.
PERSON_JOURNAL = """
2026-09-01 payout_paid {payout}
  Dr funds in transit  60,000.00
  Cr payout bank       60,000.00

2026-09-01 payout {loan}
  Dr principal         60,000.00
  Cr funds in transit  60,000.00

2026-09-20 due {loan}
  Dr interest receivable  380.00
  Dr fee receivable        20.00
  Cr accrued interest     380.00
  Cr fee income            20.00

2026-09-20 repayment {loan}
  Dr bank                 2,624.41
  Cr fee receivable          20.00
  Cr interest receivable    380.00
  Cr principal            2,224.41

2026-10-20 due {loan}
  Dr interest receivable  577.76
  Dr fee receivable        20.00
  Cr accrued interest     577.76
  Cr fee income            20.00

2026-10-20 bank_receipt F0002 F0003
  Dr bank      2,853.29
  Cr suspense  2,853.29

2026-10-20 repayment {loan}
  Dr suspense             2,844.41
  Cr fee receivable          20.00
  Cr interest receivable    577.76
  Cr principal            2,246.65

2026-10-20 repayment {loan}
  Dr suspense        8.88
  Cr unapplied cash  8.88

2026-10-30 early_settlement {loan}
  Dr unapplied cash                8.88
  Dr bank                     56,815.74
  Cr principal                55,528.94
  Cr accrued interest            185.10
  Cr early-settlement income   1,110.58
"""

# 120,000.00 at 9.6 %, interest only, the principal on the last day.
COMPANY_JOURNAL = """
2026-09-01 payout_paid {payout}
  Dr funds in transit  120,000.00
  Cr payout bank       120,000.00

2026-09-01 payout {loan}
  Dr principal         120,000.00
  Cr funds in transit  120,000.00

2026-09-20 due {loan}
  Dr interest receivable  608.00
  Cr accrued interest     608.00

2026-09-20 repayment {loan}
  Dr bank                 608.00
  Cr interest receivable  608.00

2026-10-20 due {loan}
  Dr interest receivable  960.00
  Cr accrued interest     960.00

2026-10-20 repayment {loan}
  Dr bank                 960.00
  Cr interest receivable  960.00

2026-11-20 due {loan}
  Dr interest receivable  960.00
  Cr accrued interest     960.00

2026-11-20 repayment {loan}
  Dr bank                 960.00
  Cr interest receivable  960.00

2026-12-20 due {loan}
  Dr interest receivable  960.00
  Cr accrued interest     960.00

2026-12-20 repayment {loan}
  Dr bank                 960.00
  Cr interest receivable  960.00

2027-01-20 due {loan}
  Dr interest receivable  960.00
  Cr accrued interest     960.00

2027-01-20 repayment {loan}
  Dr bank                 960.00
  Cr interest receivable  960.00

2027-02-20 due {loan}
  Dr interest receivable  960.00
  Cr accrued interest     960.00

2027-02-20 repayment {loan}
  Dr bank                 120,960.00
  Cr interest receivable      960.00
  Cr principal            120,000.00
"""


def open_days(finance: Program, until: date) -> None:
    """The business date moves on, and the clock with it."""
    while (today := business_date.current()) < until:
        day = min(until, today + timedelta(days=31))
        clock.tick((day - today).days * 86_400)
        said(finance.post("servicing/business-day", {"day": day.isoformat()}))


def lent(team: Team, bank: World, wish: Wish) -> tuple[str, dict[str, str]]:
    """From the enquiry to the money; (contract number, loan)."""
    owner = walk.customer(team, wish)
    application = walk.application(team, owner, walk.vehicle(team, owner, wish), wish)
    walk.decide(team, application)
    contract = walk.contract(team, application)
    disbursement = walk.payout(team, contract, wish)
    live(bank, hours=5)
    assert said(team.program("fang").get(f"contracts/disbursements/{disbursement}"))["status"] == "paid"
    assert Payout.objects.get().status == "paid" and BankNotice.objects.count() == 1
    loan = said(team.program("cai").get(f"servicing/loans?contract={contract}"))["items"][0]
    assert (loan["status"], loan["principal"], loan["customer"]) == ("active", wish.amount, owner)
    return contract, loan


def repaid_at_the_counter(finance: Program, loan: dict[str, str]) -> None:
    """The first instalment on its day, looked at before it is booked, booked once though it is sent twice."""
    due = said(finance.get(f"servicing/loans/{loan['number']}/plan"))[0]
    open_days(finance, date.fromisoformat(due["due_date"]))
    receipt = {"amount": due["total"], "paid_on": due["due_date"], "channel": "bank", "reference": "B0001"}
    base = f"servicing/loans/{loan['number']}/repayments"
    assert said(finance.post(f"{base}/preview", receipt))["due"] == "0.00"
    assert said(finance.post(base, receipt), 403)["code"] == "step_up_required"
    said(finance.step_up())
    first = finance.post(base, receipt, key="repay-once")
    again = finance.post(base, receipt, key="repay-once")
    assert said(first, 201) == said(again, 201) and again["Idempotent-Replay"] == "true"
    plan = said(finance.get(f"servicing/loans/{loan['number']}/plan"))
    assert (plan[0]["paid"], plan[1]["paid"]) == (due["total"], "0.00")


def repaid_by_a_bank_file(finance: Program, loan: dict[str, str]) -> None:
    """The second instalment comes in a statement: tried first, then imported and posted; a stranger's money waits."""
    due = said(finance.get(f"servicing/loans/{loan['number']}/plan"))[1]
    open_days(finance, date.fromisoformat(due["due_date"]))
    rows = [(due["due_date"], due["total"], "F0002", f"还款 {loan['number']}"), (due["due_date"], "8.88", "F0003", "不知何款")]
    tried = said(finance.send("payments/bank-files", file=statement(rows), dry_run="true"))
    assert (tried["new_lines"], tried["faults"], tried["rows"][0]["loan_number"]) == (2, [], loan["number"])
    said(finance.step_up())
    file = said(finance.send("payments/bank-files", file=statement(rows)), 201)["file"]
    posted = said(finance.post(f"servicing/bank-files/{file['number']}/post", {}))
    assert (posted["posted"], posted["parked"]) == (1, 1)
    parked = said(finance.get("payments/bank-lines?status=parked"))["items"]
    assert [line["bank_serial"] for line in parked] == ["F0003"]
    said(finance.post("servicing/bank-lines/F0003/match", {"loan_number": loan["number"], "reason": "客户来电确认"}), 201)
    assert said(finance.get(f"servicing/loans/{loan['number']}"))["unapplied"] == "8.88"


def settled(finance: Program, loan: dict[str, str]) -> None:
    """The quoted sum to the fen settles; a fen less or more does not."""
    open_days(finance, business_date.current() + timedelta(days=10))
    quote = said(finance.get(f"servicing/loans/{loan['number']}/settlement-quote"))
    items = ("principal", "interest", "fee", "penalty", "compound", "early_settlement_fee")
    assert sum(fen(quote[item]) for item in items) == fen(quote["total"])
    assert fen(quote["to_pay"]) == fen(quote["total"]) - fen(quote["unapplied_used"])
    said(finance.step_up())
    base = f"servicing/loans/{loan['number']}/settlement"
    for wrong in (fen(quote["to_pay"]) - 1, fen(quote["to_pay"]) + 1):
        receipt = {"amount": f"{wrong // 100}.{wrong % 100:02d}", "channel": "bank", "reference": "B0009"}
        assert finance.post(base, receipt).status_code in (409, 422)
    posted = said(finance.post(base, {"amount": quote["to_pay"], "channel": "bank", "reference": "B0009"}), 201)
    assert posted["amount"] == quote["to_pay"] and posted["entry"]


def fen(yuan: str) -> int:
    return int(yuan.replace(".", ""))


def released(team: Team, contract: str) -> None:
    """Settlement asks for the release of the mortgage; the vehicle office's paper ends it."""
    secured = said(team.program("he").get(f"contracts/contracts/{contract}"))
    assert (secured["status"], secured["mortgage"]["status"]) == ("settled", "release_requested")
    assert Event.objects.filter(name="loan.settled").count() == 1
    walk.release(team, contract, business_date.current().isoformat())
    track = said(team.program("he").get(f"contracts/contracts/{contract}/track?limit=200"))["items"]
    assert {move["status_to"] for move in track} >= {"prepared", "signed", "effective", "settled", "registered", "released", "paid"}


def test_a_person_borrows_on_a_car_repays_twice_and_settles_early(team: Team, bank: World) -> None:
    contract, loan = lent(team, bank, PERSON)
    finance = team.program("cai")
    repaid_at_the_counter(finance, loan)
    repaid_by_a_bank_file(finance, loan)
    settled(finance, loan)
    closed = said(finance.get(f"servicing/loans/{loan['number']}"))
    assert (closed["status"], closed["principal_left"], closed["due"]) == ("settled", "0.00", "0.00")
    released(team, contract)
    journal_reads(PERSON_JOURNAL, loan)
    books_and_track_hold(team)


def test_a_company_borrows_with_its_controller_as_surety_and_pays_to_the_last_day(team: Team, bank: World) -> None:
    contract, loan = lent(team, bank, COMPANY)
    finance = team.program("cai")
    for line in said(finance.get(f"servicing/loans/{loan['number']}/plan")):
        open_days(finance, date.fromisoformat(line["due_date"]))
        said(finance.step_up())
        receipt = {"amount": line["total"], "paid_on": line["due_date"], "channel": "bank", "reference": f"C{line['period']:04d}"}
        said(finance.post(f"servicing/loans/{loan['number']}/repayments", receipt), 201)
    assert said(finance.get(f"servicing/loans/{loan['number']}"))["status"] == "settled"
    released(team, contract)
    journal_reads(COMPANY_JOURNAL, loan)
    books_and_track_hold(team)


def journal_reads(expected: str, loan: dict[str, str]) -> None:
    """The whole journal but for the daily accruals is this text, with the numbers of this run; what the days accrued is
    what then fell due or was settled."""
    entries = [entry for entry in ledger_queries.journal_text().strip().split("\n\n") if " accrual P" not in entry]
    assert "\n\n".join(entries) == expected.strip().format(payout=Payout.objects.get().number, loan=loan["number"])
    assert not ledger_queries.balance(chart.ACCRUED_INTEREST)


def books_and_track_hold(team: Team) -> None:
    """Trial balance 0.00, every loan's row, fold and ledger agree, nobody has touched the audit trail."""
    books = said(team.program("cai").get("ledger/trial-balance"))
    assert books["difference"] == "0.00" and fen(books["debit"]) == fen(books["credit"]) > 0
    assert ledger_queries.prove(thorough=True).is_sound
    assert said(team.program("cai").get("servicing/proof")) == {"checked": 1, "differences": []}
    assert [proof.first_difference(loan) for loan in Loan.objects.all()] == [""]
    audit.seal()
    verified = audit.verify()
    assert verified.is_intact and verified.checked == AuditEntry.objects.count() > 40
    acted = set(AuditEntry.objects.filter(outcome="done").values_list("actor_name", flat=True))
    assert {"Lin", "Ping", "Chen", "Zhou", "He", "Fang", "Gao", "Cai"} <= acted
