from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    name = "chezhe.contracts"
    label = "contracts"
    verbose_name = _("合同与放款")

    def ready(self) -> None:
        from chezhe.contracts import handlers, navigation, queries, steps  # noqa: F401
        from chezhe.kernel.loading import load_actions
        from chezhe.payments import guards
        from chezhe.risk.guarantees import standing

        load_actions("contracts")
        navigation.register()
        guards.register("disbursement", steps.guard_payout)
        standing.register("application", queries.stands_for)
