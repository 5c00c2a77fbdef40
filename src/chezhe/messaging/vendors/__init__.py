"""The services that carry messages, by channel."""

from __future__ import annotations

from types import ModuleType

from chezhe.messaging.vendors.email import client as email
from chezhe.messaging.vendors.sms import client as sms
from chezhe.messaging.vendors.wechat import client as wechat

CLIENTS: dict[str, ModuleType] = {"sms": sms, "wechat": wechat, "email": email}
