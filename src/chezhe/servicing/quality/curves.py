"""The dated figures of a provision, as the sums take them and as the run keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import parameters
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.models import Parameter
from chezhe.products.models import Product
from chezhe.servicing.quality.losses import BASES, Curves, LossGiven, Scenario
from chezhe.servicing.quality.rules import CLASSES, Standards
from chezhe.servicing.quality.standards import CODES, licence, standards_on

_YEAR, _LIFE = ("ECL_PD_12M_C", "ECL_PD_12M_M1"), ("ECL_PD_LIFE_C", "ECL_PD_LIFE_M1", "ECL_PD_LIFE_M2", "ECL_PD_LIFE_M3")
_LGD = ("ECL_LGD", "ECL_LGD_S3", "ECL_LGD_UNSECURED")
_WEIGHTS = ("ECL_WEIGHT_BASE", "ECL_WEIGHT_UP", "ECL_WEIGHT_DOWN")
_FACTORS = ("ECL_PD_FACTOR_UP", "ECL_LGD_FACTOR_UP", "ECL_PD_FACTOR_DOWN", "ECL_LGD_FACTOR_DOWN")
_REGULATORY = tuple(f"PROVISION_{asset_class.value.upper()}" for asset_class in CLASSES)
_BASIS, _MONTHS = "PROVISION_BASIS", "ECL_RECOVERY_MONTHS"
_SHARES = (*_YEAR, *_LIFE, *_REGULATORY)


class WeightsNotOne(BusinessError):
    code = "scenario_weights"
    sentence = _("三个情景的权重合计为 %(sum)s，须等于 1；请合规岗更正参数后再计提。")


class FigureTooLarge(BusinessError):
    code = "figure_too_large"
    sentence = _("参数“%(code)s”为 %(value)s，不能大于 1；请合规岗更正后再计提。")


class BasisUnknown(BusinessError):
    code = "provision_basis"
    sentence = _("参数“拨备计提依据”为 %(value)s，没有这种依据；请合规岗更正后再计提。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything dated that a run uses; `kept` is what the run's row says of it."""

    standards: Standards
    curves: Curves
    basis: str
    kept: dict[str, str]


def figures_on(on: date) -> Figures:
    """Raises ParameterMissing, WeightsNotOne, FigureTooLarge or BasisUnknown (409): nothing is provided by half a set."""
    scope = licence()
    wanted = (*_SHARES, *_LGD, *_WEIGHTS, *_FACTORS, _BASIS, _MONTHS)
    found = parameters.require_all(wanted, on, licence_type=scope)
    _require_shares(found[code] for code in (*_SHARES, *_LGD, *_WEIGHTS))
    basis, scenarios = found[_BASIS].value, _scenarios(found)
    if basis not in BASES:
        raise BasisUnknown(value=basis)
    curves = Curves(
        default_year=_values(found, _YEAR), default_life=_values(found, _LIFE), loss_given=_by_product(on, scope), scenarios=scenarios,
        recovery_months=int(found[_MONTHS].value), regulatory=_values(found, _REGULATORY),
    )
    kept = {code: row.value for code, row in {**found, **parameters.require_all(CODES, on, licence_type=scope)}.items()}
    return Figures(standards=standards_on(on, scope), curves=curves, basis=basis, kept={"licence": scope, **kept, **_own(on, scope)})


def _scenarios(found: dict[str, Parameter]) -> tuple[Scenario, ...]:
    base, up, down = _values(found, _WEIGHTS)
    if base + up + down != 1:
        raise WeightsNotOne(sum=base + up + down)
    default_up, loss_up, default_down, loss_down = _values(found, _FACTORS)
    return (
        Scenario(weight=base), Scenario(weight=up, default_factor=default_up, loss_factor=loss_up),
        Scenario(weight=down, default_factor=default_down, loss_factor=loss_down),
    )


def _values(found: dict[str, Parameter], codes: Iterable[str]) -> tuple[Decimal, ...]:
    return tuple(Decimal(found[code].value) for code in codes)


def _require_shares(rows: Iterable[Parameter]) -> None:
    for row in rows:
        if Decimal(row.value) > 1:
            raise FigureTooLarge(code=row.code, value=row.value)


def _by_product(on: date, scope: str) -> dict[int, LossGiven]:
    """LGD of every product: its own figure where the compliance officer has set one."""
    given: dict[int, LossGiven] = {}
    for pk, code in Product.objects.values_list("pk", "code"):
        found = parameters.require_all(_LGD, on, licence_type=scope, product=code)
        _require_shares(found.values())
        secured, impaired, unsecured = _values(found, _LGD)
        given[pk] = LossGiven(secured=secured, impaired=impaired, unsecured=unsecured)
    return given


def _own(on: date, scope: str) -> dict[str, Any]:
    """LGD figures that hold for one product alone, as `code/product`."""
    rows = Parameter.objects.filter(code__in=_LGD, effective_from__lte=on, licence_type__in=["", scope]).exclude(product="")
    in_force = [row for row in rows.order_by("effective_from") if row.effective_to is None or row.effective_to >= on]
    return {f"{row.code}/{row.product}": row.value for row in in_force}
