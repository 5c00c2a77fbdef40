"""What people can do on a page, programs can do over REST; and every operation keeps the API's manners."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import resolve

from chezhe.kernel import action, permission
from tests.architecture import house
from tests.architecture.house import dotted, report

VERBS = ("get", "post", "put", "patch", "delete")

# Not for people: the worker or a vendor's callback does these, and each writes down why nobody else may.
WITHOUT_API = {
    "approvals.apply_verdict": "the worker, when the time to undo a verdict is over",
    "approvals.check_request_people": "the worker, when somebody has gone or a role has ended",
    "documents.record_reading": "the worker, when the reader of papers has answered",
    "contracts.escalate_lanes": "the worker, when a customer has waited too long",
    "contracts.follow_lane": "follows the news of an application",
    "contracts.end_straight_through": "follows a case that goes by itself",
    "contracts.offer_cost_sheet": "follows the printed papers of a case that goes by itself",
    "contracts.keep_printed_set": "the worker, when the press has made the papers",
    "contracts.note_printing_failed": "the worker, when the press could not make them",
    "contracts.accept_signing_notice": "the provider's signed callback",
    "contracts.fail_signing": "the worker, when a signature will not come",
    "contracts.record_signatures": "the worker, when the signatures have been made",
    "contracts.tell_ending_terms": "the worker, when a record in the unified registry ends soon",
    "contracts.settle_disbursement": "follows the payout's news",
    "messaging.accept_receipt": "a vendor's signed callback",
    "messaging.record_delivery": "the worker, when the vendor has answered",
    "messaging.refuse_message": "the worker, when consent is gone before the message left",
    "risk.score_customers": "the worker, for whom new behaviour was told of",
    "risk.screen_chunk": "the worker, for a list that somebody brought in",
    "risk.trace_customer": "the worker, when a file is new or has changed",
    "payments.accept_debit_notice": "the channel's signed callback",
    "payments.accept_notice": "the bank's signed callback",
    "payments.mark_debits_sent": "the worker, before the orders leave",
    "payments.note_batch_taken": "the worker, when the bank has taken a file",
    "payments.mark_payout_sent": "the worker, before the order leaves",
    "payments.report_refused_callback": "a callback that nobody signed",
    "payments.report_silence": "the worker, when the bank says nothing",
    "payments.resend_payout": "the worker, under the same bank reference",
    "payments.settle_channel": "the worker, with the channel's own statement",
    "payments.settle_debits": "the worker, with the channel's own answer",
    "payments.settle_payout": "the worker, with the bank's own answer",
    "payments.take_settlement_file": "the worker, with the channel's own file",
    "origination.apply_decision": "follows the machine's decision",
    "origination.pass_straight_through": "follows the machine's approval",
    "risk.decide_application": "the worker, when everything asked for has come or its time is over",
    "risk.blend_estimates": "the worker, when every source has answered",
    "servicing.retract_outcome": "follows a settlement that was reversed",
    "servicing.follow_securities": "follows what becomes of the loan",
    "risk.score_in_shadow": "the worker, when a live decision is made",
    "risk.screen_again": "the worker, when half a year is over",
    "risk.begin_backtest": "the worker, for a backtest that somebody started",
    "risk.settle_backtest": "the worker, when a backtest has been worked out",
    "risk.end_live_trial": "the worker, when a trial's day has come, it is full, or a guard is broken",
    "risk.note_trial_loan": "follows the loan that begins",
    "risk.take_answer": "the worker, when an outside source has answered",
    "portal.tell_progress": "the worker, when a case has come further",
    "servicing.acknowledge_money": "the worker, when money has come",
    "servicing.activate_loan": "follows the paid disbursement",
    "servicing.apply_repricing": "the worker, when risk management has agreed",
    "servicing.answer_recomputation": "the worker, for a recomputation that somebody asked for",
    "servicing.claw_back_commission": "follows the loan that was paid off",
    "servicing.claw_back_defaults": "the worker, after the close of a day",
    "servicing.hold_loan": "follows the payout that came back",
    "servicing.resume_loan": "follows the payout that went again",
    "servicing.restore_commission": "follows the payoff that was reversed",
    "servicing.settle_commission": "the worker, with the bank's own answer",
    "servicing.close_shard": "the worker, for a run that somebody began",
    "servicing.report_outcomes": "the worker, after the close of a day",
    "servicing.prove_night": "the worker, after the close of a day; what it found is read with the day",
    "servicing.compute_provision": "the worker, for a run that somebody began",
    "servicing.accept_invoice_notice": "the invoice platform's signed callback",
    "servicing.hand_over_invoice": "the worker, before an invoice leaves",
    "servicing.record_invoice_answer": "the worker, when the invoice platform has answered",
    "servicing.compute_vat": "the worker, for a run that somebody began",
    "takeover.try_book": "the worker, for a book that somebody uploaded", "takeover.take_chunk": "the worker, for a book that two people let go",
    "takeover.finish_book": "the worker, after the last chunk",
    "servicing.finish_end_of_day": "the worker, after the last shard",
    "servicing.follow_debit": "follows the order's news",
    "servicing.note_behaviour": "the worker, after the close of a day",
    "servicing.tell_dealers": "the worker, after the close of a day",
    "servicing.tell_behaviour": "the worker, for customers to whose loans something happened",
    "servicing.order_debits": "the worker, when the hour of planned debits has come",
    "servicing.plan_debits": "the worker, when a business day has opened",
    "servicing.settle_refund": "the worker, with the bank's own answer",
    "servicing.propose_repricing": "the worker, on the morning of a repricing day",
    "servicing.tell_new_rate": "the worker, when a rate has changed",
    "servicing.undo_repricing": "the worker, for a batch that somebody reverses",
    "servicing.remind_borrowers": "the worker, on the mornings before an instalment",
    "workbench.count_view": "the worker, each morning, for who subscribed to it",
}

# The way in of outsiders: asked before anybody is anybody.
FOR_STRANGERS = {
    "POST /api/v1/portal/codes", "POST /api/v1/portal/sessions", "POST /api/v1/contracts/guest/codes", "POST /api/v1/contracts/guest/sessions",
}

# Answers that are a list and no page: what bounds them.
BOUNDED = {
    "GET /api/v1/channels/sources": "a fixed list of codes",
    "GET /api/v1/compliance/calendar/{year}": "the days of one year",
    "GET /api/v1/compliance/consents/standing": "one line for each kind of consent",
    "GET /api/v1/documents/categories": "a fixed list of codes",
    "GET /api/v1/ledger/balances": "one line for each account",
    "GET /api/v1/origination/{number}/gaps": "what one application can lack",
    "GET /api/v1/origination/{number}/conditions": "the few conditions of one approval",
    "GET /api/v1/origination/{number}/differences": "the fields of one application",
    "GET /api/v1/origination/{number}/offers": "as often as one customer may ask",
    "GET /api/v1/origination/{number}/wanted": "what reviewers want of one application",
    "GET /api/v1/origination/{number}/interviews": "the few interviews of one application",
    "GET /api/v1/origination/{number}/questions": "one list of questions",
    "GET /api/v1/origination/{number}/papers": "the papers of one application that can be read",
    "GET /api/v1/origination/{number}/papers/{document_id}": "the fields of one paper",
    "GET /api/v1/origination/{number}/plan": "the instalments of one plan",
    "GET /api/v1/risk/catalogue": "the facts that the code knows",
    "GET /api/v1/servicing/loans/{number}/invoiceable": "what one loan's instalments were paid for",
    "GET /api/v1/servicing/profit": "one line a month, product and branch",
    "GET /api/v1/servicing/loans/{number}/plan": "the instalments of one plan",
    "GET /api/v1/staff/roles": "the roles that the code knows",
    "GET /api/v1/workbench/todo": "one line for each kind of work",
}


def test_whatever_people_can_do_programs_can_do() -> None:
    reached = {name for module in _api_modules() for name in _actions_called(module)}
    findings = [f"{name} is reached by no API operation" for name in sorted(set(action.REGISTRY) - reached - set(WITHOUT_API))]
    findings += [f"{name} has an API operation and stands on the list" for name in sorted(reached & set(WITHOUT_API))]
    findings += [f"{name} is on the list and no action" for name in sorted(set(WITHOUT_API) - set(action.REGISTRY))]
    assert not findings, report(findings)


def test_what_has_no_operation_is_done_by_no_page_either() -> None:
    people = ("views",)
    callbacks = {"contracts.accept_signing_notice", "messaging.accept_receipt", "servicing.accept_invoice_notice", "payments.accept_notice", "payments.accept_debit_notice",
                 "payments.report_refused_callback"}
    findings = [
        f"{module.place} calls {name}" for module in house.product() if module.kind in people
        for name in _imported_actions(module.tree).values() if name in set(WITHOUT_API) - callbacks
    ]
    assert not findings, report(findings)


def test_no_operation_stands_behind_a_path_that_catches_its_address() -> None:
    """`/views/default` behind `/views/{key}` would never be reached."""
    findings = []
    for label, _operation in _operations():
        path = label.partition(" ")[2]
        address = re.sub(r"{(\w+)}", "1", path)
        caught = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", resolve(address).route)
        if caught != path:
            findings.append(f"{label} is caught by {caught}")
    assert not findings, report(findings)


def test_every_post_asks_for_an_idempotency_key() -> None:
    findings = [
        label for label, operation in _operations() if label.startswith("POST ")
        and not any(p["name"] == "Idempotency-Key" and p["required"] and p["in"] == "header" for p in operation.get("parameters", []))
    ]
    assert not findings, report(findings)


def test_every_collection_is_read_page_by_page() -> None:
    findings = []
    for label, operation in _operations():
        shape = _answer(operation)
        asks = {p["name"] for p in operation.get("parameters", [])}
        if label.startswith("GET ") and shape.get("type") == "array" and label not in BOUNDED:
            findings.append(f"{label} answers a list without a cursor")
        if "items" in shape.get("properties", {}) and not ({"cursor", "limit"} <= asks and "next_cursor" in shape["properties"]):
            findings.append(f"{label} answers a page without cursor, limit or next_cursor")
    findings += [f"{label} is on the list and answers no list" for label in BOUNDED if _answer(dict(_operations())[label]).get("type") != "array"]
    assert not findings, report(findings)


def test_every_failure_is_documented_as_problem_details() -> None:
    findings = []
    for label, operation in _operations():
        for status, answer in operation["responses"].items():
            if int(status) >= 400 and list(answer["content"]) != ["application/problem+json"]:
                findings.append(f"{label} {status}")
        if not {"400", "401", "403", "404", "409", "422"} <= set(operation["responses"]):
            findings.append(f"{label} lacks a failure that every operation can have")
    assert not findings, report(findings)


def test_every_operation_says_how_to_sign_in_and_which_scope_it_needs() -> None:
    document = _document()
    assert set(document["components"]["securitySchemes"]) == {"bearer", "session"} and len(document["info"]["description"]) > 200
    findings = []
    for label, operation in _operations():
        scopes = operation.get("x-scopes")
        if scopes is None or not set(scopes) <= set(permission.REGISTRY):
            findings.append(f"{label} names no scope that exists: {scopes}")
        if label in FOR_STRANGERS:
            findings += [] if operation.get("security") == [] else [f"{label} asks strangers to have signed in"]
        elif operation.get("security") != [{"bearer": scopes}, {"session": scopes}]:
            findings.append(f"{label} does not say how to sign in")
        if "WWW-Authenticate" not in operation["responses"]["401"].get("headers", {}):
            findings.append(f"{label} does not say what a 401 carries")
        moves_money = any(permission.REGISTRY[scope].moves_money for scope in scopes or [] if scope in permission.REGISTRY)
        if operation.get("x-step-up", False) != moves_money:
            findings.append(f"{label} moves money and does not ask for the second factor, or the other way round")
    assert not findings, report(findings)
    said = dict(_operations())
    assert said["GET /api/v1/servicing/loans"]["x-scopes"] == ["servicing.view"] and said["GET /api/v1/staff/me"]["x-scopes"] == []
    assert said["POST /api/v1/contracts/disbursements/{number}/check"]["x-step-up"]


def test_the_page_of_the_api_calls_only_what_exists() -> None:
    page = (house.ROOT / "docs" / "api.md").read_text()
    known = [(label, re.compile(re.sub(r"{\w+}", r"[^/]+", label))) for label, _operation in _operations()]
    calls = [f"{verb} /api/v1/{path}" for verb, path in re.findall(r"\bapi ([A-Z]+) \"?([^\s\"?]+)", page)]
    calls += [f"POST /api/v1/{path}" for path in re.findall(r"^send (\S+)", page, re.MULTILINE)]
    calls += re.findall(r"`([A-Z]+ /api/v1/[\w/-]+)`", page)
    findings = [call for call in calls if not any(shape.fullmatch(call) for _label, shape in known) and "METHOD" not in call]
    assert len(calls) > 20 and not findings, report(findings)
    members = set(_document()["components"]["schemas"]["Problem"]["properties"])
    assert {name for name in members if f"`{name}`" not in page and f'"{name}"' not in page} == set()


def test_no_operation_is_without_a_guard() -> None:
    findings = []
    for module in _api_modules():
        for node in _operation_functions(module):
            marks = {dotted(mark.func if isinstance(mark, ast.Call) else mark) for mark in node.decorator_list}
            if not marks & {"needs", "open_to_all"}:
                findings.append(f"{module.place}:{node.lineno} {node.name} asks for no permission")
    assert not findings, report(findings)


def test_two_shapes_never_share_a_name_in_the_document() -> None:
    """The generator would let the second overwrite the first, and the document would lie about both."""
    from chezhe.kernel.wire import In, Out

    shapes = [shape for base in (In, Out) for shape in _descendants(base) if "[" not in shape.__name__]
    assert len(shapes) > 100
    places: dict[str, set[str]] = {}
    for shape in shapes:
        places.setdefault(shape.__name__, set()).add(shape.__module__)
    findings = [f"{name}: {', '.join(sorted(modules))}" for name, modules in places.items() if len(modules) > 1]
    assert not findings, report(findings)


def _descendants(base: type) -> Iterator[type]:
    for child in base.__subclasses__():
        yield child
        yield from _descendants(child)


@cache
def _document() -> dict[str, Any]:
    from chezhe.config.documents import openapi

    return openapi()


@cache
def _operations() -> tuple[tuple[str, dict[str, Any]], ...]:
    paths = _document()["paths"]
    return tuple((f"{verb.upper()} {path}", operation) for path, item in paths.items() for verb, operation in item.items())


def _schemas() -> dict[str, Any]:
    return dict(_document()["components"]["schemas"])


def _answer(operation: dict[str, Any]) -> dict[str, Any]:
    """The shape of the first good answer."""
    good = next(answer for status, answer in operation["responses"].items() if int(status) < 400)
    shape: dict[str, Any] = good.get("content", {}).get("application/json", {}).get("schema", {})
    return dict(_schemas()[shape["$ref"].rpartition("/")[2]]) if "$ref" in shape else shape


def _api_modules() -> list[house.Module]:
    return [module for module in house.product() if module.kind == "api"]


def _operation_functions(module: house.Module) -> list[ast.FunctionDef]:
    return [
        node for node in module.tree.body if isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Call) and dotted(mark.func) in {f"router.{verb}" for verb in VERBS} for mark in node.decorator_list)
    ]


def _actions_called(module: house.Module, operations: list[str] | None = None) -> set[str]:
    """Actions that the operations of a module (or those named) call themselves or through helpers of the module."""
    actions = _imported_actions(module.tree)
    functions = {node.name: node for node in module.tree.body if isinstance(node, ast.FunctionDef)}
    seen: set[str] = set()
    waiting = operations or [node.name for node in _operation_functions(module)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for call in house.calls(functions[name]):
            called = dotted(call.func)
            found |= {actions[called]} if called in actions else set()
            waiting += [called] if called in functions else []
    return found


def _imported_actions(tree: ast.Module) -> dict[str, str]:
    """Local name → registered name of every action a module imports."""
    return {
        alias.asname or alias.name: f"{node.module.split('.')[1]}.{alias.name}"
        for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module and ".actions." in node.module
        for alias in node.names if f"{node.module.split('.')[1]}.{alias.name}" in action.REGISTRY
    }
