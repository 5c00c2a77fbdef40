"""Which documents a loan file holds (DOMAIN.md §11), as data: who needs them, how long they are kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from chezhe.documents import kinds

# How long a paper is kept; the figures themselves are dated parameters of the compliance room.
RETENTION: Final = {
    "identity": _("身份与交易资料（业务结束后 10 年）"),
    "authorisation": _("查询授权（贷款存续期加 5 年）"),
    "contract": _("合同与放款凭证（业务结束后 10 年）"),
    "collateral": _("抵押物资料（业务结束后 10 年）"),
    "import": _("导入文件（5 年）"),
    "other": _("其他（业务结束后 5 年）"),
}
GROUPS: Final = {
    "person": _("个人资料"),
    "company": _("企业资料"),
    "vehicle": _("车辆资料"),
    "photo": _("车辆照片"),
    "dealer": _("车商资料"),
    "review": _("审查资料"),
    "proof": _("收入证明材料"),
    "contract": _("合同与凭证"),
    "import": _("导入文件"),
    "other": _("其他"),
}


@dataclass(frozen=True, slots=True)
class Category:
    """`is_of_record` papers are made by the system or signed: nobody removes them."""

    code: str
    label: Any
    group: str
    retention: str
    kinds: frozenset[str] = kinds.PAPERS
    is_of_record: bool = False


def _rows(group: str, retention: str, rows: Iterable[tuple[str, Any]], **more: Any) -> list[Category]:
    return [Category(code, label, group, retention, **more) for code, label in rows]


_ALL: Final = [
    *_rows("person", "identity", [
        ("id_front", _("身份证人像面")), ("id_back", _("身份证国徽面")), ("marriage_proof", _("婚姻证明")),
        ("spouse_id", _("配偶身份证")), ("household_register", _("户口本")), ("residence_proof", _("居住证明")),
        ("address_proof", _("地址证明")), ("income_proof", _("收入证明")), ("bank_statement", _("银行流水（6 个月）")),
        ("driving_licence", _("驾驶证")), ("bank_card_photo", _("银行卡照片")),
    ]),
    *_rows("company", "identity", [
        ("business_licence", _("营业执照")), ("articles_of_association", _("公司章程")), ("resolution", _("股东会（董事会）决议")),
        ("legal_representative_id", _("法定代表人身份证")), ("controller_id", _("实际控制人身份证")),
        ("financial_statements", _("财务报表（3 年）")), ("tax_returns", _("纳税申报表")), ("trade_contracts", _("购销合同")),
        ("bank_statement_company", _("对公流水（12 个月）")),
    ]),
    *_rows("vehicle", "collateral", [
        ("registration_certificate", _("机动车登记证书（全部页）")), ("vehicle_licence", _("行驶证")),
        ("purchase_invoice", _("购车发票")), ("tax_certificate", _("完税证明")), ("insurance_policy", _("保险单")),
        ("vehicle_keys", _("车钥匙登记")), ("valuation_report", _("评估报告")), ("violation_check", _("违章查询记录")),
        ("conformity_certificate", _("车辆合格证")),
    ]),
    *_rows("photo", "collateral", [
        ("photo_front_left", _("左前 45° 照片")), ("photo_rear_right", _("右后 45° 照片")), ("photo_nameplate", _("铭牌照片")),
        ("photo_vin_stamp", _("车架号拓印照片")), ("photo_dashboard", _("仪表里程照片")), ("photo_engine_bay", _("发动机舱照片")),
        ("photo_interior", _("内饰照片")), ("photo_tyres", _("轮胎照片")),
    ], kinds=kinds.IMAGES),
    *_rows("dealer", "identity", [
        ("premises_proof", _("经营场地证明")), ("stock_list", _("库存清单")), ("cooperation_agreement", _("合作协议")),
    ]),
    *_rows("review", "authorisation", [
        ("credit_authorisation", _("征信查询授权书")), ("interview_record", _("面谈记录")), ("field_visit_report", _("外访报告")),
        ("application_form", _("申请表")),
    ]),
    *_rows("proof", "identity", [("flow_statement", _("银行流水（可分析）"))], kinds=kinds.SHEETS | {kinds.PDF.code}, is_of_record=True),
    *_rows("contract", "contract", [
        ("loan_contract", _("借款合同")), ("mortgage_contract", _("抵押合同")), ("guarantee_contract", _("保证合同")),
        ("consent_letter", _("个人信息授权书")), ("cost_disclosure_sheet", _("综合融资成本明示表")),
        ("gps_notice", _("GPS 安装告知书")), ("address_confirmation", _("送达地址确认书")),
        ("insurance_undertaking", _("保险承诺书")), ("repayment_schedule", _("还款计划表")),
        ("mortgage_receipt", _("抵押登记回执")), ("payout_receipt", _("放款回单")),
        ("repayment_receipt", _("还款回单")), ("settlement_certificate", _("结清证明")), ("mortgage_release", _("解除抵押申请")),
        ("loan_statement", _("对账单")), ("payoff_letter", _("提前结清函")), ("interest_certificate", _("利息证明")),
        ("extension_consent", _("展期同意书")), ("adverse_notice", _("不予批准告知书")),
    ], is_of_record=True),
    *_rows("import", "import", [("bank_file", _("银行流水文件"))], kinds=kinds.STATEMENTS, is_of_record=True),
    *_rows("import", "import", [("import_file", _("批量导入文件"))], kinds=kinds.SHEETS, is_of_record=True),
    *_rows("other", "other", [("other", _("其他资料"))]),
]
BY_CODE: Final = {category.code: category for category in _ALL}
CHOICES: Final = [(category.code, category.label) for category in _ALL]

# Which groups somebody may choose from when adding a paper to a subject of this kind.
GROUPS_FOR: Final = {
    "customer": ("person", "company", "review", "other"),
    "vehicle": ("vehicle", "photo", "other"),
    "dealer": ("dealer", "company", "other"),
    "application": ("review", "person", "company", "vehicle", "photo", "other"),
    "contract": ("contract", "other"),
    "loan": ("contract", "other"),
}
REQUIRED_PERSON: Final = ("id_front", "id_back", "income_proof", "bank_statement")
REQUIRED_COMPANY: Final = ("business_licence", "legal_representative_id", "financial_statements", "bank_statement_company")
REQUIRED_VEHICLE: Final = (
    "registration_certificate", "vehicle_licence", "photo_front_left", "photo_rear_right", "photo_nameplate",
    "photo_vin_stamp", "photo_dashboard",
)
REQUIRED_VEHICLE_NEW: Final = ("purchase_invoice", "conformity_certificate")


def choices_for(subject_kind: str) -> list[Category]:
    """The categories offered for a kind of subject, in the order of its groups."""
    groups = GROUPS_FOR.get(subject_kind, ("other",))
    return [category for group in groups for category in _ALL if category.group == group]
