from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    name = "chezhe.ledger"
    label = "ledger"
    verbose_name = _("总账")

    def ready(self) -> None:
        from chezhe.ledger import actions, navigation, permissions, seeds  # noqa: F401

        for module in iter_modules(actions.__path__):
            import_module(f"{actions.__name__}.{module.name}")
        navigation.register()
        post_migrate.connect(seeds.seed_accounts, sender=self, dispatch_uid="ledger.accounts")
