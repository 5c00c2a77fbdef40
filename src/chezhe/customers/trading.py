"""Writing down the trade of a person who is a sole trader; its corrections stand in the person's history."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from chezhe.customers import errors, rules, steps
from chezhe.customers.models import Customer, Trade
from chezhe.customers.values import TradeFacts
from chezhe.identifiers import names, uscc
from chezhe.kernel.actor import Actor
from chezhe.ui.fields import refuse

FIELDS = tuple(field.name for field in fields(TradeFacts))


def tidy(facts: TradeFacts) -> TradeFacts:
    """As people paste it becomes as the licence prints it."""
    return replace(
        facts, name=names.normalise_company(facts.name), uscc=uscc.normalise(facts.uscc), premises=facts.premises.strip(),
        scope=facts.scope.strip(), industry=facts.industry.strip())


def record(customer: Customer, facts: TradeFacts, *, on: date, by: Actor) -> dict[str, tuple[Any, Any]]:
    """Put the trade on a locked person's file, or correct the one that stands there; gives field → (before, after) of what differs.

    Raises TradeOfCompany (422), Invalid (422) with the field, or TradeExists (409) when another file holds the code.
    """
    if not customer.is_person:
        raise errors.TradeOfCompany()
    facts = tidy(facts)
    refuse(rules.trade_faults(facts, on))
    known = customer.own_trade
    trade = known or Trade(customer=customer)
    before = {name: getattr(known, name) if known else "" for name in FIELDS}
    differing = {f"trade_{name}": (was, getattr(facts, name)) for name, was in before.items() if was != getattr(facts, name)}
    if not differing:
        return {}
    for name in FIELDS:
        setattr(trade, name, getattr(facts, name))
    _save_once(trade)
    customer.trade = trade
    steps.index_name(customer)
    customer.touch(by)
    customer.save()
    steps.keep_changes(customer, differing, by)
    return differing


def _save_once(trade: Trade) -> None:
    """The database decides when two clerks file one trade at the same moment; a company's code is no sole trader's."""
    steps.hold_code(trade.uscc)
    if Customer.objects.filter(uscc=trade.uscc).exists():
        raise errors.TradeExists()
    try:
        with transaction.atomic():
            trade.save()
    except IntegrityError:
        raise errors.TradeExists() from None
