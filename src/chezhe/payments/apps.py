from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "chezhe.payments"
    label = "payments"
    verbose_name = _("收付款")

    def ready(self) -> None:
        from chezhe.kernel.loading import load_actions
        from chezhe.payments import handlers, navigation, tasks  # noqa: F401

        load_actions("payments")
        navigation.register()
