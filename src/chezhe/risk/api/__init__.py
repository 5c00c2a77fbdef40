"""REST `/api/v1/risk/…`: one router of the room; each part adds its own."""

from ninja import Router

router = Router(tags=["risk"])
