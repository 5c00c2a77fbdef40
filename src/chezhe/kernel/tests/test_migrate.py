"""The quicker `migrate` comes to the same models as Django's own."""

from typing import Any

from django.db import migrations, models
from django.db.migrations.state import ProjectState

from chezhe.kernel.management.commands.migrate import State

KEY = ("id", models.BigAutoField(primary_key=True))
STEPS = (
    migrations.CreateModel("Bell", [KEY, ("tone", models.CharField(max_length=8, unique=True))]),
    migrations.CreateModel("Ring", [KEY, ("bell", models.ForeignKey("testing.Bell", models.CASCADE, related_name="rings"))]),
    migrations.AddIndex("Bell", models.Index(fields=["tone"], name="bell_tone")),
    migrations.AddField("Ring", "count", models.IntegerField(default=0)),
    migrations.AddConstraint("Ring", models.UniqueConstraint(fields=["bell", "count"], name="ring_once")),
    migrations.CreateModel("Echo", [KEY, ("ring", models.ForeignKey("testing.Ring", models.CASCADE, related_name="echoes"))]),
)


def drawn(state: ProjectState) -> dict[str, Any]:
    """What each model knows of itself and of its neighbours after all steps, taken as a migration takes them: a copy stays behind."""
    assert not list(state.apps.get_models())
    for step in STEPS:
        state.clone()
        step.state_forwards("testing", state)
    found = {model.__name__: model._meta for model in state.apps.get_models()}
    return {
        name: (
            [field.name for field in meta.get_fields()], [index.name for index in meta.indexes], [one.name for one in meta.constraints],
            [field.related_model is found[field.related_model.__name__].model for field in meta.get_fields() if field.is_relation],
        )
        for name, meta in found.items()
    }


def test_it_draws_what_django_draws() -> None:
    ours = drawn(State())
    assert ours == drawn(ProjectState()) and set(ours) == {"Bell", "Ring", "Echo"}
    assert ours["Bell"][0] == ["rings", "id", "tone"] and ours["Ring"][2] == ["ring_once"]


def test_a_copy_of_ours_is_ours() -> None:
    assert type(State().clone()) is State
