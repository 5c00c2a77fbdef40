"""The only way into the books: `post` and `reverse`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Exists, QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.approvals import steps as approval_steps
from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import appending, bulk, clock, numbers, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import composed_for
from chezhe.kernel.errors import BusinessError, Invalid, NotFound
from chezhe.kernel.moves import move, record
from chezhe.ledger import rules, writing
from chezhe.ledger.chart import Kind
from chezhe.ledger.models import (
    MANUAL,
    MANUAL_KIND,
    MANUAL_PREFIX,
    REFERENCE_MAX,
    Account,
    JournalEntry,
    ManualEntry,
    Period,
    month_of,
)
from chezhe.ledger.states import CLOSED, MANUAL_ENTRY, PROPOSED

REVERSAL = "reversal"
MEMO_MAX = 500


class ReferenceTaken(BusinessError):
    code = "reference_taken"
    sentence = _("凭证参考号 %(reference)s 已记过另一笔内容不同的分录，请核对后换一个参考号。")


class PeriodClosed(BusinessError):
    code = "period_closed"
    sentence = _("%(posted_on)s 所在的会计期间已关账，请记在未关账的日期。")
    field = "posted_on"


class UnknownAccount(BusinessError):
    code = "unknown_account"
    http_status = 422
    sentence = _("没有科目 %(code)s。")


class AccountInactive(BusinessError):
    code = "account_inactive"
    sentence = _("科目 %(code)s 已停用，不能再记账。")


class MixesBooks(BusinessError):
    code = "mixes_books"
    http_status = 422
    sentence = _("表外科目只能与表外科目对转：%(debit)s 与 %(credit)s 不能同在一笔。")


class AlreadyReversed(BusinessError):
    code = "already_reversed"
    sentence = _("%(number)s 已由 %(reversal)s 冲正，不能再冲正一次。")


class ReversalWaits(BusinessError):
    code = "reversal_waits"
    sentence = _("%(number)s 的冲正已由%(name)s提交（%(manual)s），等待另一位财务复核。")


class ReversalOfReversal(BusinessError):
    code = "reversal_of_reversal"
    sentence = _("%(number)s 本身是冲正分录，不能再冲正；请重新记一笔正确的分录。")


def post(
    *, event: str, reference: str, transfers: Sequence[Transfer], on: date, branch_id: int | None = None,
    memo: str = "", by: Actor,
) -> JournalEntry:
    """Write one entry on business date `on`, inside the caller's transaction.

    `reference` makes it harmless to post twice: the same content returns the entry that stands, other content
    raises ReferenceTaken (409). `transfers` name account codes of `ledger.chart`; `owner` in them is text.
    Raises PeriodClosed (409), UnknownAccount (422), AccountInactive (409), MixesBooks (422), Invalid (422).
    No row is locked, so entries never wait for each other; only a month's close waits for those under way.
    """
    content = rules.EntryContent(event, reference, on, branch_id, memo, tuple(transfers))
    _check_form(content)
    return _write(content, by=by, reverses=None)


def post_all(contents: Sequence[rules.EntryContent], *, by: Actor) -> list[JournalEntry]:
    """Post several entries with as many statements as one; returns them in their order. Raises what `post` raises.

    When one of the references stands already, they go the way of `post`, one by one.
    """
    for content in contents:
        _check_form(content)
    if not JournalEntry.objects.filter(reference__in=[content.reference for content in contents]).exists():
        try:
            with transaction.atomic():
                return _write_all(contents, by)
        except IntegrityError:
            pass  # somebody wrote one of them meanwhile, or closed the month: one by one it shows which
    return [_write(content, by=by, reverses=None) for content in contents]


def reverse(*, reference: str, on: date, reason: str, by: Actor) -> JournalEntry:
    """Post the mirror of the entry called `reference` on business date `on`, once.

    The reversal's own reference is `<reference>/reversal`. Asking again for the same day and reason returns it;
    otherwise raises AlreadyReversed (409). Raises NotFound (404), ReversalOfReversal (409), PeriodClosed (409).
    """
    entry = JournalEntry.objects.filter(reference=reference).first()
    if entry is None:
        raise NotFound(what=reference)
    if entry.reverses_id is not None:
        raise ReversalOfReversal(number=entry.number)
    mirrored = tuple(transfer.mirrored() for transfer in transfers_of(entry))
    content = rules.EntryContent(REVERSAL, f"{reference}/{REVERSAL}", on, entry.branch_id, reason, mirrored)
    _check_form(content)
    try:
        return _write(content, by=by, reverses=entry)
    except ReferenceTaken:
        raise AlreadyReversed(number=entry.number, reversal=JournalEntry.objects.get(reverses=entry).number) from None


def require_postable(transfers: Sequence[Transfer], *, on: date) -> None:
    """Raise what `post` would raise for these transfers on that day, without writing anything."""
    if not transfers:
        raise Invalid(field="transfers", code="entry_empty", sentence=_("一笔分录至少要有一行借贷。"))
    _accounts(((transfer.debit, transfer.credit) for transfer in transfers), on=on)


def propose(
    *, title: str, posted_on: date, memo: str, transfers: Sequence[Transfer], business_date: date, by: Actor,
    reverses: JournalEntry | None = None,
) -> ManualEntry:
    """Write down an entry that is posted when another member of finance agrees. Raises what `require_postable` raises."""
    require_postable(transfers, on=posted_on)
    manual = ManualEntry.objects.create(
        number=numbers.next_number(MANUAL_PREFIX, business_date), posted_on=posted_on, memo=memo, branch_id=by.branch_id,
        rows=[{"debit": t.debit, "credit": t.credit, "fen": t.fen, "owner": t.owner} for t in transfers], reverses=reverses,
        proposed_by_id=by.user_id, proposed_by_name=by.name, proposed_at=clock.now(),
    )
    record(manual.subject, "propose_manual_entry", "", manual.status, by=by)
    request = approval_steps.open_request(
        kind=MANUAL_KIND, subject=manual.subject, title=title % {"number": manual.number}, stages=[{"role": roles.FINANCE}],
        maker_ids=by.user_ids, branch_id=by.branch_id, amount=Money(sum(t.fen for t in transfers)), by=by,
    )
    manual.approval_number = request.number
    manual.save(update_fields=["approval_number"])
    return manual


def require_reversible(entry: JournalEntry) -> None:
    """Raises ReversalOfReversal, AlreadyReversed or ReversalWaits (409) for an entry that cannot be taken back now."""
    if entry.reverses_id is not None:
        raise ReversalOfReversal(number=entry.number)
    reversal = JournalEntry.objects.filter(reverses=entry).first()
    if reversal is not None:
        raise AlreadyReversed(number=entry.number, reversal=reversal.number)
    waiting = entry.reversals_proposed.filter(status=PROPOSED).first()
    if waiting is not None:
        raise ReversalWaits(number=entry.number, manual=waiting.number, name=waiting.proposed_by_name)


def settle_manual_entry(subject: str, outcome: str, by: Actor) -> ManualEntry:
    """Write a proposed entry into the books (`approved`) or put it aside, in the transaction of the deciding vote.

    Raises what `post` raises: a month closed in the meantime refuses the vote.
    """
    manual = ManualEntry.objects.select_for_update().get(number=subject.partition(":")[2])
    if outcome == "approved":
        manual.entry = _post_proposed(manual, by)
        manual.save(update_fields=["entry"])
    move(manual, MANUAL_ENTRY, "post_manual_entry" if outcome == "approved" else "decline_manual_entry", by=by)
    return manual


def _post_proposed(manual: ManualEntry, by: Actor) -> JournalEntry:
    if manual.reverses is not None:
        return reverse(reference=manual.reverses.reference, on=manual.posted_on, reason=manual.memo, by=by)
    return post(
        event=MANUAL, reference=f"manual:{manual.number}", transfers=manual.transfers, on=manual.posted_on, branch_id=manual.branch_id,
        memo=manual.memo, by=by,
    )


def transfers_of(entry: JournalEntry) -> tuple[Transfer, ...]:
    """The entry's transfers as values, in the order in which they were posted."""
    rows = entry.transfers.select_related("debit_account", "credit_account").order_by("id")
    return tuple(row.value for row in rows)


