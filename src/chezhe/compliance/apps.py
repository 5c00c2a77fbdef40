from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ComplianceConfig(AppConfig):
    name = "chezhe.compliance"
    label = "compliance"
    verbose_name = _("合规")

    def ready(self) -> None:
        from chezhe.approvals import kinds
        from chezhe.compliance import menu, steps, worklists
        from chezhe.kernel.loading import load_actions

        load_actions("compliance")
        for code, label, url in ((steps.PARAMETER_KIND, _("参数调整"), menu.parameter_change_url),
                                 (steps.LENDER_KIND, _("机构资料变更"), menu.lender_change_url)):
            kinds.register(kinds.Kind(code, label, url, is_decidable=True, settle=steps.settle_decision))
        menu.register()
        worklists.register()
        post_migrate.connect(_sow, sender=self, dispatch_uid="compliance.seeds")


def _sow(**_: Any) -> None:
    from chezhe.compliance.seeds import holidays, lender, parameters

    parameters.sow()
    holidays.sow()
    lender.sow_texts()
    lender.sow_lender()
