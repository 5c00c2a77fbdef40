"""Who gets through which door: the reviewed matrix, what may never stand in it, and whether the house still keeps to it."""

from __future__ import annotations

import pytest

from chezhe.config.settings import VAR
from chezhe.kernel import doors, roles
from chezhe.kernel.simulators import World
from tests.journeys.house import Team
from tests.security import matrix
from tests.security.populated import populate

REVIEWED = matrix.reviewed()
INSIDE = {"in", "asked", "code"}
SHARES, SAMPLE = 4, 60
FOUND = VAR / "matrix-found.csv"

# Open to strangers, and why nothing is lost by it.
PUBLIC = {
    "set_language": "the language of the page", "kernel:alive": "the machine that watches", "kernel:ready": "the machine that watches",
    "kernel:metrics": "Prometheus; the inside network only (deploy/README.md)", "staff:sign_in": "the way in",
    "messaging:callback": "signed by the service", "payments:bank_callback": "signed by the bank",
    "contracts:esign_callback": "signed by the provider of signatures",
    "contracts:verify": "whoever holds a paper of ours may ask whether it is genuine",
    "contracts:gps_callback": "signed by the maker of devices",
    "payments:debit_callback": "signed by the direct-debit channel", "servicing:einvoice_callback": "signed by the invoice platform",
    **{f"portal:{letter}_sign_in": "the way in of outsiders" for letter in "md"},
    **{f"portal:{letter}_elder": "nobody's but the browser's own" for letter in "md"},
    "/api/v1/portal/codes": "the way in of outsiders",
}
# Open to whoever has signed in, whatever their role: oneself, and the frame of the house.
OWN = {
    "ui:styleguide", "ui:check", "staff:step_up", "staff:account", "staff:change_password", "staff:enrol", "staff:recovery_codes", "staff:shown_once",
    "staff:act_for", "staff:work_as", "workbench:home", "workbench:search", "workbench:bell", "workbench:tasks", "workbench:charts", "workbench:recent", "workbench:subscribed",
    "workbench:help", "workbench:help_page", "/api/v1/staff/me", "/api/v1/staff/step-up", "/api/v1/workbench/search", "/api/v1/workbench/todo",
}
# Things of the whole house, which every branch may look at or (with the role for it) change.
SHARED = ("ui:", "compliance:parameter", "compliance:calendar", "compliance:set_day", "compliance:confirm", "messaging:template", "contracts:template", "products:",
          "workbench:help_page", "/api/v1/products/", "/api/v1/compliance/parameter", "/api/v1/compliance/calendar", "/api/v1/workbench/views",
          "/api/v1/staff/sessions/", "policies:", "/api/v1/policies/")
# Looks with a reason (on record), searches and sums that a body asks for, and what is one's own.
WRITTEN_BY_AUDITORS = [
    "POST /api/v1/compliance/pricing-checks", "POST /api/v1/customers/search", "POST /api/v1/customers/{number}/fields/{field}/reveal",
    "POST /api/v1/leads/{number}/fields/{field}/reveal", "POST /api/v1/policies/versions/{number}/evaluate", "POST /api/v1/vehicles/search", "POST customers:reveal", "POST leads:reveal",
    "POST staff:delegations", "POST vehicles:reveal", "POST workbench:default_view",
]
ROUTES = {page.name: page.route for page in doors.pages()}


def name_of(door: str) -> str:
    return door.partition(" ")[2]


def is_about_a_thing(door: str) -> bool:
    return "{" in door or "<" in ROUTES.get(name_of(door), "")


def test_every_door_has_been_reviewed() -> None:
    """A new page or operation needs a row: run this file with --long, look over var/matrix-found-*.csv and copy the row."""
    for door in matrix.every_door():
        if door.is_api or door.method == "GET":
            is_known = door.name in REVIEWED or f"POST {name_of(door.name)}" in REVIEWED
            assert is_known, f"{door.name} is not in matrix.csv"
    names = {door.name for door in matrix.every_door()}
    assert not set(REVIEWED) - names, "doors that are no more"
    assert all(set(row) == set(matrix.PRINCIPALS) and set(row.values()) <= set(matrix.WORDS) - {"crash"} for row in REVIEWED.values())
    assert set(roles.LABELS) < set(matrix.PRINCIPALS), "a new role has a column"