def _check_form(content: rules.EntryContent) -> None:
    """What no caller of good faith sends: an empty entry, a reference that is missing or too long."""
    if not content.transfers:
        raise Invalid(field="transfers", code="entry_empty", sentence=_("一笔分录至少要有一行借贷。"))
    if not 1 <= len(content.reference) <= REFERENCE_MAX:
        raise Invalid(field="reference", code="reference_invalid", sentence=_("参考号须为 1 至 120 个字符。"))
    if len(content.memo) > MEMO_MAX:
        raise Invalid(field="memo", code="memo_too_long", sentence=_("摘要最多 500 个字。"))


def _standing(content: rules.EntryContent) -> JournalEntry | None:
    """The entry already written under this reference; raises ReferenceTaken when it says something else."""
    entry = JournalEntry.objects.filter(reference=content.reference).first()
    if entry is not None and entry.digest != rules.digest_of(content):
        raise ReferenceTaken(reference=content.reference)
    return entry


def _write(content: rules.EntryContent, *, by: Actor, reverses: JournalEntry | None) -> JournalEntry:
    """The new entry, or the one that stands under its reference: the database says so, nobody asks before. Who is refused asks
    for the reason.

    What stands is returned also when its month has been closed or an account retired since.
    """
    moved = content.rows()
    entry = _entry(content, by=by, reverses=reverses)
    try:
        if len(moved) < appending.MANY and writing.write_entry(entry, moved):
            return entry
        standing = _standing(content)
        if standing is not None:
            return standing
        accounts = _accounts(((debit, credit) for debit, credit, _, _ in moved), on=content.posted_on)
        if writing.write_long_entry(entry, moved, _ids(accounts)):
            return entry
    except IntegrityError as refusal:
        if getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", "") == "ledger_period_closed":
            raise PeriodClosed(posted_on=content.posted_on) from None  # in this very moment; the transaction is lost
        raise
    standing = _standing(content)
    assert standing is not None, f"{content.reference} stands and is not there"
    return standing


