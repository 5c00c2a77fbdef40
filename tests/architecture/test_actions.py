"""One verb, one file, one permission, one test."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest
from django.utils import translation

from tests.architecture import house
from tests.architecture.house import Module, dotted, product, report

GATHERING = ("__init__.py",)
VERB = re.compile(r"[a-z]+\.[a-z_]+")


def _action_files() -> list[Module]:
    return [
        module for module in product()
        if module.kind == "actions" and module.path.name not in GATHERING and not module.path.name.startswith("_")
    ]


def _actions_in(module: Module) -> list[ast.FunctionDef]:
    return [
        node for node in module.tree.body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Call) and dotted(mark.func).split(".")[-1] == "action" for mark in node.decorator_list)
    ]


def test_an_action_file_holds_the_one_verb_it_is_named_after() -> None:
    findings = []
    for module in _action_files():
        names = [node.name for node in _actions_in(module)]
        if names != [module.path.stem]:
            findings.append(f"{module.place} holds {', '.join(names) or 'no action'}")
    assert not findings, report(findings)


def test_an_action_takes_keywords_only_and_not_more_than_seven() -> None:
    findings = []
    for module in _action_files():
        for node in _actions_in(module):
            given = [argument.arg for argument in node.args.kwonlyargs if argument.arg not in ("by", "business_date")]
            if node.args.args or node.args.posonlyargs:
                findings.append(f"{module.place}:{node.lineno} takes positional arguments")
            if len(given) > 7:
                findings.append(f"{module.place}:{node.lineno} takes {len(given)} arguments: some of them are one thing")
    assert not findings, report(findings)


def test_no_action_stands_outside_the_actions_folder() -> None:
    findings = [module.place for module in product() if module.kind != "actions" and _actions_in(module)]
    assert not findings, report(findings)


def test_every_action_is_tried_by_a_test_of_its_room() -> None:
    findings = []
    for module in _action_files():
        tests = (house.SOURCE / module.room / "tests").rglob("test_*.py")
        if not any(module.path.stem in path.read_text() for path in tests):
            findings.append(f"{module.place} is not called by any test in {module.room}/tests")
    assert not findings, report(findings)


def test_every_registered_action_has_a_declared_permission() -> None:
    """Asked of the running registry: what the permission matrix and the RACI page are drawn from."""
    from chezhe.kernel import action, permission

    assert action.REGISTRY, "no room registers its actions"
    findings = [
        name for name, spec in action.REGISTRY.items() if permission.REGISTRY.get(spec.permission.code) is not spec.permission
    ]
    assert not findings, report(findings)


def test_an_action_has_a_label_of_its_own_where_its_permission_opens_others_too() -> None:
    """A track that says "suspend, resume and end dealers" does not say what was done."""
    from chezhe.kernel import action

    opened = Counter(spec.permission.code for spec in action.REGISTRY.values())
    findings = [
        f"{name} is called like its permission {spec.permission.code}, which opens {opened[spec.permission.code]} actions"
        for name, spec in action.REGISTRY.items()
        if opened[spec.permission.code] > 1 and str(spec.label) == str(spec.permission.label)
    ]
    assert not findings, report(findings)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_no_two_verbs_share_a_label(language: str) -> None:
    from chezhe.kernel import action

    with translation.override(language):
        named = [(action.label_of(verb), verb) for verb in sorted({*action.REGISTRY, *action.OTHER_VERBS})]
    shared = Counter(label for label, _verb in named)
    findings = [f"{verb} shares the label {label}" for label, verb in named if shared[label] > 1 or label == verb]
    assert not findings, report(findings)


def test_every_verb_written_into_the_trail_has_a_label() -> None:
    """Whoever calls `audit.record` with a verb that is no action names it with `name_verbs`."""
    from chezhe.kernel import action

    findings = [
        f"{module.place}:{node.lineno} writes {node.value}, which has no label"
        for module in product() for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and dotted(call.func).split(".")[-1] in ("record", "note_entry", "_note", "prove_code")
        for told in [*call.args, *(word.value for word in call.keywords if word.arg == "verb")] for node in ast.walk(told)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and VERB.fullmatch(node.value)
        and action.label_of(node.value) == node.value
    ]
    assert not findings, report(findings)


def test_every_action_file_is_registered_at_start_up() -> None:
    """An action that no `apps.py` imports would be missing from the permission matrix until its page is opened."""
    from chezhe.kernel import action

    findings = [
        module.place for module in _action_files()
        if any(action.REGISTRY.get(f"{module.room}.{node.name}") is None for node in _actions_in(module))
    ]
    assert not findings, report(findings)
