"""Refusals of the customers room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class CustomerExists(BusinessError):
    """The same paper identifies a customer the actor may see."""

    code = "customer_exists"
    http_status = 409
    sentence = _("该证件号已登记为客户 %(number)s（%(name)s），请直接使用，不要重复建档。")


class CustomerExistsElsewhere(BusinessError):
    """… or one the actor may not see: nothing of it is told."""

    code = "customer_exists_elsewhere"
    http_status = 409
    sentence = _("该证件号已由其他同事或门店建档，请联系门店经理协调归属。")


class TradeOfCompany(BusinessError):
    code = "trade_of_company"
    http_status = 422
    sentence = _("只有个人客户才能登记个体工商户；企业请修改企业资料。")


class TradeExists(BusinessError):
    """Another file holds this code, as a sole trader's or a company's; whose, is not told."""

    code = "trade_exists"
    http_status = 409
    field = "uscc"
    sentence = _("该统一社会信用代码已登记在另一份客户档案中，请核对代码，或联系门店经理。")


class AccountTwice(BusinessError):
    code = "account_exists"
    http_status = 409
    field = "card_number"
    sentence = _("该客户已登记尾号 %(tail)s 的账户，不必重复添加。")


class MobileTwice(BusinessError):
    code = "mobile_exists"
    http_status = 409
    field = "mobile"
    sentence = _("该客户已登记这个手机号。")


class RelationTwice(BusinessError):
    code = "relation_exists"
    http_status = 409
    field = "other_number"
    sentence = _("这层关系已经登记过。")


class RelationToSelf(BusinessError):
    code = "relation_to_self"
    http_status = 422
    field = "other_number"
    sentence = _("客户不能与自己建立关系。")


class ColleagueUnknown(BusinessError):
    code = "colleague_unknown"
    http_status = 422
    field = "owner_username"
    sentence = _("没有这位同事，或他不在客户所在的门店做获客工作。")
