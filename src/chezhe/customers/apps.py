from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CustomersConfig(AppConfig):
    name = "chezhe.customers"
    label = "customers"
    verbose_name = pgettext_lazy("list", "客户")

    def ready(self) -> None:
        from chezhe.customers import permissions, queries
        from chezhe.kernel import subjects
        from chezhe.kernel.loading import load_actions
        from chezhe.ui import navigation, panels

        load_actions("customers")
        subjects.register("customer", queries.open_subject)
        panels.register("customer", "profile", _("基本资料"), "customers:profile", permissions.VIEW.code, order=0)
        panels.register("customer", "relations", _("账户与关系"), "customers:relations", permissions.VIEW.code, order=10)
        panels.register("customer", "history", _("修改记录"), "customers:history", permissions.VIEW.code, order=90)
        navigation.register(navigation.NavItem(
            key="customers", group="customers", label=pgettext_lazy("list", "客户"), url_name="customers:customers",
            permission=permissions.VIEW.code, icon="users", order=20,
        ))
        navigation.register_quick(_("新建个人客户"), "customers:create_person", permissions.CREATE.code, icon="user-plus", order=20)
        navigation.register_quick(_("新建企业客户"), "customers:create_company", permissions.CREATE.code, icon="building", order=21)
