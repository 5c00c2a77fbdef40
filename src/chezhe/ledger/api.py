"""The books over REST."""

from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Router

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import business_date, subjects
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import Invalid
from chezhe.kernel.rest import PAGE_SIZE, Amount, Day, In, Out, Page, Text, Yuan, page_of, page_of_list
from chezhe.ledger import daybook as daybooks
from chezhe.ledger import pages, permissions, queries, steps
from chezhe.ledger.actions.close_period import close_period
from chezhe.ledger.actions.open_account import open_account
from chezhe.ledger.actions.post_manual_entry import post_manual_entry
from chezhe.ledger.actions.retire_account import retire_account
from chezhe.ledger.actions.reverse_entry import reverse_entry
from chezhe.ledger.models import Account, JournalEntry, ManualEntry
from chezhe.ui.list_files import CONTENT_TYPES, stream_out

router = Router()
_FILE = {"schema": {"type": "string", "format": "binary"}}
_WORKBOOK = {"responses": {200: {"description": "The workbook", "content": {CONTENT_TYPES["xlsx"]: _FILE}}}}


class AccountOut(Out):
    code: str
    name: str
    english: str
    kind: str
    side: str
    is_active: bool


class TransferIn(In):
    debit: Text[20]
    credit: Text[20]
    amount: Amount
    owner: Text[80] = ""


class TransferOut(Out):
    debit: str
    credit: str
    amount: Yuan
    owner: str


class EntryOut(Out):
    number: str
    posted_on: date
    recorded_at: datetime
    event: str
    reference: str
    memo: str
    branch_id: int | None
    posted_by: str
    reverses: str | None
    reversed_by: str | None
    transfers: list[TransferOut]


class ReversalIn(In):
    on: Day
    reason: Text[300]


class ManualEntryIn(In):
    posted_on: Day
    memo: Text[500]
    transfers: list[TransferIn]


class ManualEntryOut(Out):
    number: str
    status: str
    posted_on: date
    memo: str
    proposed_by: str
    approval_number: str
    entry_number: str | None
    reverses: str | None
    transfers: list[TransferOut]


class AccountIn(In):
    group_code: Text[20]
    name: Text[60]
    english: Text[60]


class ReasonIn(In):
    reason: Text[300]


class TrialRowOut(Out):
    account: str
    opening_debit: Yuan
    opening_credit: Yuan
    debit_turnover: Yuan
    credit_turnover: Yuan
    debit: Yuan
    credit: Yuan


class TrialBalanceOut(Out):
    since: Day | None
    on: Day
    debit: Yuan
    credit: Yuan
    difference: Yuan
    rows: list[TrialRowOut]


class StatementLineOut(Out):
    posted_on: date
    entry_number: str
    event: str
    account: str
    owner: str
    debit: Yuan
    credit: Yuan
    balance: Yuan


class StatementOut(Out):
    opening: Yuan
    closing: Yuan
    items: list[StatementLineOut]
    next_cursor: str | None


class BalanceOut(Out):
    account: str
    balance: Yuan


class PeriodOut(Out):
    month: str
    status: str
    entries: int
    closed_by: str
    closed_at: datetime | None


