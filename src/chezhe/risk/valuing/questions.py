"""What is asked about a car: read by the worker before it asks, outside of the answer's transaction."""

from __future__ import annotations

from chezhe.compliance import steps as compliance_steps
from chezhe.compliance.steps import ConsentMissing
from chezhe.risk.valuing import figures, own
from chezhe.risk.valuing.models import Valuing
from chezhe.risk.valuing.told import Question


def question_of(valuing: Valuing) -> Question:
    """The car as the house knows it, and the consent of its owner."""
    vehicle, on = valuing.vehicle, valuing.valued_on
    car = own.seen(vehicle, on, figures.on(on))
    owner = vehicle.owner
    return Question(
        reference=valuing.number, consent=_consent(valuing), vin=vehicle.vin, plate=vehicle.plate,
        owner_number=owner.id_number if owner.is_person else owner.uscc,
        first_registered_on=vehicle.first_registered_on or (on if vehicle.condition == "new" else None), mileage_km=car.mileage_km,
        condition=car.condition, new_price=vehicle.guide_price, city=owner.branch.city or owner.branch.region.name, on=on,
    )


def _consent(valuing: Valuing) -> str:
    """The number of the owner's consent: a person's to the use of their data, a company's to the enquiry (PIPL §23)."""
    owner = valuing.vehicle.owner
    kind = "personal_info" if owner.is_person else "credit_query"
    try:
        return str(compliance_steps.require_consent(owner.subject, kind, valuing.valued_on).evidence)
    except ConsentMissing:
        return ""
