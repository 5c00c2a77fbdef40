"""The words of the registry of models."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.ui.status import Status

PURPOSES: Final = [
    ("person", pgettext_lazy("model", "个人借款人")), ("company", pgettext_lazy("model", "企业借款人")),
    ("behaviour", pgettext_lazy("model", "贷后行为")), ("warning", pgettext_lazy("model", "贷后预警")),
    ("valuation", pgettext_lazy("model", "车辆估值")),
]
KINDS: Final = [
    ("scorecard", pgettext_lazy("model", "评分卡")), ("boosting", pgettext_lazy("model", "提升树")),
    ("valuation", pgettext_lazy("model", "估值模型")),
]
ROLES: Final = [("active", pgettext_lazy("model", "使用中")), ("shadow", pgettext_lazy("model", "影子运行"))]
WISHES: Final = [
    ("active", pgettext_lazy("model", "启用，替换现行模型")), ("shadow", pgettext_lazy("model", "作为影子运行，只评分、不影响结论")),
]
LEVELS: Final = [
    ("not_judged", pgettext_lazy("drift", "数据不足")), ("stable", pgettext_lazy("drift", "稳定")),
    ("watch", pgettext_lazy("drift", "关注")), ("moved", pgettext_lazy("drift", "已漂移")),
]
STATUS_TONES: Final = {
    "draft": "neutral", "proposed": "warning", "shadow": "info", "promoting": "warning", "active": "good", "retired": "neutral",
    "reviving": "warning", "refused": "danger",
}
LEVEL_STATUSES: Final = {
    code: Status(label, tone)
    for (code, label), tone in zip(LEVELS, ("neutral", "good", "warning", "danger"), strict=True)
}
PACKAGE_FAULTS: Final = {
    "unreadable": _("文件不是完整的 zip 压缩包，可能在传输中被截断；请重新打包模型文件夹后上传"),
    "too_big": _("压缩包解开后超过 100 MB（或压缩后超过 20 MB），不予读取"),
    "too_many": _("压缩包内文件太多；请只打包一个模型的文件夹"),
    "path": _("压缩包内“%(name)s”的位置或名称不合规；请直接打包训练命令写出的文件夹"),
    "encrypted": _("压缩包加了密码；请去掉密码后上传"),
    "name_twice": _("压缩包内有同名文件；请重新打包"),
    "no_manifest": _("压缩包内没有模型清单 manifest.json；请打包训练命令写出的整个文件夹"),
}
MODEL_FAULTS: Final = {
    "missing": _("请选择模型压缩包"),
    "kind": _("这是车辆估值模型，不能用来给借款人评分"), "kind_price": _("这不是车辆估值模型，不能用来给车辆估值"),
    "document": _("模型缺少“%(name)s”或其内容不完整；请用训练命令重新生成"),
    "inputs": _("特征目录中没有模型要用的输入：%(names)s。请只用目录中的特征训练"),
    "derived": _("模型把决策的结果（%(names)s）当作输入，不能采用"),
    "unserved": _("没有任何环节登记模型要用的输入“%(names)s”，用它评分的申请都会转人工；请去掉这些特征后重新训练"),
    "purpose_other": _("这是为“%(made)s”训练的模型，不能登记为“%(asked)s”；请选择与它相符的用途"),
    "purpose_unstated": _(
        "模型没有写明用途，预测目标“%(target)s”也不能说明它用于“%(asked)s”；请用 chezhe model train --purpose %(code)s 重新训练"),
    "facts": _("输入“%(name)s”与特征目录的类型不一致，试算失败"),
    "scores": _("试算得到的评分或概率超出可能范围，不能采用"),
}
FINDINGS: Final = {
    "psi": pgettext_lazy("drift", "评分分布 PSI"), "csi": pgettext_lazy("drift", "特征分布 CSI"),
    "rate": pgettext_lazy("drift", "实际／预期不良"), "ece": pgettext_lazy("drift", "校准误差 ECE"),
    "auc": pgettext_lazy("drift", "区分度 AUC"), "mape": pgettext_lazy("drift", "平均误差 MAPE"),
    "bias": pgettext_lazy("drift", "估值偏差（中位数）"), "coverage": pgettext_lazy("drift", "区间覆盖率"),
}
