"""Papers that are read after their upload: by the worker, from the pixels, beside the file; and people type where nothing comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chezhe.documents import steps, tasks
from chezhe.documents.actions.open_reading import open_reading
from chezhe.documents.actions.read_again import read_again
from chezhe.documents.actions.record_reading import record_reading
from chezhe.documents.errors import NotAgain, NothingToRead
from chezhe.documents.models import PaperReading, StoredFile
from chezhe.documents.tests import corpus
from chezhe.documents.tests.conftest import EAST_CASE
from chezhe.documents.tests.people import Cast
from chezhe.documents.vendors.ocr.tests.test_reader import shot_of
from chezhe.invented import papers
from chezhe.kernel import clock, jobs, simulators
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound, NotPermitted
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import WU, moment

AT = moment("2026-03-16 10:00")
TRUE = papers.contents_of("id_front", 81)


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(AT), jobs.in_line(), simulators.in_process(seed=7) as made:
        made.set_faults("ocr", error_before_rate=0, timeout_rate=0)
        yield made


def keep(cast: Cast, *, category: str = "id_front", name: str = "a.jpg", data: bytes | None = None, subject: str = EAST_CASE) -> StoredFile:
    upload = SimpleUploadedFile(name, shot_of("id_front", 81) if data is None else data)
    return steps.store(upload, subject=subject, category=category, branch_id=cast.east.id, by=cast.lin)


def said(file: StoredFile) -> dict[str, str]:
    return {field.name: field.value for field in PaperReading.objects.get(file=file).read_fields.all()}


def text(response: Any) -> str:
    return response.content.decode()


def test_the_worker_reads_a_paper_after_its_upload(world: World, cast: Cast) -> None:
    file = keep(cast)
    assert PaperReading.objects.get(file=file).status == "waiting"
    jobs.run_due()
    reading = PaperReading.objects.get(file=file)
    assert reading.status == "read" and reading.answered_at == AT
    assert said(file)["id_number"] == TRUE["id_number"] and said(file)["name"] == TRUE["name"]
    tasks.read_paper(reading.pk)
    assert reading.read_fields.count() == len(TRUE), "running the job again changes nothing"


def test_the_files_name_says_nothing(world: World, cast: Cast) -> None:
    one, other = keep(cast, name="身份证.jpg"), keep(cast, name=f"李四-{TRUE['id_number'][::-1]}.jpg", subject="testcase:E2")
    jobs.run_due()
    assert said(one) == said(other) and said(one)["name"] == TRUE["name"]


def test_a_paper_under_the_wrong_category_is_told(world: World, cast: Cast) -> None:
    file = keep(cast, category="vehicle_licence")
    jobs.run_due()
    reading = PaperReading.objects.get(file=file)
    assert (reading.status, reading.why) == ("unreadable", "other_paper") and not said(file)


def test_what_cannot_be_read_is_not_asked_about(world: World, cast: Cast) -> None:
    keep(cast, category="income_proof")
    keep(cast, name="a.pdf", data=corpus.pdf())
    assert not PaperReading.objects.exists()
    small = keep(cast, data=corpus.image())
    assert PaperReading.objects.get(file=small).why == "too_small" and jobs.run_due() == 0


def test_a_silent_service_is_asked_three_times_and_then_people_type(world: World, cast: Cast) -> None:
    world.force("ocr", "error_before", "timeout", "error_after")
    file = keep(cast)
    jobs.run_due()
    for seconds in (30, 80):
        assert PaperReading.objects.get(file=file).status == "waiting"
        with clock.at(AT + timedelta(seconds=seconds)):
            jobs.run_due()
    reading = PaperReading.objects.get(file=file)
    assert (reading.status, reading.why, reading.attempts) == ("given_up", "unreached", 3)
    read_again(document_number=str(file.key), by=cast.lin)
    jobs.run_due()
    assert PaperReading.objects.get(file=file).status == "read" and said(file)["name"] == TRUE["name"]


def test_the_net_takes_up_what_lost_its_job(world: World, cast: Cast) -> None:
    file = keep(cast)
    jobs.forget("documents.read_paper")
    assert tasks.read_forgotten() == 0
    PaperReading.objects.update(asked_at=moment("2026-03-16 09:00"))
    assert tasks.read_forgotten() == 1
    jobs.run_due()
    assert PaperReading.objects.get(file=file).status == "read"


def test_only_the_worker_records_and_a_late_answer_changes_nothing(world: World, cast: Cast) -> None:
    file = keep(cast)
    reading = PaperReading.objects.get(file=file)
    with pytest.raises(NotPermitted):
        record_reading(reading_id=reading.pk, answer=None, by=cast.gao)
    jobs.run_due()
    assert record_reading(reading_id=reading.pk, answer=None, by=SYSTEM) is None
    assert record_reading(reading_id=0, answer=None, by=SYSTEM) is None


def test_it_is_read_again_only_where_that_makes_sense(world: World, cast: Cast) -> None:
    waiting, other = keep(cast), keep(cast, category="other", subject="testcase:E2")
    with pytest.raises(NotAgain):
        read_again(document_number=str(waiting.key), by=cast.lin)
    with pytest.raises(NothingToRead):
        read_again(document_number=str(other.key), by=cast.lin)
    with pytest.raises(NotFound):
        read_again(document_number=str(waiting.key), by=cast.mei)
    with pytest.raises(NotPermitted):
        read_again(document_number=str(waiting.key), by=cast.xu)


def test_the_page_hides_the_values_until_somebody_asks(world: World, cast: Cast, browser: Any) -> None:
    file, client = keep(cast), browser.acts_as(cast.lin)
    panel = f"/documents/panel/?subject={EAST_CASE}"
    assert "识别中" in text(client.get(panel)) and "load delay:3s" in text(client.get(panel))
    jobs.run_due()
    page = text(client.get(panel))
    assert "已识别" in page and "身份证号码" in page and TRUE["id_number"] not in page and TRUE["name"] not in page
    part = client.get(f"/documents/{file.key}/reading/")
    assert part["HX-Trigger"] == "paper-read" and TRUE["id_number"] not in text(part)
    assert TRUE["id_number"] in text(client.get(f"/documents/{file.key}/reading/full/"))
    assert AuditEntry.objects.filter(verb="documents.open_reading", outcome="done").count() == 1
    assert open_reading(document_number=str(file.key), by=cast.chen).file == file
    for stranger in (cast.mei, WU):
        assert browser.acts_as(stranger).get(f"/documents/{file.key}/reading/").status_code in (403, 404)


def test_the_page_says_to_type_where_nothing_was_read(world: World, cast: Cast, browser: Any) -> None:
    file, client = keep(cast, data=papers.photographed(papers.landscape(4))), browser.acts_as(cast.lin)
    jobs.run_due()
    assert "重拍或手工录入" in text(client.get(f"/documents/panel/?subject={EAST_CASE}"))
    again = client.post(f"/documents/{file.key}/reading/again/")
    assert again.status_code == 200 and "识别中" in text(again)
    refused = client.post(f"/documents/{file.key}/reading/again/")
    assert refused.status_code == 409 and "不能重新识别" in text(refused)


def test_a_reading_over_the_api(world: World, cast: Cast, browser: Any) -> None:
    file, client = keep(cast), browser.acts_as(cast.lin)
    jobs.run_due()
    told = client.get(f"/api/v1/documents/{file.key}/reading").json()
    assert told["status"] == "read" and {f["name"]: f["value"] for f in told["fields"]}["id_number"] == TRUE["id_number"]
    assert client.api(f"documents/{file.key}/reading", {}).status_code in (200, 409)
    assert browser.acts_as(cast.mei).get(f"/api/v1/documents/{file.key}/reading").status_code == 404
    assert browser.acts_as(cast.lin).get("/api/v1/documents/nonsense/reading").status_code == 404
