"""Dry runs of many at once: a bank file, a batch of new rates. What becomes of each, and all that is booked."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.ledger.bookings import Booking
from chezhe.payments import postings as payment_postings
from chezhe.payments.debits import postings as debit_postings
from chezhe.payments.debits import settling
from chezhe.payments.models import BankFile, BankLine
from chezhe.payments.reconciliation import leaving
from chezhe.servicing import bank_lines, lives, queries, references
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.previews import Outlook
from chezhe.servicing.states import LOAN

# What may become of one: done, known before (nothing is booked twice), left with a reason.
POSTED, KNOWN, LEFT = "posted", "known", "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of one: `name` is a line's serial or a loan's number, `subject` where it goes, `reason` why it is left."""

    name: str
    verdict: str
    amount: Money = Money(0)
    subject: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BatchPreview:
    """What becomes of each, and the entries in the order in which they are written."""

    outcomes: tuple[Outcome, ...]
    bookings: tuple[Booking, ...]

    def counts(self) -> list[tuple[str, int, Money]]:
        """Verdict, how many, with how much; in the order of the verdicts."""
        number = Counter(one.verdict for one in self.outcomes)
        fen: Counter[str] = Counter()
        for one in self.outcomes:
            fen[one.verdict] += one.amount.fen
        return [(verdict, number[verdict], Money(fen[verdict])) for verdict in (POSTED, KNOWN, LEFT) if number[verdict]]

    @property
    def left(self) -> list[Outcome]:
        """Those of which nothing comes, with the reason."""
        return [one for one in self.outcomes if one.verdict == LEFT]

    @property
    def transfers(self) -> list[Transfer]:
        """All that is moved, for the sum by account."""
        return [moved for booking in self.bookings for moved in booking.transfers]

    @property
    def mark(self) -> str:
        """What was shown: a confirmation holds for this and nothing else."""
        return hashlib.sha256(repr((self.outcomes, self.bookings)).encode()).hexdigest()[:32]


def of_bank_file(file: BankFile, today: date, *, by: Actor) -> BatchPreview:
    """A dry run of `actions.post_bank_file`: the same lines in the same order, and nothing is locked."""
    lines = list(file.lines.filter(status__in=["open", "parked"]).order_by("pk"))
    registered = bank_lines.registered([line.bank_serial for line in lines])
    posting = _Posting.begin([line for line in lines if line.bank_serial not in registered], today, by)
    for line in lines:
        if line.bank_serial in registered:
            posting.recognise(line, registered[line.bank_serial])
    posting.post_all()
    return BatchPreview(tuple(posting.outcomes), tuple(posting.bookings))


@dataclass(slots=True)
class _Posting:
    """A file while it is gone through: the loans named, as they would stand so far, and what came of the lines before."""

    today: date
    by: Actor
    candidates: list[tuple[str, BankLine]]
    outlooks: dict[str, Outlook]
    used: set[str]
    arrived: set[int]
    outcomes: list[Outcome]
    bookings: list[Booking]

    @classmethod
    def begin(cls, lines: Sequence[BankLine], today: date, by: Actor) -> _Posting:
        candidates = [(queries.loan_for(line, by), line) for line in lines]
        chosen = Loan.objects.visible_to(by).select_related("product_version__product").filter(number__in={n for n, _ in candidates if n})
        loans = list(chosen)
        stands = lives.standing_of(loans)
        names = [references.of_line(line.bank_serial) for line in lines]
        used = set(LoanEvent.objects.filter(reference__in=names).values_list("reference", flat=True))
        outlooks = {loan.number: Outlook.of(loan, stands[loan.pk]) for loan in loans}
        return cls(today, by, candidates, outlooks, used, set(), [], [])

    def recognise(self, line: BankLine, event: LoanEvent) -> None:
        """A clerk has booked it by its serial before."""
        if event.amount != line.amount:
            return self._leave(line, bank_lines.differs(event))
        transfers = payment_postings.taken_back(line.amount, line.subject)
        self.bookings.append(Booking(self.today, leaving.EVENTS["match"], transfers))
        return self._done(line, event.loan.number, KNOWN)

    def post_all(self) -> None:
        """The lines that are a loan's only ones first, then the others loan by loan."""
        named = Counter(number for number, _line in self.candidates)
        alone = {number for number, look in self.outlooks.items() if named[number] == 1 and LOAN.allows(look.status, "repay")}
        for number, line in sorted(self.candidates, key=lambda pair: (pair[0] not in alone, pair[0], pair[1].value_on, pair[1].pk)):
            settlement = None if number in alone else settling.found_in(line)
            if settlement is not None and settlement.pk not in self.arrived:
                self.arrived.add(settlement.pk)
                transfers = debit_postings.arrived(settlement.net, settlement.subject)
                self.bookings.append(Booking(self.today, "channel_arrived", transfers))
                self._done(line, settlement.number)
            elif not number:
                self._leave(line, bank_lines.nobody_named())
            else:
                self._post(line, number)

    def _post(self, line: BankLine, number: str) -> None:
        try:
            outlook = self.outlooks.get(number) or Outlook.of(Loan.objects.visible_to(self.by).fetch(number))
            LOAN.require(outlook.status, "repay")
            news = bank_lines.news_of(line, outlook.loan)
            self.bookings += outlook.take_in(news, self.today, is_used=news.reference in self.used).bookings
        except BusinessError as refusal:
            self._leave(line, str(refusal))
        else:
            self._done(line, number)

    def _done(self, line: BankLine, where: str, verdict: str = POSTED) -> None:
        self.outcomes.append(Outcome(name=line.bank_serial, verdict=verdict, amount=line.amount, subject=where))

    def _leave(self, line: BankLine, reason: str) -> None:
        self.outcomes.append(Outcome(name=line.bank_serial, verdict=LEFT, amount=line.amount, reason=reason))