@router.get("/accounts", response=Page[AccountOut], summary="Chart of accounts")
@needs(permissions.VIEW)
def accounts(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(Account.objects.order_by("code"), cursor, limit, AccountOut.from_orm)


@router.post("/accounts", response={201: AccountOut}, summary="Open a sub-account")
@needs(permissions.MANAGE_ACCOUNTS)
def new_account(request: HttpRequest, payload: AccountIn) -> tuple[int, Account]:
    return 201, open_account(**payload.dict(), by=request.actor)


@router.post("/accounts/{code}/retire", response=AccountOut, summary="Retire an added account")
@needs(permissions.MANAGE_ACCOUNTS)
def retire(request: HttpRequest, code: str, payload: ReasonIn) -> Account:
    return retire_account(account_code=code, reason=payload.reason, by=request.actor)


@router.get("/entries", response=Page[EntryOut], summary="Journal entries, newest first")
@needs(permissions.VIEW)
def entries(
    request: HttpRequest, event: str = "", owner: str = "", posted_from: Day | None = None, posted_to: Day | None = None,
    cursor: str = "", limit: int = 50,
) -> dict[str, Any]:
    rows = JournalEntry.objects.visible_to(request.actor).select_related("reverses", "reversal")
    rows = rows.filter(event=event) if event else rows
    rows = queries.owned_by(rows, owner) if owner else rows
    rows = rows.filter(posted_on__gte=posted_from) if posted_from else rows
    rows = rows.filter(posted_on__lte=posted_to) if posted_to else rows
    return page_of(rows, cursor, limit, _entry)


@router.get("/entries/{number}", response=EntryOut, summary="One journal entry")
@needs(permissions.VIEW)
def entry(request: HttpRequest, number: str) -> dict[str, Any]:
    return _entry(queries.entry_called(number, request.actor))


@router.post("/entries/{number}/reverse", response={201: ManualEntryOut}, summary="Propose to take a manual entry back")
@needs(permissions.REVERSE_ENTRY)
def reverse_one(request: HttpRequest, number: str, payload: ReversalIn) -> tuple[int, dict[str, Any]]:
    proposed = reverse_entry(
        entry_number=number, on=payload.on, reason=payload.reason, business_date=business_date.current(), by=request.actor
    )
    return 201, _manual(proposed)


@router.get("/manual-entries", response=Page[ManualEntryOut], summary="Proposed entries, newest first")
@needs(permissions.VIEW)
def manual_entries(request: HttpRequest, status: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = ManualEntry.objects.visible_to(request.actor).select_related("entry", "reverses")
    rows = rows.filter(status=status) if status else rows
    return page_of(rows, cursor, limit, _manual)


@router.post("/manual-entries", response={201: ManualEntryOut}, summary="Propose an entry for a second person to agree to")
@needs(permissions.POST_MANUAL_ENTRY)
def propose(request: HttpRequest, payload: ManualEntryIn) -> tuple[int, dict[str, Any]]:
    manual = post_manual_entry(
        posted_on=payload.posted_on, memo=payload.memo, transfers=_transfers(payload.transfers),
        business_date=business_date.current(), by=request.actor,
    )
    return 201, _manual(manual)


@router.get("/manual-entries/{number}", response=ManualEntryOut, summary="One proposed entry")
@needs(permissions.VIEW)
def manual_entry(request: HttpRequest, number: str) -> dict[str, Any]:
    return _manual(ManualEntry.objects.visible_to(request.actor).fetch(number))


@router.get("/trial-balance", response=TrialBalanceOut, summary="Trial balance at the end of a business date, or of a period")
@needs(permissions.VIEW)
def trial_balance(request: HttpRequest, on: Day | None = None, since: Day | None = None) -> dict[str, Any]:
    trial = queries.trial_balance(on or business_date.current(), request.actor, since=since)
    rows = [
        {"account": r.account.code, "opening_debit": r.opening_debit, "opening_credit": r.opening_credit,
         "debit_turnover": r.debit_turnover, "credit_turnover": r.credit_turnover, "debit": r.debit, "credit": r.credit}
        for r in trial.rows
    ]
    sums = {"debit": trial.debit, "credit": trial.credit, "difference": trial.difference}
    return {"since": trial.since, "on": trial.on, **sums, "rows": rows}


@router.get("/statement", response=StatementOut, summary="Lines of an account or an owner with running balance, both days included")
@needs(permissions.VIEW)
def statement(
    request: HttpRequest, posted_from: Day, posted_to: Day, account: str = "", owner: str = "", cursor: str = "", limit: int = PAGE_SIZE
) -> dict[str, Any]:
    if not account and not owner:
        raise Invalid(field="account", code="statement_of_nothing", sentence=_("请选择科目，或填写归属。"))
    said = queries.statement(
        account=account or None, owner=owner or None, start=posted_from, end=posted_to + timedelta(days=1), actor=request.actor
    )
    return {"opening": said.opening, "closing": said.closing, **page_of_list(said.rows, cursor, limit, _statement_line)}


@router.get("/daybook", summary="All debits and credits of a period as XLSX, or a sheet for each account", openapi_extra=_WORKBOOK)
@needs(permissions.VIEW)
def daybook(request: HttpRequest, posted_from: Day, posted_to: Day, form: Literal["daybook", "statements"] = "daybook") -> FileResponse:
    made = (daybooks.daybook if form == "daybook" else daybooks.statements)(posted_from, posted_to, request.actor)
    return stream_out(made.file, "xlsx", file_name=form, rows_count=made.lines, actor=request.actor)


def _statement_line(row: Any) -> dict[str, Any]:
    line = row.line
    return {
        "posted_on": line.posted_on, "entry_number": line.entry.number, "event": line.entry.event, "account": line.account.code,
        "owner": line.owner, "debit": Money(line.debit_fen), "credit": Money(line.credit_fen), "balance": row.balance,
    }


@router.get("/balances", response=list[BalanceOut], summary="What stands on each account for an owner")
@needs(permissions.VIEW)
def balances(request: HttpRequest, owner: str) -> list[dict[str, Any]]:
    subjects.open_subject(owner, request.actor)
    return [{"account": code, "balance": standing} for code, standing in queries.balances_of(owner).items()]


@router.get("/periods", response=Page[PeriodOut], summary="Months of the books, newest first")
@needs(permissions.VIEW)
def periods(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(pages.months(business_date.current()), cursor, limit, _month)


def _month(m: pages.Month) -> dict[str, Any]:
    status = m.period.status if m.period else "open"
    return {"month": m.name, "status": status, "entries": m.entries, "closed_by": m.closed_by, "closed_at": m.closed_at}


@router.post("/periods/{month}/close", response=PeriodOut, summary="Close a month for good")
@needs(permissions.CLOSE_PERIOD)
def close(request: HttpRequest, month: str) -> dict[str, Any]:
    period = close_period(month=pages.month_named(month), business_date=business_date.current(), by=request.actor)
    count = JournalEntry.objects.filter(posted_on__gte=period.month, posted_on__lt=queries.next_month(period.month)).count()
    return {"month": month, "status": period.status, "entries": count, "closed_by": period.closed_by, "closed_at": period.closed_at}


def _transfers(rows: list[TransferIn]) -> tuple[Transfer, ...]:
    for place, row in enumerate(rows):
        if row.amount.fen <= 0:
            raise Invalid(field=f"transfers.{place}.amount", code="money_low", sentence=_("金额须大于零。"))
        for side, code in (("debit", row.debit), ("credit", row.credit)):
            if not code:
                raise Invalid(field=f"transfers.{place}.{side}", code="account_missing", sentence=_("请选择科目。"))
        if row.debit == row.credit:
            raise Invalid(field=f"transfers.{place}.credit", code="same_account", sentence=_("借方与贷方不能是同一科目。"))
    return tuple(Transfer(row.debit, row.credit, row.amount.fen, row.owner) for row in rows)


def _moved(transfers: tuple[Transfer, ...]) -> list[dict[str, Any]]:
    return [{"debit": t.debit, "credit": t.credit, "amount": Money(t.fen), "owner": t.owner} for t in transfers]


def _entry(entry: JournalEntry) -> dict[str, Any]:
    reversal = getattr(entry, "reversal", None)
    return {
        "number": entry.number, "posted_on": entry.posted_on, "recorded_at": entry.recorded_at, "event": entry.event,
        "reference": entry.reference, "memo": entry.memo, "branch_id": entry.branch_id, "posted_by": entry.actor_name,
        "reverses": entry.reverses.number if entry.reverses else None, "reversed_by": reversal.number if reversal else None,
        "transfers": _moved(steps.transfers_of(entry)),
    }


def _manual(manual: ManualEntry) -> dict[str, Any]:
    return {
        "number": manual.number, "status": manual.status, "posted_on": manual.posted_on, "memo": manual.memo,
        "proposed_by": manual.proposed_by_name, "approval_number": manual.approval_number,
        "entry_number": manual.entry.number if manual.entry else None,
        "reverses": manual.reverses.number if manual.reverses else None, "transfers": _moved(manual.transfers),
    }
