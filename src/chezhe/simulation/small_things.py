"""What also happens in a year with a customer: an address changes, a paper is read, a number shown, a consent taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chezhe.compliance import permissions as compliance_permissions
from chezhe.compliance.actions.block_contact import block_contact
from chezhe.compliance.actions.lift_contact_block import lift_contact_block
from chezhe.compliance.actions.withdraw_consent import withdraw_consent
from chezhe.customers import permissions as customer_permissions
from chezhe.customers.actions.edit_customer import edit_customer
from chezhe.customers.actions.end_relation import end_relation
from chezhe.customers.actions.reveal_field import reveal_field
from chezhe.customers.models import Customer, Relation
from chezhe.documents import permissions as document_permissions
from chezhe.documents import queries as document_queries
from chezhe.documents.actions.open_document import open_document
from chezhe.kernel import roles
from chezhe.messaging import permissions as message_permissions
from chezhe.messaging.actions.send_message import send_message
from chezhe.messaging.actions.withdraw_message import withdraw_message
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track
from chezhe.vehicles import permissions as vehicle_permissions
from chezhe.vehicles.actions.edit_vehicle import edit_vehicle
from chezhe.vehicles.actions.reveal_field import reveal_field as reveal_of_vehicle
from chezhe.vehicles.models import Vehicle

CHANCE = 0.06


def maybe(track: Track, scene: Scene) -> None:
    """Now and then one of them."""
    if scene.happens(CHANCE):
        scene.rng.choice(THINGS)(track, scene)
        scene.note("small_things")


def move_house(track: Track, scene: Scene) -> None:
    """A new address; a company only corrects its telephone."""
    customer = Customer.objects.get(number=track.customer)
    edit_customer(
        customer_number=track.customer, version=customer.version, changes={"address": f"{customer.address} 乙"}, reason="客户搬迁",
        business_date=scene.today, by=scene.who(customer_permissions.EDIT, track.branch_code, role=roles.SERVICING),
    )


def read_the_clock(track: Track, scene: Scene) -> None:
    """The mileage at the yearly look at the car."""
    car = Vehicle.objects.get(number=track.vehicle)
    edit_vehicle(
        vehicle_number=track.vehicle, version=car.version, changes={"mileage_km": (car.mileage_km or 0) + scene.rng.randrange(500, 9_000)},
        reason="贷后检查", business_date=scene.today,
        by=scene.who(vehicle_permissions.EDIT, track.branch_code, role=roles.SERVICING),
    )


def look_up_numbers(track: Track, scene: Scene) -> None:
    """A masked number of the customer and of the car is shown for a reason."""
    servicing = scene.who(customer_permissions.REVEAL, track.branch_code, role=roles.SERVICING)
    field_code = "legal_representative" if track.life.company else "id_number"
    reveal_field(customer_number=track.customer, field_code=field_code, reason="核对来访客户身份", by=servicing)
    reveal_of_vehicle(
        vehicle_number=track.vehicle, field_code="vin", reason="保险理赔核对",
        by=scene.who(vehicle_permissions.REVEAL, track.branch_code, role=roles.SERVICING),
    )


def read_a_paper(track: Track, scene: Scene) -> None:
    """Somebody looks into the file."""
    file = document_queries.of(f"application:{track.application}").order_by("id").first()
    if file is not None:
        open_document(document_number=str(file.key), by=scene.who(document_permissions.VIEW, track.branch_code, role=roles.SERVICING))


def part(track: Track, scene: Scene) -> None:
    """A relation no longer holds."""
    relation = Relation.objects.filter(customer__number=track.customer, ended_at__isnull=True).order_by("id").first()
    if relation is not None:
        end_relation(
            customer_number=track.customer, relation=relation.pk, reason="客户告知关系变更", by=scene.cast.called(track.seller),
        )


def want_no_advertising(track: Track, scene: Scene) -> None:
    """A consent is taken back and the door closed to advertising; a year later they may have changed their mind."""
    servicing = scene.who(compliance_permissions.BLOCK_CONTACT, track.branch_code, role=roles.SERVICING)
    subject: Any = {"subject": f"customer:{track.customer}", "business_date": scene.today}
    if track.memory.pop("marketing", False):
        withdraw_consent(
            **subject, kind="marketing", channel="recording", evidence="客服录音",
            by=scene.who(compliance_permissions.WITHDRAW_CONSENT, track.branch_code, role=roles.SERVICING),
        )
    block_contact(**subject, reason_code="opted_out", by=servicing)
    if scene.happens(0.5):
        lifter = scene.who(compliance_permissions.LIFT_CONTACT_BLOCK, track.branch_code)
        lift_contact_block(**subject, reason_code="opted_out", note="客户书面同意恢复", by=lifter)


def nearly_send(track: Track, scene: Scene) -> None:
    """A message is queued for the wrong branch and taken back before it leaves."""
    sender = scene.who(message_permissions.SEND, track.branch_code, role=roles.SERVICING)
    name = "王先生" if track.life.person else track.life.name
    facts = {"name": name, "contract": track.contract, "day": str(scene.today), "branch": "门店"}
    queued = send_message(
        template_code="contract_ready", subject=f"customer:{track.customer}", address=track.life.mobile, facts=facts, by=sender,
    )
    if queued.status == "queued":
        withdraw_message(message_number=queued.number, reason="发错模板", by=sender)


THINGS: tuple[Callable[[Track, Scene], None], ...] = (
    move_house, read_the_clock, look_up_numbers, read_a_paper, part, want_no_advertising, nearly_send,
)
