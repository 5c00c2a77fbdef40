from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ServicingConfig(AppConfig):
    name = "chezhe.servicing"
    label = "servicing"
    verbose_name = _("贷款")

    def ready(self) -> None:
        from chezhe.kernel.loading import load_actions
        from chezhe.payments import guards
        from chezhe.risk.guarantees import standing
        from chezhe.servicing import handlers, menu, refunds, securities, tasks  # noqa: F401
        from chezhe.servicing.commission import menu as commission_menu
        from chezhe.servicing.debits import guarding
        from chezhe.servicing.profit import menu as profit_menu
        from chezhe.servicing.tax import menu as tax_menu
        from chezhe.servicing.tax.invoices import menu as invoice_menu

        load_actions("servicing")
        guards.register("refund", refunds.guard_payout)
        standing.register_owed("application", securities.owed)
        guards.register("mandate", guarding.guard_mandate)
        menu.register()
        profit_menu.register()
        tax_menu.register()
        invoice_menu.register()
        commission_menu.register()
