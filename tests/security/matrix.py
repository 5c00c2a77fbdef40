"""Every door of the house, knocked at by everybody: who is let in, who is turned away, and who is asked for what.

A door is a method and an address: pages from the URLconf, operations from the API's document. What happens there is
one of a few words (WORDS); `matrix.csv` holds them all, reviewed, and a door that it does not know fails the build.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.messages import get_messages
from django.db import transaction
from django.test import Client
from django.urls import reverse

from chezhe.channels import steps as channel_steps
from chezhe.channels.models import Dealer
from chezhe.channels.tests.dealing import HARBOUR
from chezhe.config.documents import openapi
from chezhe.customers.tests.filing import OUYANG, SHAN
from chezhe.customers.tests.filing import person as customer
from chezhe.kernel import clock, doors, roles
from chezhe.kernel.actor import Reach
from chezhe.origination.models import Application
from chezhe.portal.places import PORTALS
from chezhe.portal.tests import outside
from chezhe.staff import steps, tokens
from chezhe.staff.models import User
from chezhe.staff.tests import cast
from tests.journeys.house import API, NOW, TODAY, Team, fresh_key
from tests.pages import examples
from tests.security.fuzz import _by_path
from tests.security.populated import Populated

REVIEWED = Path(__file__).with_name("matrix.csv")
WORDS = {
    "in": "let in: 2xx, or sent on inside the house", "asked": "let in, and asked for a better request: 400, 409, 413, 415, 422",
    "code": "would be let in with a fresh code of the authenticator", "no": "403: may not", "none": "404: nothing here for this person",
    "sign": "asked to sign in", "other": "405: the door does not open this way", "crash": "5xx",
}
# Who works where; everybody else of a role is hired in the east.
KNOWN = {
    roles.SALES: "lin", roles.APPRAISER: "ping", roles.REVIEWER: "chen", roles.APPROVER: "zhou", roles.COLLATERAL_OPS: "he", roles.FUNDING: "fang",
    roles.FINANCE: "cai", roles.AUDITOR: "xu", roles.ADMIN: "ada", roles.COMPLIANCE: "lu", roles.RISK_MANAGER: "qin", roles.BRANCH_MGR: "guan",
}
ELSEWHERE = {"sales west": "mei", "branch_mgr west": "mu", "finance west": "fu", "funding west": "hua", "no role": "wu"}
STRANGER = "stranger"
STEP_UPS = ("/step-up/", "/m/step-up/", "/d/step-up/")
# Customers and dealers' people: whose thing the populated house holds, and others of the kind.
OUTSIDE = ["borrower", "borrower elsewhere", "dealer", "dealer elsewhere"]
PRINCIPALS = [*roles.LABELS, *ELSEWHERE, *OUTSIDE, STRANGER]


# Enough for the small forms to reach the thing they are about.
FORM = {"reason": "核对资料", "opinion": "核对资料", "verdict": "agree", "resolution": "核对资料", "on": TODAY.isoformat(), "version": "1",
        "subject": "customer:C26-000001-4", "category": "id_front", "way": "new", "column": "contacted", "outcome": "reached"}


@dataclass(frozen=True)
class Door:
    """`address` has a thing of the populated house in every part."""

    name: str
    method: str
    address: str
    kind: str = "application/json"
    body: str = "{}"

    @property
    def is_api(self) -> bool:
        return self.address.startswith(API)


@dataclass
class Crowd:
    """The principals with what they show at a door."""

    sessions: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def knock(self, who: str, door: Door) -> str:
        """What happens, in one of WORDS; whatever was done is undone."""
        client = Client(raise_request_exception=False)
        if who in OUTSIDE and not door.is_api:
            client.cookies[PORTALS[who.partition(" ")[0]].cookie] = self.sessions[who]
        elif who != STRANGER and not door.is_api:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[who]
        headers = {"Idempotency-Key": fresh_key()} if door.is_api else {}
        if who != STRANGER and door.is_api:
            headers["Authorization"] = f"Bearer {self.keys[who]}"
        with transaction.atomic():
            answer = self._send(client, door, headers)
            said = word(answer)
            if said == "in" and answer.status_code == 302:
                said = _where_it_leads(client, answer)
            transaction.set_rollback(True)
        return said

    def _send(self, client: Client, door: Door, headers: dict[str, str]) -> Any:
        if door.method == "GET":
            return client.get(door.address, headers=headers)
        if not door.is_api or door.kind.startswith("multipart"):
            return client.post(door.address, FORM, headers=headers)
        return client.generic(door.method, door.address, door.body, content_type="application/json", headers=headers)


def _where_it_leads(client: Client, answer: Any) -> str:
    """A page that sends on with a refusal in its hands has refused; one that leads to what is not there shows nothing."""
    if any(message.level >= messages.ERROR for message in get_messages(answer.wsgi_request)):
        return "asked"
    there = word(client.get(answer["Location"]))
    return there if there in ("none", "no", "crash") else "in"


def word(answer: Any) -> str:
    """One of WORDS."""
    status = answer.status_code
    leads = answer["Location"] if status == 302 else ""
    if leads.startswith((*settings.LOGIN_URLS.values(), *STEP_UPS)):
        return "code" if leads.startswith(STEP_UPS) else "sign"
    if status == 403 and ("step_up_required" in answer.content.decode() or "动态口令" in answer.content.decode()):
        return "code"
    known = {401: "sign", 403: "no", 404: "none", 405: "other"}
    return known.get(status) or ("in" if status < 400 else "asked" if status < 500 else "crash")


def gather(team: Team) -> Crowd:
    """One of every role at the east, some of the west, somebody without any role; nobody has a fresh code."""
    people = {role: KNOWN.get(role) or _hire(team, role) for role in roles.LABELS} | ELSEWHERE
    crowd = Crowd()
    for who, name in people.items():
        user, at = team.people[name], clock.now()
        held = sorted(steps.actor_for(user, at).permissions)
        crowd.keys[who] = tokens.issue(user, "matrix", held, at.replace(year=2028), at)[1]
        crowd.sessions[who] = cast.signed_in(user, at=at, stepped_up=True).cookies[settings.SESSION_COOKIE_NAME].value
    clock.tick(660)  # the codes of the sign-ins are no longer fresh
    _bring_outsiders(crowd, team)
    return crowd


def _bring_outsiders(crowd: Crowd, team: Team) -> None:
    """The borrower of the populated house, and a dealer of the east that brought her case; in an empty house people of nobody."""
    by = steps.actor_for(team.people["guan"], clock.now())
    known = Application.objects.filter(status="accepted").select_related("customer").first()
    ours = Dealer.objects.order_by("id").first() or channel_steps.create(HARBOUR, branch_id=by.branch_id, owner_id=by.user_id, on=TODAY, by=by)
    there = replace(HARBOUR, uscc="91330327MATEYA4L22", name="杭州海港二手车有限公司")
    theirs = channel_steps.create(there, branch_id=by.branch_id, owner_id=by.user_id, on=TODAY, by=by)
    if known is not None:
        Application.objects.filter(pk=known.pk).update(dealer=ours)
    accounts = {
        "borrower": outside.account_of(known.customer if known else customer(OUYANG, by)), "borrower elsewhere": outside.account_of(customer(SHAN, by)),
        "dealer": outside.account_at(outside.person_of(ours, by)), "dealer elsewhere": outside.account_at(outside.person_of(theirs, by, "15488889999")),
    }
    for who, account in accounts.items():
        crowd.sessions[who], crowd.keys[who] = outside.token_for(account), outside.token_for(account, is_program=True)


def _hire(team: Team, role: str) -> str:
    name, reach = f"the.{role}", Reach.REGION if role == roles.REGIONAL_MGR else Reach.BRANCH
    team.people[name] = cast.person(name, role, at=team.east, reach=reach, enrolled=True)
    User.objects.filter(username=name).update(password_set_at=NOW)
    return name


# For doors whose things do not matter, since nobody should get as far.
NOBODYS_HOUSE: Any = SimpleNamespace(names={})


def every_door(house: Populated | None = None) -> list[Door]:
    """All of them, in a fixed order; without a house their names alone count."""
    return [*_page_doors(house), *_operations(house)]


def _page_doors(house: Populated | None) -> Iterable[Door]:
    for page in doors.pages():
        address = _page_address(page, house) if house else ""
        for method in ("GET", "POST"):
            yield Door(f"{method} {page.name}", method, address)


# A number that no row has: small ones are some row's in a database whose sequences are still at their start.
_STAND_INS: dict[str, Any] = {"int": "999999999", "uuid": "00000000-0000-4000-8000-000000000000", "date": TODAY, "slug": "x", "path": "x", "str": "lin"}


def _page_address(page: doors.Page, house: Populated) -> str:
    """With a thing of the house where there is one; the staff's pages are about Lin, and about the newest of what has no name."""
    try:
        if not page.name.startswith("staff:"):
            return examples.address_of(page)
    except (AssertionError, KeyError, IndexError):
        pass
    kinds = {part: kind or "str" for kind, part in re.findall(r"<(?:(\w+):)?(\w+)>", page.route)}
    parts = {part: (kind == "int" and house.names.get(part) or [_STAND_INS[kind]])[0] for part, kind in kinds.items()}
    if "role" in parts:
        parts["role"] = roles.FINANCE
    return reverse(page.name, kwargs=parts)


