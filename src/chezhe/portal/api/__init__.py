"""The portals over REST: `/api/v1/portal/…`, for a customer's or a dealer's own programs and for nobody of the staff."""

from ninja import Router

from chezhe.portal.api import cases, d_cases, m_apply, m_loans, sign_in  # noqa: F401

router = Router()
router.add_router("", sign_in.router)
router.add_router("", cases.router)
