"""The rooms, in the order of a loan's life; a room may import those below it."""

from pathlib import Path

# From the ground up; the layers stand in pyproject.toml and are tested.
WITH_DJANGO = (
    "kernel", "ui", "staff", "approvals", "compliance", "documents", "messaging", "policies", "customers", "vehicles",
    "channels", "ledger", "products", "payments", "risk", "leads", "origination", "contracts", "servicing", "takeover",
    "workbench", "portal", "simulation",
)
_ROOMS = Path(__file__).resolve().parents[1]


def built() -> list[str]:
    """The rooms that exist in this checkout, in order."""
    return [room for room in WITH_DJANGO if has(room, "apps")]


def has(room: str, module: str) -> bool:
    """Whether a room has a piece of furniture, for example `has("ledger", "api")`."""
    folder = _ROOMS / room
    return (folder / f"{module}.py").exists() or (folder / module / "__init__.py").exists()
