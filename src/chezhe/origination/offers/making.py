"""Offering a loan: on the terms that were asked for, or on others within product, policy, caps and coverage."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import ZERO, Money
from chezhe.kernel import clock, moves, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.origination import errors, steps
from chezhe.origination.models import Application, Offer
from chezhe.origination.offers import rules
from chezhe.origination.offers.rules import Bounds, Change, Terms
from chezhe.origination.revising import history
from chezhe.origination.states import OFFER
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.ui import formats


class OfferBeyond(BusinessError):
    """Other terms than may be offered; `field` and `code` say which."""

    code = "offer_over_asked"
    http_status = 422
    sentence = _("批复金额不能高于申请金额 %(limit)s。")
    over_limit = _("批复金额不能高于决策给出的上限 %(limit)s；要超过上限，只能按原申请走例外审批。")
    under_price = _("年利率不能低于 %(limit)s（客户申请与定价表中较低的一个）。")

    def __init__(self, beyond: rules.Beyond) -> None:
        self.field, self.code = beyond.field, beyond.code
        self.sentence = {"offer_over_limit": self.over_limit, "offer_under_price": self.under_price}.get(beyond.code, self.sentence)
        limit = beyond.limit
        super().__init__(limit=formats.money(limit) if isinstance(limit, Money) else formats.rate(limit))


def terms_of(application: Application) -> Terms:
    """What stands on the application now; it has been handed in, so nothing is missing."""
    amount, periods, annual_rate = application.amount, application.periods, application.annual_rate
    if amount is None or periods is None or annual_rate is None:
        raise ValueError(f"{application.number} has no terms yet")
    return Terms(amount=amount, periods=periods, annual_rate=annual_rate)


def asked_of(application: Application) -> Terms:
    """What the customer asked for at the last submission."""
    last = application.submissions.order_by("-place").first()
    if last is None:
        return terms_of(application)
    kept: dict[str, Any] = last.snapshot
    return Terms(amount=Money(kept["amount_fen"]), periods=kept["periods"], annual_rate=Decimal(kept["annual_rate"]))


def bounds_of(application: Application) -> Bounds:
    """What the last decision of the machine named."""
    decision = deciding_queries.latest(application.subject)
    return Bounds() if decision is None else Bounds(amount_max=decision.amount_max, annual_rate=decision.annual_rate)


def put(application: Application, change: Change, on: date, *, by: Actor) -> None:
    """Let other terms stand on the locked application from now on, with the figures that come of them; whoever does so does not become
    one of its makers.

    Raises OfferBeyond or Invalid (422), CapExceeded or ParameterMissing (409).
    """
    before, wanted = terms_of(application), change.of(terms_of(application))
    if wanted == before:
        return
    found = rules.beyond(wanted, asked=asked_of(application), bounds=bounds_of(application))
    if found is not None:
        raise OfferBeyond(found)
    written = history.written(application)
    application.amount, application.periods, application.annual_rate = wanted.amount, wanted.periods, wanted.annual_rate
    steps.freeze(application, steps.judged(application, on))
    application.touch(by)
    application.save()
    history.keep(application, written, history.written(application), by=by)


def offer(application: Application, on: date, *, by: Actor) -> Offer:
    """Write down what the customer is told of an application that is being approved, and until when it stands; the caller saves."""
    close(application, "supersede", by=by)
    application.approval_expires_on = steps.offer_until(on)
    kept, terms = application.snapshot, terms_of(application)
    decision = deciding_queries.latest(application.subject)
    made = Offer.objects.create(
        application=application, place=application.offers.count() + 1, amount=terms.amount, periods=terms.periods,
        annual_rate=terms.annual_rate, instalment=Money(kept["instalment_fen"]),
        total=Money(kept["total_fen"]) if kept["total_fen"] is not None else ZERO,
        all_in_simple=Decimal(kept["all_in_simple"]) if kept["all_in_simple"] else None, is_as_asked=terms == asked_of(application),
        decision_number=decision.number if decision else "", valid_until=application.approval_expires_on, made_at=clock.now(),
        made_by_name=by.name,
    )
    moves.record(made.subject, "offer", "", made.status, by=by)
    return made


def close(application: Application, verb: str, *, answer: str = "", by: Actor) -> None:
    """What becomes of the offer that stands, if one does."""
    standing = application.offers.filter(status="open").first()
    if standing is None:
        return
    moves.move(standing, OFFER, verb, by=by, reason=answer)
    standing.answered_at, standing.answer = clock.now(), answer[:200]
    standing.save(update_fields=["answered_at", "answer"])


def require_round_left(application: Application, on: date) -> None:
    """Raises OfferRoundsOver (409) once the customer has asked for other terms as often as anybody may."""
    most = parameters.count("OFFER_ROUNDS_MAX", on)
    if application.offers.count() > most:
        raise errors.OfferRoundsOver(most=most)
