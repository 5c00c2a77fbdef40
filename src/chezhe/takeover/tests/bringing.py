"""A book brought through the real actions, by Fang and then Jin."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from chezhe.kernel import jobs
from chezhe.kernel.actor import Actor
from chezhe.takeover.actions.add_book_file import add_book_file
from chezhe.takeover.actions.approve_book import approve_book
from chezhe.takeover.actions.begin_book import begin_book
from chezhe.takeover.actions.start_trial import start_trial
from chezhe.takeover.actions.state_totals import state_totals
from chezhe.takeover.actions.submit_book import submit_book
from chezhe.takeover.models import Takeover
from chezhe.takeover.tests.old_books import AS_OF, OldBook
from chezhe.takeover.totals import Stated


def uploaded(book: OldBook, by: Actor, *, as_of: date = AS_OF) -> Takeover:
    """A takeover with all files of the book."""
    begun = begin_book(as_of=as_of, title="老系统存量", by=by)
    for name, content in book.files().items():
        add_book_file(takeover_number=begun.number, upload=SimpleUploadedFile(name, content), by=by)
    return begun


def tried(book: OldBook, by: Actor, *, as_of: date = AS_OF) -> Takeover:
    """… and the trial over."""
    begun = uploaded(book, by, as_of=as_of)
    with jobs.in_line():
        start_trial(takeover_number=begun.number, by=by)
        work()
    begun.refresh_from_db()
    return begun


def submitted(book: OldBook, by: Actor, *, as_of: date = AS_OF) -> Takeover:
    """… and the totals agreed."""
    begun = tried(book, by, as_of=as_of)
    assert not begun.faults_found, [(f.sheet, f.row, f.column, f.code, f.facts) for f in begun.faults.all()[:5]]
    state_totals(takeover_number=begun.number, stated=Stated(book.totals()), by=by)
    return submit_book(takeover_number=begun.number, by=by)


def taken(book: OldBook, maker: Actor, checker: Actor, *, as_of: date = AS_OF) -> Takeover:
    """… and let go, and all chunks done."""
    begun = submitted(book, maker, as_of=as_of)
    with jobs.in_line():
        approve_book(takeover_number=begun.number, by=checker)
        work()
    begun.refresh_from_db()
    return begun


def work() -> None:
    """The worker works until nothing waits."""
    while jobs.run_due():
        pass
