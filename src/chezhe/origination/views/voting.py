"""A verdict on an application that comes from outside its page: the inbox, or one that was held so that it could be taken back."""

from __future__ import annotations

from collections.abc import Mapping

from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.origination.actions.vote_on_application import vote_on_application
from chezhe.origination.forms import VerdictForm
from chezhe.origination.models import Application


def vote(subject: str, verdict: str, opinion: str, more: Mapping[str, str], by: Actor) -> Application:
    """Carry it out as the page would: `more` is what was typed there beside the opinion. Raises Invalid (422) for what the page would
    not take, and whatever the vote raises."""
    form = VerdictForm({**more, "verdict": verdict, "opinion": opinion})
    if not form.is_valid():
        field, words = next(iter(form.errors.items()))
        raise Invalid(field=field, sentence=str(words[0]))
    return give(subject.partition(":")[2], form, by)


def give(application_number: str, form: VerdictForm, by: Actor) -> Application:
    """The verdict of a form that is valid."""
    said = form.cleaned_data
    return vote_on_application(
        application_number=application_number, verdict=said["verdict"], opinion=said["opinion"], wanted=said["wanted"].splitlines(),
        change=form.change, wished=form.wished, business_date=business_date.current(), by=by)
