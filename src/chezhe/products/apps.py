from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import pgettext_lazy


class ProductsConfig(AppConfig):
    name = "chezhe.products"
    label = "products"
    verbose_name = pgettext_lazy("list", "产品")

    def ready(self) -> None:
        from chezhe.channels.commission import offers
        from chezhe.products import actions, navigation, permissions, queries, seeds  # noqa: F401

        for module in iter_modules(actions.__path__):
            import_module(f"{actions.__name__}.{module.name}")
        navigation.register()
        offers.register(queries.names)
        post_migrate.connect(seeds.seed_products, sender=self, dispatch_uid="products.shipped")
