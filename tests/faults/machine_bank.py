"""What the bank's statements tell, as steps of the state machine: transfers that a clerk has registered, and others."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.payments.rules import counter_serial
from chezhe.servicing.actions.match_receipt import match_receipt
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.models import LoanEvent
from tests.faults.exercise_plans import News
from tests.faults.machine_lender import START, Lender, fens, places, yuan

HEAD = "交易日期,金额,流水号,付款人,付款账号,附言\n"


@dataclass
class Told:
    """A line of a statement; `paid` is the event it paid or that a clerk had registered for it: without one it waits."""

    fen: int
    on: str
    paid: int | None = None
    is_registered: bool = False


class BankSteps(Lender):
    """The bank tells every transfer once, whatever the counter did; a waiting one is claimed by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, Told] = {}
        self.before = ledger_queries.balance(chart.BANK).fen

    @rule(place=places, more=st.sampled_from([0, 0, 0, 1]))
    def the_bank_tells_what_the_counter_knows(self, place: int, more: int) -> None:
        """Of the same sum it is recognised and moves nothing; of another it waits."""
        known = [(event, serial) for _, _, event in self.taken if (serial := counter_serial(event.reference)) not in ("", *self.lines)]
        if known:
            event, serial = known[place % len(known)]
            self.lines[serial] = Told(event.amount.fen + more, event.value_on.isoformat(), None if more else event.pk, not more)
            self._is_told(serial, recognised=not more)

    @rule(fen=fens)
    def the_bank_tells_what_nobody_knows(self, fen: int) -> None:
        serial = f"U{len(self.lines)}"
        self.lines[serial] = Told(fen, self.today.isoformat())
        self._is_told(serial, recognised=False)

    def _is_told(self, serial: str, *, recognised: bool) -> None:
        line = self.lines[serial]
        row = f"{line.on},{yuan(line.fen)},{serial},不明,,转账\n"
        file = import_bank_file(content=(HEAD + row).encode(), name=f"{serial}.csv", by=self.bank.fang).file
        done = post_bank_file(file_number=file.number, by=self.bank.fang)
        assert (done.posted, done.parked, done.known) == ((1, 0, 1) if recognised else (0, 1, 0))
        self.told["recognised" if recognised else "told"] += 1

    @rule(place=places, which=st.integers(0, 59))
    def a_receipt_is_claimed(self, place: int, which: int) -> None:
        waiting = [(serial, line) for serial, line in self.lines.items() if line.paid is None]
        if not waiting:
            return
        at = self._running_one(place)
        serial, line = waiting[which % len(waiting)]
        on = max(START, self.today.fromisoformat(line.on))

        def act() -> LoanEvent:
            event = match_receipt(bank_serial_number=serial, loan_number=self.book[at].number, reason="核对认领", by=self.bank.fang)
            line.paid, line.is_registered = event.pk, False
            return event

        news = News("repaid", on, line.fen, item="claimed")
        self._try("claimed", at, news, self.pages[at].status != "settled", act)

    def _let_go(self, event: LoanEvent) -> None:
        """What is taken back at the house has still come at the bank: it waits for its loan."""
        for line in self.lines.values():
            if line.paid == event.pk:
                line.paid = None

    @invariant()
    def the_bank_has_its_money_once(self) -> None:
        """In suspense is what waits, in the bank what the counter took and what the statement told beside it."""
        waits = sum(line.fen for line in self.lines.values() if line.paid is None)
        beside = sum(line.fen for line in self.lines.values() if not (line.paid and line.is_registered))
        counter = sum(news.fen for page in self.pages for news in page.news if news.is_at_the_counter)
        assert ledger_queries.balance(chart.SUSPENSE).fen == waits
        assert ledger_queries.balance(chart.BANK).fen == self.before + counter + beside
