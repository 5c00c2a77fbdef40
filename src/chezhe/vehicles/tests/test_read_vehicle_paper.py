"""The registration of a car begins with what was read of its licence or certificate; only what is right in itself is filled in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chezhe.documents.models import PaperReading, StoredFile
from chezhe.documents.reading import steps as reading_steps
from chezhe.documents.vendors.ocr.answers import FieldAnswer, PaperAnswer
from chezhe.kernel import clock
from chezhe.kernel.errors import NotFound, NotPermitted
from chezhe.kernel.testing import WU, moment
from chezhe.vehicles.actions.read_vehicle_paper import read_vehicle_paper
from chezhe.vehicles.tests.filing import USED

AT = moment("2026-03-16 10:00")


def read(customer: Any, cast: Any, kind: str, **said: str) -> StoredFile:
    """A paper of a customer of which a service read this; what ends in ? with little confidence."""
    with clock.at(AT):
        file = StoredFile.objects.create(
            subject=customer.subject, category=kind, original_name="a.jpg", kind="jpeg", size=9, sha256=kind, source_sha256=kind,
            retention="collateral", branch_id=cast.east.id, uploaded_by_name="林", uploaded_at=AT)
        reading = PaperReading.objects.create(file=file, kind=kind, asked_at=AT)
        fields = tuple(
            FieldAnswer(name=name, value=value.rstrip("?"), confidence=0.5 if value.endswith("?") else 0.95) for name, value in said.items())
        reading_steps.keep_answer(reading, PaperAnswer(why="", fields=fields))
    return file


@pytest.fixture
def customer(cast: Any) -> Any:
    from chezhe.customers.tests.filing import WANG, person

    return person(WANG, cast.lin)


def told(file: StoredFile, by: Any) -> Any:
    return read_vehicle_paper(document_number=str(file.key), by=by)


def test_a_licence_fills_the_form_and_marks_what_is_unsure(cast: Any, customer: Any) -> None:
    file = read(customer, cast, "vehicle_licence", vin=USED.vin, plate="沪A54321?", model="大众牌SVW7147", registered_on="2022-05-20")
    found = told(file, cast.lin)
    assert found.values == {
        "vin": USED.vin, "plate": "沪A54321", "brand": "大众牌", "model": "SVW7147", "first_registered_on": date(2022, 5, 20)}
    assert found.unsure == ("plate",) and found.subject == customer.subject


def test_a_number_that_cannot_be_right_is_left_out(cast: Any, customer: Any) -> None:
    file = read(customer, cast, "registration_certificate", vin="LSVNV2182N2000003", plate="沪?", brand="大众", registered_on="昨天")
    assert told(file, cast.lin).values == {"brand": "大众"}
    assert told(read(customer, cast, "id_front", name="王小明"), cast.lin).values == {}


def test_nobody_else_reads_it(cast: Any, customer: Any) -> None:
    file = read(customer, cast, "vehicle_licence", vin=USED.vin)
    with pytest.raises(NotFound):
        told(file, cast.mei)
    with pytest.raises(NotPermitted):
        told(file, WU)
