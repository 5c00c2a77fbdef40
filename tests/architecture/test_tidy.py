"""The house rules that a machine can judge. Each failure names the file and the line."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture import house
from tests.architecture.house import Module, calls, dotted, product, report

FUNCTION_LINES_MAX = 60
FILE_LINES_MAX = 400

# Float may propose (a level instalment, a root) and an integer check confirms; these modules are where it does.
FLOAT_ROOMS = ("finmath", "ledger", "products", "payments", "origination", "contracts", "servicing", "compliance", "collection", "disposal")
FLOAT_MAY_PROPOSE = (
    "finmath/rates.py", "finmath/roots.py", "finmath/level.py", "finmath/vector.py", "finmath/loops.py", "finmath/compiled.py",
    "finmath/vector_rates.py", "finmath/vector_schedules.py", "finmath/kernels.py", "finmath/rate_kernels.py", "finmath/lanes.py",
)
# Set-based modules and the mechanics under them.
RAW_SQL_ALLOWED = (
    "kernel/numbers.py", "kernel/appending.py", "kernel/bulk.py", "kernel/audit.py", "kernel/locks.py", "kernel/views.py", "kernel/postgres/",
    "kernel/business_date.py", "kernel/composed.py", "kernel/prepared.py", "kernel/bell.py", "kernel/events.py",
    "ledger/queries.py", "ledger/writing.py", "servicing/endofday/", "servicing/quality/", "servicing/tax/reading.py",
    "servicing/profit/reading.py", "risk/relations/reading.py", "risk/relations/writing.py",
    "risk/screening/reading.py",
    "cli/commands/",
)
CLOCK_ALLOWED = ("kernel/clock.py", "cli/commands/")
WRITES = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate", "asave"}
QUERYSET_WRITES = {"create", "update", "delete"}
BARE_CLOCKS = re.compile(r"^(datetime|date|dt|timezone)(\.datetime|\.date)?\.(now|utcnow|today)$|^time\.time$")
# With an argument these only convert.
CLOCKS_WITHOUT_ARGUMENT = ("timezone.localdate", "timezone.localtime")
# Reviewed: every key is a name of ours, written in the same file.
EXPANSION_REVIEWED = ("compliance/steps/pricing.py", "ui/lists.py")
EXPANDABLE = {"filter", "exclude", "Q", "get_or_create", "update_or_create", "aggregate", "annotate"}


def _is_in(module: Module, places: tuple[str, ...]) -> bool:
    inside = str(module.path.relative_to(house.SOURCE))
    return any(inside == place or (place.endswith("/") and inside.startswith(place)) for place in places)


def test_no_function_is_longer_than_60_lines() -> None:
    findings = []
    for module in house.modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    findings.append(f"{module.place}:{node.lineno} {node.name} has {lines} lines")
    assert not findings, report(findings)


def test_no_file_is_longer_than_400_lines() -> None:
    files = house.tracked("run", "conftest.py", ".ci/run", "*.py", "web/*.ts", "web/*.mjs", "web/*.css", "*.html", "deploy/*")
    findings = []
    for path in files:
        lines = len(path.read_text(errors="replace").splitlines())
        if lines > FILE_LINES_MAX and "migrations" not in path.parts:
            findings.append(f"{path.relative_to(house.ROOT)} has {lines} lines")
    assert not findings, report(findings)


def test_doors_never_write_to_the_database() -> None:
    findings = []
    for module in product():
        if module.kind in house.DOORS:
            findings += [f"{module.place}:{call.lineno} {dotted(call.func)}" for call in calls(module.tree) if _is_write(call)]
    assert not findings, report(findings)


def _is_write(call: ast.Call) -> bool:
    chain = dotted(call.func).split(".")
    if len(chain) < 2:
        return False
    verb, before = chain[-1], chain[:-1]
    return verb in WRITES or (verb in QUERYSET_WRITES and ("objects" in before or "filter" in before))


def test_money_rooms_know_no_float() -> None:
    findings = []
    for module in product():
        if module.room not in FLOAT_ROOMS or _is_in(module, FLOAT_MAY_PROPOSE):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                findings.append(f"{module.place}:{node.lineno} {node.value}")
            if isinstance(node, ast.Call) and dotted(node.func) in ("float", "models.FloatField", "FloatField"):
                findings.append(f"{module.place}:{node.lineno} {dotted(node.func)}(…)")
    assert not findings, report(findings)


def test_only_the_kernel_clock_reads_the_clock() -> None:
    findings = []
    for module in house.modules():
        if not _is_in(module, CLOCK_ALLOWED):
            found = [call for call in calls(module.tree) if _reads_the_clock(call)]
            findings += [f"{module.place}:{call.lineno} {dotted(call.func)}()" for call in found]
    assert not findings, report(findings)


def _reads_the_clock(call: ast.Call) -> bool:
    name = dotted(call.func)
    return bool(BARE_CLOCKS.match(name)) or (name in CLOCKS_WITHOUT_ARGUMENT and not call.args)


def test_rules_and_postings_are_handed_the_time() -> None:
    findings = []
    for module in product():
        if module.kind in ("rules", "postings", "states") or module.room in ("finmath", "identifiers"):
            found = [call for call in calls(module.tree) if dotted(call.func) in ("clock.now", "clock.today", "business_date.current")]
            findings += [f"{module.place}:{call.lineno} {dotted(call.func)}()" for call in found]
    assert not findings, report(findings)


def test_raw_sql_stays_in_the_listed_modules() -> None:
    findings = []
    for module in product():
        if _is_in(module, RAW_SQL_ALLOWED):
            continue
        for call in calls(module.tree):
            *before, verb = dotted(call.func).split(".")
            is_prepared = before[-1:] == ["prepared"] and verb in ("ask", "ask_all")
            if is_prepared or verb in ("cursor", "RawSQL", "extra", "execute", "executemany") or (verb == "raw" and "objects" in before):
                findings.append(f"{module.place}:{call.lineno} {dotted(call.func)}")
    assert not findings, report(findings)


def test_no_lookup_is_made_from_somebody_elses_dictionary() -> None:
    """`filter(**request.GET)` lets a visitor choose columns and connectors (CVE-2025-64459)."""
    findings = []
    for module in product():
        if _is_in(module, EXPANSION_REVIEWED):
            continue
        for call in calls(module.tree):
            verb = dotted(call.func).split(".")[-1]
            expands = any(keyword.arg is None and not isinstance(keyword.value, ast.Dict) for keyword in call.keywords)
            if verb in EXPANDABLE and expands:
                findings.append(f"{module.place}:{call.lineno} {dotted(call.func)}(**…)")
    assert not findings, report(findings)


def test_no_error_is_swallowed() -> None:
    findings = []
    for module in house.modules():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ExceptHandler) and _catches_everything(node) and all(isinstance(s, ast.Pass) for s in node.body):
                findings.append(f"{module.place}:{node.lineno}")
    assert not findings, report(findings)


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or dotted(handler.type) in ("Exception", "BaseException")


def test_public_functions_of_the_pure_packages_say_what_they_do() -> None:
    findings = []
    for module in product():
        if module.room not in ("finmath", "identifiers") and module.kind not in ("rules", "postings", "steps", "actions"):
            continue
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                findings.append(f"{module.place}:{node.lineno} {node.name}")
    assert not findings, report(findings)


@pytest.mark.parametrize("word", ["TODO", "FIXME", "XXX", "HACK"])
def test_no_note_to_self_is_left(word: str) -> None:
    marker = re.compile(rf"#.*\b{word}\b")
    findings = [
        f"{module.place}:{number}"
        for module in product()
        for number, line in enumerate(module.lines, 1)
        if marker.search(line)
    ]
    assert not findings, report(findings)
