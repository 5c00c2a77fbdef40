"""How long a record in the unified registry stands: which end soon while their loan still runs, and what makes one last longer."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.collateral import rules
from chezhe.contracts.collateral.models import UNIFIED, RegistrationOrder
from chezhe.contracts.collateral.registering import Registration, orders
from chezhe.contracts.collateral.states import REGISTRATION
from chezhe.documents.models import StoredFile
from chezhe.kernel import events, moves, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid

DAYS = "REGISTRATION_REMIND_DAYS"
# A contract that is settled or void needs no record any more: it is taken out, not made to last.
RUNNING = ("signed", "effective")


def ending(rows: QuerySet[RegistrationOrder]) -> QuerySet[RegistrationOrder]:
    """Only records that were announced to end soon, or have ended since, while the loan still runs."""
    return _standing(rows).filter(told_until=F("valid_until"))


def _standing(rows: QuerySet[RegistrationOrder]) -> QuerySet[RegistrationOrder]:
    return rows.filter(registry=UNIFIED, status="accepted", contract__status__in=RUNNING)


def ending_soon(actor: Actor) -> QuerySet[RegistrationOrder]:
    """中登网登记到期待办: inside somebody's reach, the first to end at the top."""
    return ending(orders(actor)).order_by("valid_until", "id")


def term_days(order: RegistrationOrder, on: date) -> int | None:
    """How many days an announced record of a running loan still stands; negative once it has ended, None for others."""
    is_told = order.status == "accepted" and order.told_until == order.valid_until and order.contract.status in RUNNING
    return (order.valid_until - on).days if is_told and order.valid_until else None


def untold(on: date) -> list[RegistrationOrder]:
    """Records that end within the days of the figure and were not announced for the term they have now, locked; another worker's are left
    to it."""
    row = parameters.find(DAYS, on)
    if row is None:
        return []
    soon = _standing(RegistrationOrder.objects.select_related("contract")).filter(valid_until__lte=on + timedelta(days=int(row.value)))
    new = soon.filter(Q(told_until__isnull=True) | ~Q(told_until=F("valid_until")))
    return list(new.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk"))


def tell(order: RegistrationOrder) -> None:
    """Announce once for each term that it ends soon."""
    assert order.valid_until is not None
    order.told_until = order.valid_until
    order.save(update_fields=["told_until"])
    events.publish("registration.term_ending", order.subject, {
        "number": order.number, "contract": order.contract.number, "until": order.valid_until.isoformat()})


def require_longer(order: RegistrationOrder, said: Registration, until: date) -> None:
    """Raises Invalid (422) for a term that is not longer than the one there is, or that no record may have."""
    assert order.valid_until is not None and order.accepted_on is not None
    begins_on = order.accepted_on if said.registered_on <= order.valid_until else said.registered_on
    if until <= order.valid_until or not rules.is_term(begins_on, until):
        raise Invalid(
            field="valid_until", code="term_not_longer", sentence=_("新的到期日须晚于原到期日 %(until)s，且自登记起不超过三十年。"),
            until=order.valid_until.isoformat())


def extend(order: RegistrationOrder, said: Registration, receipt: StoredFile, until: date, *, by: Actor) -> None:
    """A locked record lasts longer. One that had ended is a new record with a rank of its own, from the day of its receipt."""
    assert order.valid_until is not None
    is_new = said.registered_on > order.valid_until
    words = f"{order.valid_until.isoformat()} → {until.isoformat()} {said.receipt_number.strip()}"
    order.valid_until, order.receipt = until, receipt
    order.office, order.receipt_number = said.office.strip(), said.receipt_number.strip()
    if is_new:
        order.accepted_on = said.registered_on
    order.save(update_fields=["valid_until", "receipt", "office", "receipt_number", "accepted_on"])
    moves.move(order, REGISTRATION, "renew" if is_new else "extend", by=by, reason=words)
    events.publish("registration.extended", order.subject, {
        "number": order.number, "contract": order.contract.number, "until": until.isoformat(), "is_new": is_new})
