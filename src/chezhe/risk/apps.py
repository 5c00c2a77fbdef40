from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RiskConfig(AppConfig):
    name = "chezhe.risk"
    label = "risk"
    verbose_name = _("风控")

    def ready(self) -> None:
        from chezhe.kernel.loading import load_actions
        from chezhe.risk import handlers, menu, tasks  # noqa: F401
        from chezhe.risk.profiles import watched as customers
        from chezhe.risk.registry import borrowers, seeds, source
        from chezhe.risk.trials import source as trials
        from chezhe.risk.valuing import watched as cars

        load_actions("risk")
        menu.register()
        source.register()
        borrowers.register()
        customers.register()
        cars.register()
        trials.register()
        post_migrate.connect(seeds.seed_models, sender=self, dispatch_uid="risk.shipped_models")
