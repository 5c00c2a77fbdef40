from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.documents.tests.people import Cast, make_cast
from chezhe.kernel import subjects
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject

EAST_CASE = "testcase:E1"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def vault_folder(tmp_path: Path, settings: object) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture(autouse=True)
def test_subjects(request: pytest.FixtureRequest) -> Iterator[None]:
    """`testcase:E…` belongs to the east branch; its people and whoever sees all may open it."""

    def open_case(actor: Actor, number: str) -> Subject:
        cast = request.getfixturevalue("cast")
        if not number.startswith("E") or not (actor.reach == Reach.ALL or cast.east.id in actor.branch_ids):
            raise NotFound(what=number)
        return Subject(f"testcase:{number}", number, branch_id=cast.east.id)

    subjects.register("testcase", open_case)
    yield
    subjects._openers.pop("testcase")