def _operations(house: Populated | None) -> Iterable[Door]:
    said = openapi()
    for path, verbs in said["paths"].items():
        for verb, operation in verbs.items():
            if verb in ("get", "post", "put", "patch", "delete"):
                kind, body = "application/json", "{}"
                for found, content in operation.get("requestBody", {}).get("content", {}).items():
                    kind, body = found, json.dumps(_sample(content["schema"], said["components"]["schemas"], house))
                yield Door(f"{verb.upper()} {path}", verb.upper(), _filled(path, house) if house else path, kind, body)


def _sample(schema: dict[str, Any], known: dict[str, Any], house: Populated | None, name: str = "") -> Any:
    """A body of the right shape that names things of the house, so that who may not is not stopped by a form first."""
    if "$ref" in schema:
        return _sample(known[schema["$ref"].rpartition("/")[2]], known, house, name)
    if "anyOf" in schema:
        return _sample(schema["anyOf"][0], known, house, name)
    if schema.get("type") == "object":
        return {one: _sample(schema["properties"][one], known, house, one) for one in schema.get("required", ())}
    if schema.get("type") == "array":
        return [_sample(schema["items"], known, house, name.removesuffix("s"))]
    if house and (things := house.names.get(name) or house.names.get(f"{name.removesuffix('_number')}s")):
        return things[0]
    plain = {"string": "核对资料", "integer": 1, "boolean": False}
    return schema.get("const") or next(iter(schema.get("enum") or schema.get("examples") or ()), plain.get(schema.get("type", ""), None))


