"""The rooms, in the order of a loan's life; a room may import those below it."""

from importlib.util import find_spec

# From the ground up; the layers stand in pyproject.toml and are tested.
WITH_DJANGO = (
    "kernel", "ui", "staff", "approvals", "compliance", "documents", "messaging", "policies", "customers", "vehicles",
    "channels", "ledger", "products", "payments", "risk", "leads", "origination", "contracts", "servicing",
    "workbench", "portal",
)


def built() -> list[str]:
    """The rooms that exist in this checkout, in order."""
    return [room for room in WITH_DJANGO if find_spec(f"chezhe.{room}.apps")]
