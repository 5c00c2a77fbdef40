"""Reading what the compliance room keeps."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.compliance.models import LenderProfile
from chezhe.kernel.errors import BusinessError


class LenderUnknown(BusinessError):
    code = "lender_unknown"
    http_status = 409
    sentence = _("尚未登记贷款机构资料，请合规岗先在“机构资料”中登记。")


def lender() -> LenderProfile:
    """Who lends, with the licence that decides the rules. Raises LenderUnknown (409) before it is registered."""
    profile = LenderProfile.objects.filter(pk=1).first()
    if profile is None:
        raise LenderUnknown()
    return profile
