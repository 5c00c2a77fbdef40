"""Every action of the room, so that the registries are full at start-up."""

from chezhe.vehicles.actions import (  # noqa: F401
    edit_vehicle,
    record_paper,
    record_valuation,
    register_vehicle,
    reveal_field,
)