def test_strangers_get_through_the_public_doors_alone() -> None:
    open_doors = {name_of(door) for door, row in REVIEWED.items() if row[matrix.STRANGER] in INSIDE}
    assert open_doors == set(PUBLIC)
    others = {row[matrix.STRANGER] for door, row in REVIEWED.items() if name_of(door) not in PUBLIC}
    assert others <= {"sign", "none", "other"}, others


def test_without_a_role_there_is_only_oneself() -> None:
    assert {name_of(door) for door, row in REVIEWED.items() if row["no role"] in INSIDE} == set(PUBLIC) | OWN


def test_the_other_branch_gets_at_nothing_of_the_east() -> None:
    """It is told that nothing is there, or asked for a fresh code before anybody looks; never let in."""
    through = [
        f"{door}, {who}" for door, row in REVIEWED.items() for who in matrix.ELSEWHERE
        if who != "no role" and row[who] == "in" and is_about_a_thing(door) and not name_of(door).startswith(SHARED)
    ]
    assert not through, through


def test_auditors_write_nothing_into_the_business() -> None:
    """A permission that only reads, oneself, or a question that needs a body."""
    readable = {permission.code for permission in doors.readable()}
    guards = {page.name: page.guard for page in doors.pages()}
    writes = []
    for door, row in REVIEWED.items():
        guard = guards.get(name_of(door))
        reads = door.startswith("GET ") or (guard is not None and guard.code in readable) or name_of(door) in PUBLIC or name_of(door) in OWN
        if row[roles.AUDITOR] == "in" and not reads:
            writes.append(door)
    assert sorted(writes) == WRITTEN_BY_AUDITORS, writes


def test_money_asks_for_a_fresh_code() -> None:
    """Whoever may move money is asked for the authenticator first: nobody without a fresh code is let in."""
    money = {page.name for page in doors.pages() if page.guard is not None and page.guard.moves_money}
    for door, row in REVIEWED.items():
        if name_of(door) in money and door.startswith("POST "):
            assert "in" not in row.values(), f"{door}: {[who for who, said in row.items() if said == 'in']}"
    codes = [door for door, row in REVIEWED.items() if "code" in row.values() and door.startswith("POST /api/")]
    assert len(codes) >= 10


@pytest.mark.django_db
def test_no_post_is_taken_from_strangers_or_from_people_without_a_role(team: Team) -> None:
    """Every one of them, asked now."""
    crowd, found = matrix.gather(team), []
    for door in matrix.every_door(matrix.NOBODYS_HOUSE):
        if door.method == "GET" or name_of(door.name) in PUBLIC:
            continue
        for who in (matrix.STRANGER, "no role"):
            said = crowd.knock(who, door)
            may = {"sign", "no", "none", "other"} | (INSIDE if who == "no role" and name_of(door.name) in OWN else set())
            found += [] if said in may else [f"{door.name}, {who}: {said}"]
    assert not found, found


@pytest.mark.django_db
def test_a_sample_of_the_doors_opens_as_reviewed(team: Team, bank: World) -> None:
    compare(team, bank, range(7, 10_000, SAMPLE))


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("share", range(SHARES))
def test_every_door_opens_as_reviewed(team: Team, bank: World, share: int) -> None:
    compare(team, bank, range(share, 10_000, SHARES), keep=True)


def compare(team: Team, bank: World, places: range, *, keep: bool = False) -> None:
    house, crowd = populate(team, bank), matrix.gather(team)
    chosen = [door for place, door in enumerate(matrix.every_door(house)) if place in places]
    found = matrix.knocked(crowd, chosen)
    if keep:
        matrix.write(found, FOUND.with_stem(f"{FOUND.stem}-{places.start}"))
    assert not (said := matrix.differences(found, REVIEWED)), "\n".join(said[:60])
