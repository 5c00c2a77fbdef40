"""REST `/api/v1/risk/…`: one router of the room; each part adds its own."""

from ninja import Router

router = Router(tags=["risk"])

from chezhe.risk.api import (  # noqa: E402, F401
    deciding,
    facts,
    guarantees,
    lab,
    profiles,
    registry,
    relations,
    screening,
    trials,
    valuing,
)

router.add_router("", relations.router)
router.add_router("", screening.router)
router.add_router("", valuing.router)
router.add_router("", guarantees.router)
router.add_router("", registry.router)
router.add_router("", profiles.router)
router.add_router("", lab.router)
router.add_router("", trials.router)
