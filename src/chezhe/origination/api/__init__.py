"""Applications over the API: the same steps, verdicts and offers as on the pages."""

from chezhe.origination.api import deciding, interviewing, matching, offering, reading, revising, writing  # noqa: F401
from chezhe.origination.api.shapes import router

__all__ = ["router"]
