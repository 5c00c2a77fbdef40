from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ComplianceConfig(AppConfig):
    name = "chezhe.compliance"
    label = "compliance"
    verbose_name = _("合规")

    def ready(self) -> None:
        from chezhe.compliance import permissions  # noqa: F401

        post_migrate.connect(_sow, sender=self, dispatch_uid="compliance.seeds")


def _sow(**_: Any) -> None:
    from chezhe.compliance.seeds import holidays, lender, parameters

    parameters.sow()
    holidays.sow()
    lender.sow_texts()
    lender.sow_lender()
