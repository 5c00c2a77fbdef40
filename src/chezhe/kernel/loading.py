"""Fill the registries at start-up: every action of a room, without naming them one by one."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules


def load_actions(room: str) -> None:
    """Import each module of `chezhe.<room>.actions`; called by the room's AppConfig.ready()."""
    package = import_module(f"chezhe.{room}.actions")
    for module in iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
