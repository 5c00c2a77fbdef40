"""Receipts of an imported bank statement find their loans."""

from __future__ import annotations

from dataclasses import dataclass

from chezhe.kernel import appending
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.payments import steps as payment_steps
from chezhe.payments.debits import settling
from chezhe.payments.models import BankFile, BankLine
from chezhe.servicing import bank_lines, permissions, queries, references


@dataclass(frozen=True, slots=True)
class PostedFile:
    """How many lines found their loan and how many wait, with the reason on each line; clerks had registered `known` of the former."""

    number: str
    posted: int
    parked: int
    known: int = 0

    @property
    def subject(self) -> str:
        return f"bank_file:{self.number}"


@action(permissions.POST_BANK_FILE)
def post_bank_file(*, file_number: str, by: Actor) -> PostedFile:
    """Book every line whose loan is certain and park the others with a reason; lines already booked stay.

    A transfer that a clerk registered by its serial before the statement came is recognised and not booked again, also when he
    does so at this very moment: the serials are held before anybody asks.
    """
    file = BankFile.objects.visible_to(by).lock(file_number)
    waiting = file.lines.filter(status__in=["open", "parked"]).order_by("pk")
    held = set(waiting.values_list("bank_serial", flat=True))
    references.hold_transfers(held)
    # A line that a reversal has let go since then is posted the next time.
    lines = [line for line in waiting.select_for_update(no_key=True) if line.bank_serial in held]
    registered = bank_lines.registered([line.bank_serial for line in lines])
    recognised = [bank_lines.recognise(line, registered[line.bank_serial], by=by) for line in lines if line.bank_serial in registered]
    known = sum(recognised)
    posted, parked = known, len(recognised) - known
    # Locks are taken in one order by everybody (`apply_together`), so that two files at once cannot wait for each other.
    candidates = [(queries.loan_for(line, by), line) for line in lines if line.bank_serial not in registered]
    done = _post_together([(number, line) for number, line in candidates if number], by)
    for number, line in sorted(candidates, key=lambda pair: (pair[0], pair[1].value_on, pair[1].pk)):
        is_posted = line.pk in done or _post(line, number, by)
        posted, parked = posted + is_posted, parked + (not is_posted)
    return PostedFile(file.number, posted, parked, known)


def _post_together(certain: list[tuple[str, BankLine]], by: Actor) -> set[int]:
    """The lines that are plain, at once; a refusal (of a closed month, say) leaves all of them to the next step, which names it."""
    try:
        with appending.part():
            return bank_lines.apply_together(certain, by=by)
    except BusinessError:
        for _, line in certain:
            line.refresh_from_db()
        return set()


def _post(line: BankLine, loan_number: str, by: Actor) -> bool:
    """One line in its own savepoint: a refusal parks this line and leaves the others alone."""
    settlement = settling.named_in(line)
    if settlement is not None:
        settling.arrive(settlement, line, by=by)
        return True
    if not loan_number:
        payment_steps.park_line(line, outcome=bank_lines.nobody_named(), by=by)
        return False
    try:
        with appending.part():
            bank_lines.apply(line, loan_number, by=by)
    except BusinessError as refusal:
        payment_steps.park_line(line, outcome=str(refusal), by=by)
        return False
    return True
