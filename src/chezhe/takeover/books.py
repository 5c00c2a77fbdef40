"""The life of a takeover up to the moment it is let go: files come and go, a trial is asked for, totals are compared."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.documents import steps as document_steps
from chezhe.kernel import business_date, clock, events, jobs, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, SamePerson, require_reason
from chezhe.ledger import queries as ledger_queries
from chezhe.takeover import totals
from chezhe.takeover.models import PREFIX, Takeover, TakeoverFile
from chezhe.takeover.states import TAKEOVER

CATEGORY = "import_file"


class DayNotPossible(BusinessError):
    code = "takeover_day_impossible"
    http_status = 422
    field = "as_of"
    sentence = _("截至日不能晚于业务日期 %(today)s，且须在未关账的月份内（%(open_from)s 起）。")


class NoFiles(BusinessError):
    code = "takeover_without_files"
    sentence = _("还没有文件，请先上传客户、车辆和贷款表。")


class TotalsDiffer(BusinessError):
    code = "takeover_totals_differ"
    sentence = _("与原系统的控制总数还有 %(count)s 处不一致，全部一致后才能提交复核。")


def begin(*, as_of: date, title: str, by: Actor) -> Takeover:
    """A takeover without files yet. Raises Invalid or DayNotPossible (422)."""
    today, open_from = business_date.current(), ledger_queries.closed_until()
    if as_of > today or (open_from is not None and as_of < open_from):
        raise DayNotPossible(today=today, open_from=open_from or "—")
    if not 2 <= len(title.strip()) <= 60:
        raise Invalid(field="title", code="title_invalid", sentence=_("请写明迁入哪家机构或系统的贷款，2 至 60 个字。"))
    book = Takeover.objects.create(
        number=numbers.next_number(PREFIX, today), as_of=as_of, title=title.strip(), begun_by_id=by.user_id, begun_by_name=by.name,
        begun_at=clock.now(), maker_ids=sorted(by.user_ids),
    )
    moves.record(book.subject, "begin", "", book.status, by=by)
    return book


def touch(book: Takeover, by: Actor) -> None:
    """One more of those who prepared it."""
    book.maker_ids = sorted({*book.maker_ids, *by.user_ids})
    book.save(update_fields=["maker_ids"])


def add_file(book: Takeover, upload: document_steps.Upload | None, *, by: Actor) -> TakeoverFile:
    """Keep one more file. Raises a FileRefused (413, 422) or DocumentTwice (409)."""
    _collect(book, by)
    file = document_steps.store(upload, subject=book.subject, category=CATEGORY, branch_id=by.branch_id, by=by)
    return TakeoverFile.objects.create(takeover=book, file=file)


def drop_file(book: Takeover, key: str, *, by: Actor) -> TakeoverFile:
    """A file that is not read any more. Raises Invalid (422)."""
    _collect(book, by)
    kept = next((row for row in files_of(book) if str(row.file.key) == key), None)
    if kept is None:
        raise Invalid(field="key", code="file_unknown", sentence=_("没有这个文件。"))
    kept.dropped_at = clock.now()
    kept.save(update_fields=["dropped_at"])
    return kept


def _collect(book: Takeover, by: Actor) -> None:
    """Files may change while nothing waits for a decision; what was tried before has to be tried again."""
    if book.status != "collecting":
        moves.move(book, TAKEOVER, "reopen", by=by)
    touch(book, by)


def files_of(book: Takeover) -> list[TakeoverFile]:
    """The files that count, in the order of their coming."""
    return list(book.files.filter(dropped_at=None).select_related("file").order_by("id"))


def ask_for_trial(book: Takeover, *, by: Actor) -> Takeover:
    """Let the worker read and judge the files. Raises NoFiles (409)."""
    if not files_of(book):
        raise NoFiles()
    touch(book, by)
    moves.move(book, TAKEOVER, "try", by=by)
    jobs.enqueue("takeover.try_book", number=book.number)
    return book


# ---- control totals -------------------------------------------------------------------------------------------


def state_totals(book: Takeover, stated: totals.Totals, *, by: Actor) -> Takeover:
    """What a person read off the old system, branch by branch and product by product."""
    TAKEOVER.require(book.status, "submit")
    book.stated = {key: dict(figures) for key, figures in stated.items()}
    book.save(update_fields=["stated"])
    touch(book, by)
    return book


def differences_of(book: Takeover) -> list[totals.Difference]:
    """Where the files and the old system do not agree; everything while nothing was stated."""
    return totals.differences(book.found, book.stated)


def submit(book: Takeover, *, by: Actor) -> Takeover:
    """Hand it to a second person. Raises TotalsDiffer (409)."""
    TAKEOVER.require(book.status, "submit")
    differing = differences_of(book)
    if differing:
        raise TotalsDiffer(count=len(differing))
    touch(book, by)
    moves.move(book, TAKEOVER, "submit", by=by)
    return book


def give_back(book: Takeover, reason: str, *, by: Actor) -> Takeover:
    """The second person does not let it go. Raises SamePerson (409) for who prepared it."""
    TAKEOVER.require(book.status, "give_back")
    _require_other(book, "give_back", by)
    moves.move(book, TAKEOVER, "give_back", by=by, reason=require_reason(reason))
    return book


def discard(book: Takeover, reason: str, *, by: Actor) -> Takeover:
    """Nothing of it comes; the loans that were read are forgotten."""
    TAKEOVER.require(book.status, "discard")
    book.rows.all().delete()
    moves.move(book, TAKEOVER, "discard", by=by, reason=require_reason(reason))
    return book


def approve(book: Takeover, *, by: Actor) -> Takeover:
    """A second person lets it go: the worker takes the loans, chunk by chunk. Raises SamePerson or TotalsDiffer (409)."""
    TAKEOVER.require(book.status, "approve")
    _require_other(book, "approve", by)
    differing = differences_of(book)
    if differing:
        raise TotalsDiffer(count=len(differing))
    book.approved_by_name, book.approved_at = by.name, clock.now()
    book.save(update_fields=["approved_by_name", "approved_at"])
    moves.move(book, TAKEOVER, "approve", by=by)
    events.publish("takeover.approved", book.subject, {"number": book.number, "loans": book.loans})
    return book


def _require_other(book: Takeover, verb: str, by: Actor) -> None:
    if set(book.maker_ids) & set(by.user_ids):
        raise SamePerson(name=by.name, verb=TAKEOVER.label(verb))
