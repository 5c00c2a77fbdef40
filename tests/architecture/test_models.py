"""What the tables promise: every field says how private it is, and no link points upward."""

from __future__ import annotations

from django.apps import apps

from chezhe.kernel import privacy
from tests.architecture import house
from tests.architecture.house import report


def _our_models() -> list[type]:
    return [model for model in apps.get_models() if model.__module__.startswith("chezhe.")]


def test_every_field_that_may_hold_personal_data_is_tagged() -> None:
    findings = privacy.untagged()
    assert not findings, report(findings)


def test_what_identifies_a_person_is_encrypted() -> None:
    """Fields whose very name says so may not be plain text."""
    telling = ("id_number", "mobile", "card_number", "bank_account_number")
    findings = [
        f"{tag.room}.{tag.model}.{tag.field}"
        for tag in privacy.register()
        if tag.field in telling and tag.privacy_class == privacy.C2 and not tag.encrypted
    ]
    assert not findings, report(findings)


def test_links_between_tables_point_downward() -> None:
    """A foreign key named by a string is an import too."""
    findings = []
    for model in _our_models():
        room = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not field.concrete or target is None or not target.__module__.startswith("chezhe."):
                continue
            other = target.__module__.split(".")[1]
            if other != room and house.storey(other) <= house.storey(room):
                findings.append(f"{room}.{model.__name__}.{field.name} points to {other}.{target.__name__}")
    assert not findings, report(findings)


def test_no_migration_of_a_room_depends_on_a_higher_room() -> None:
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    ours = {config.label: config.name.split(".")[1] for config in apps.get_app_configs() if config.name.startswith("chezhe.")}
    findings = []
    for (label, name), migration in loader.disk_migrations.items():
        for needed, _ in migration.dependencies:
            if label in ours and needed in ours and ours[needed] != ours[label]:
                if house.storey(ours[needed]) <= house.storey(ours[label]):
                    findings.append(f"{label}.{name} depends on {needed}")
    assert not findings, report(findings)
