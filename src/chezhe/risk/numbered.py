"""What the search opens by a number of this room: each kind for whom its page would open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.kernel import subjects
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.permission import Permission
from chezhe.kernel.subjects import Subject
from chezhe.risk import permissions
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.facts.pages import REPORTS, service_title
from chezhe.risk.registry.offering import open_model
from chezhe.risk.relations import queries as relations
from chezhe.risk.screening import permissions as screening
from chezhe.risk.screening.models import Diligence, ListVersion
from chezhe.risk.valuing.models import Valuing


def _need(actor: Actor, permission: Permission, number: str) -> None:
    """What is read in a tab of another page asks for the tab's right; raises NotFound (404) without it."""
    if not actor.can(permission.code):
        raise NotFound(what=number)


def _decision(actor: Actor, number: str) -> Subject:
    found = Decision.objects.visible_to(actor).defer("record").fetch(number)
    return Subject(f"decision:{number}", _("自动决策"), reverse("risk:decision", args=[number]), found.branch_id)


def _enquiry(actor: Actor, number: str) -> Subject:
    """A report has a page of its own; any other answer is read among its subject's facts."""
    _need(actor, permissions.VIEW_FACTS, number)
    found = Enquiry.objects.filter(number=number).defer("answer").first()
    if found is None:
        raise NotFound(what=number)
    about = subjects.open_subject(found.subject, actor)
    is_report = found.service in REPORTS and found.answer_hash
    url = reverse("risk:report", args=[number]) if is_report else f"{about.url}?tab=facts"
    return Subject(f"enquiry:{number}", service_title(found.service), url)


def _candidate(actor: Actor, number: str) -> Subject:
    relations.candidate(number, actor)
    return Subject(f"relation:{number}", _("疑似关联"), reverse("risk:candidate", args=[number]))


def _diligence(actor: Actor, number: str) -> Subject:
    _need(actor, screening.VIEW, number)
    customer: Customer = Diligence.objects.visible_to(actor).select_related("customer").fetch(number).customer
    return Subject(customer.subject, _("尽职调查"), f"{reverse('customers:customer', args=[customer.number])}?tab=diligence")


def _watch_list(actor: Actor, number: str) -> Subject:
    found = ListVersion.objects.filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return Subject(found.subject, found.title, reverse("risk:watch_list", args=[number]))


def _valuing(actor: Actor, number: str) -> Subject:
    _need(actor, permissions.VIEW_VALUES, number)
    found = Valuing.objects.visible_to(actor).select_related("vehicle").fetch(number)
    return Subject(found.subject, _("综合评估"), f"{reverse('vehicles:vehicle', args=[found.vehicle.number])}?tab=valuing")


def _as(kind: str) -> Callable[[Actor, str], Subject]:
    """Of those that papers and approvals know as well, under a shorter name."""
    return lambda actor, number: subjects.open_subject(f"{kind}:{number}", actor)


# By what `kernel.numbers` calls them.
NUMBERED: dict[str, Callable[[Actor, str], Any]] = {
    "decision": _decision, "enquiry": _enquiry, "relation_candidate": _candidate, "blacklist_entry": _as("blacklist"),
    "due_diligence": _diligence, "watch_list_version": _watch_list, "watch_list_hit": _as("screening"), "valuing": _valuing,
    "appraiser_report": _as("appraisal"), "scoring_model": open_model, "backtest": _as("backtest"), "live_trial": _as("live_trial"),
}
