"""The worker's doors of this room."""

from chezhe.contracts.tasks import signing  # noqa: F401
from chezhe.contracts.tasks.printing import escalate_late_lanes, print_set

__all__ = ["escalate_late_lanes", "print_set"]
