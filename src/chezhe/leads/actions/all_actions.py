"""Every action of the room, so that the registries are full at start-up."""

from chezhe.leads.actions import (  # noqa: F401
    assign_lead,
    claim_lead,
    convert_lead,
    create_lead,
    edit_lead,
    lose_lead,
    mark_duplicate,
    qualify_lead,
    record_touch,
    reveal_field,
)
