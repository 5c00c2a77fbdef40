from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VehiclesConfig(AppConfig):
    name = "chezhe.vehicles"
    label = "vehicles"
    verbose_name = pgettext_lazy("list", "车辆")

    def ready(self) -> None:
        from chezhe.kernel import subjects
        from chezhe.kernel.loading import load_actions
        from chezhe.ui import navigation, panels
        from chezhe.vehicles import permissions, queries

        load_actions("vehicles")
        subjects.register("vehicle", queries.open_subject)
        panels.register("customer", "vehicles", pgettext_lazy("list", "车辆"), "vehicles:of_customer", permissions.VIEW.code, order=20)
        panels.register("vehicle", "profile", pgettext_lazy("profile", "车辆资料"), "vehicles:profile", permissions.VIEW.code, order=0)
        panels.register("vehicle", "papers", _("证件内容"), "vehicles:papers", permissions.VIEW.code, order=10)
        panels.register("vehicle", "valuations", _("评估"), "vehicles:valuations", permissions.VIEW.code, order=20)
        panels.register("vehicle", "history", _("修改记录"), "vehicles:history", permissions.VIEW.code, order=90)
        panels.offer(panels.Offer("customer", _("登记车辆"), "vehicles:create", permissions.REGISTER.code, "car", "owner", order=10))
        navigation.register(navigation.NavItem(
            key="vehicles", group="customers", label=pgettext_lazy("list", "车辆"), url_name="vehicles:vehicles",
            permission=permissions.VIEW.code, icon="car", order=30,
        ))
        navigation.register_quick(_("登记车辆"), "vehicles:create", permissions.REGISTER.code, icon="car", order=30)