def _filled(path: str, house: Populated) -> str:
    for part in re.findall(r"{(\w+)}", path):
        known = house.names.get(part) or _by_path(path, house.names) or ["x"]
        path = path.replace(f"{{{part}}}", str(known[0]))
    return path


def knocked(crowd: Crowd, chosen: Iterable[Door]) -> dict[str, dict[str, str]]:
    """By door: by principal: the word. A method that the door has for nobody is no door."""
    found = {door.name: {who: crowd.knock(who, door) for who in PRINCIPALS} for door in chosen}
    return {name: row for name, row in found.items() if "other" not in row.values() or set(row.values()) - {"other", "sign"}}


def reviewed() -> dict[str, dict[str, str]]:
    """The matrix as somebody has looked it over."""
    if not REVIEWED.exists():
        return {}
    with REVIEWED.open(newline="") as file:
        return {row.pop("door"): row for row in csv.DictReader(file)}


def write(found: dict[str, dict[str, str]], place: Path) -> None:
    """What was found, for somebody to look over."""
    with place.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["door", *PRINCIPALS], lineterminator="\n")
        writer.writeheader()
        writer.writerows({"door": name, **row} for name, row in found.items())


def differences(found: dict[str, dict[str, str]], known: dict[str, dict[str, str]]) -> list[str]:
    """In words: `POST ledger:close, finance: code, reviewed was no`."""
    return [
        f"{name}, {who}: {said}, reviewed was {known.get(name, {}).get(who, 'nothing: a new door')}"
        for name, row in found.items() for who, said in row.items() if known.get(name, {}).get(who) != said
    ]