def _write_all(contents: Sequence[rules.EntryContent], by: Actor) -> list[JournalEntry]:
    moved = [content.rows() for content in contents]
    on = min(content.posted_on for content in contents)  # who may post on the earliest day may post on all
    accounts = _accounts(((debit, credit) for rows in moved for debit, credit, _, _ in rows), on=on)
    entries = [_entry(content, by=by, reverses=None) for content in contents]
    bulk.insert(entries)
    writing.write_transfers([(entry.pk, rows) for entry, rows in zip(entries, moved, strict=True)], _ids(accounts))
    return entries


def _entry(content: rules.EntryContent, *, by: Actor, reverses: JournalEntry | None) -> JournalEntry:
    return JournalEntry(
        posted_on=content.posted_on, recorded_at=clock.now(), event=content.event, reference=content.reference,
        reverses=reverses, branch_id=content.branch_id, memo=content.memo, actor_key=by.key, actor_name=by.name,
        digest=rules.digest_of(content),
    )


def _ids(accounts: dict[str, Account]) -> dict[str, int]:
    return {code: account.pk for code, account in accounts.items()}


def _accounts(moved: Iterable[tuple[str, str]], *, on: date) -> dict[str, Account]:
    """The accounts named as debited and credited, all of them active, and the month open.

    Raises UnknownAccount, PeriodClosed, AccountInactive or MixesBooks.
    """
    pairs = dict.fromkeys(moved)
    codes = {code for pair in pairs for code in pair}
    rows = _called(len(codes)).objects(month_of(on), *codes)
    found = {account.code: account for account in rows}
    if any(account.is_closed for account in rows):  # type: ignore[attr-defined]
        raise PeriodClosed(posted_on=on)
    for code in sorted(codes):
        if code not in found:
            raise UnknownAccount(code=code)
        if not found[code].is_active:
            raise AccountInactive(code=code)
    mixed = rules.mixes_books({code: Kind(account.kind) for code, account in found.items()}, pairs)
    if mixed is not None:
        raise MixesBooks(debit=mixed[0], credit=mixed[1])
    return found


def _accounts_in(month: date, *codes: str) -> QuerySet[Account]:
    """Accounts by their codes, each telling whether the month, or one after it, is closed."""
    return Account.objects.filter(code__in=codes).annotate(is_closed=Exists(Period.objects.filter(status=CLOSED, month__gte=month)))


_called = composed_for(_accounts_in, date.min)
