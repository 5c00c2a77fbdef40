"""The figures of a month, worked out by one of finance and booked by another, before the month is closed."""

from __future__ import annotations

from datetime import date, timedelta

from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.permission import Permission
from chezhe.servicing import permissions
from chezhe.servicing.actions.compute_provision import compute_provision
from chezhe.servicing.actions.compute_vat import compute_vat
from chezhe.servicing.actions.post_funding import post_funding
from chezhe.servicing.actions.post_provision import post_provision
from chezhe.servicing.actions.post_vat import post_vat
from chezhe.servicing.actions.run_provision import run_provision
from chezhe.servicing.actions.run_vat import run_vat
from chezhe.servicing.models import VatRun
from chezhe.servicing.profit import permissions as profit_permissions
from chezhe.servicing.tax import permissions as tax_permissions
from chezhe.simulation.people import BRANCHES
from chezhe.simulation.scene import Scene


def provide_last_month(scene: Scene) -> None:
    """What may be lost is set aside."""
    clerk = _one(permissions.RUN_PROVISION, scene)
    run = run_provision(as_of=_last_month(scene), by=clerk)
    compute_provision(provision_number=run.number, by=SYSTEM)
    post_provision(provision_number=run.number, by=_another(permissions.POST_PROVISION, clerk, scene))


def tax_last_month(scene: Scene) -> None:
    """The month's VAT is worked out and booked."""
    clerk = _one(tax_permissions.RUN_VAT, scene)
    post_vat(vat_number=work_out_the_tax(scene, clerk).number, by=_another(tax_permissions.POST_VAT, clerk, scene))


def work_out_the_tax(scene: Scene, clerk: Actor) -> VatRun:
    """The figures alone: they wait for a second person."""
    return compute_vat(vat_number=run_vat(as_of=_last_month(scene), by=clerk).number, by=SYSTEM)


def fund_last_month(scene: Scene) -> None:
    """What the money lent out has cost is booked between the branches and the treasury."""
    post_funding(as_of=_last_month(scene), by=_one(profit_permissions.POST_FUNDING, scene))


def _last_month(scene: Scene) -> date:
    return scene.today.replace(day=1) - timedelta(days=1)


def _one(right: Permission, scene: Scene) -> Actor:
    return scene.who(right, BRANCHES[0][0])


def _another(right: Permission, one: Actor, scene: Scene) -> Actor:
    return scene.who(right, BRANCHES[0][0], apart_from=one.user_ids)


ERRANDS = (provide_last_month, tax_last_month, fund_last_month)
