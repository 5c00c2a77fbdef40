"""How personal data looks on screen until somebody with a reason reveals it. Short or odd values are hidden whole.

| what | kept |
|---|---|
| name | surname: 张*, 张*三 |
| ID number | first 3 and last 4 |
| mobile | first 3 and last 4 |
| bank card | last 4 |
| address | down to the district |
| VIN | last 6 |
| plate | first 2 and last 2 |
| e-mail | first 1 and the domain |
"""

from __future__ import annotations

import re

from chezhe.identifiers.names import surname_of

STAR = "*"
HIDDEN = "****"
DISTRICT = re.compile(
    r"(?P<province>[^\d市区县路街]{2,8}?(?:省|自治区|特别行政区))?"
    r"(?P<city>[^\d区县路街号]{2,12}?(?:市|自治州|地区|盟))?"
    r"(?P<district>[^\d号弄巷栋幢室座楼]{1,12}?(?:区|县|旗|市))?"
)
NOT_A_DISTRICT = ("小区", "社区", "园区", "厂区", "校区", "院区", "开发区", "街区")


def mask_name(name: str) -> str:
    """张三 → 张*, 张小三 → 张*三, 欧阳修 → 欧阳*."""
    surname = surname_of(name)
    given = name[len(surname) :]
    if len(name) < 2:
        return STAR * len(name)
    if len(given) < 2:
        return f"{surname}{STAR}"
    return f"{surname}{STAR * (len(given) - 1)}{given[-1]}"


def mask_id_number(number: str) -> str:
    """First 3 and last 4 stay: 110***********002X."""
    return _keep(number, first=3, last=4)


def mask_mobile(number: str) -> str:
    """First 3 and last 4 stay: 138****8000."""
    return _keep(number, first=3, last=4)


def mask_bank_card(number: str) -> str:
    """Last 4 stay."""
    return _keep(number, first=0, last=4)


def mask_vin(vin: str) -> str:
    """Last 6 stay."""
    return _keep(vin, first=0, last=6)


def mask_plate(plate: str) -> str:
    """First 2 and last 2 stay: 京A***45."""
    return _keep(plate, first=2, last=2)


def mask_email(address: str) -> str:
    """First character and the domain stay: z***@example.com."""
    local, at, domain = address.rpartition("@")
    return f"{local[0]}***@{domain}" if local and at and domain else _hidden(address)


def mask_address(address: str) -> str:
    """Down to the district stays: 北京市朝阳区****. An address we cannot read is hidden whole."""
    match = DISTRICT.match(address)
    if match is None or not (match["province"] or match["city"]):
        return _hidden(address)
    kept = (match["province"] or "") + (match["city"] or "")
    district = match["district"] or ""
    if district and not district.endswith(NOT_A_DISTRICT) and not re.search(r".[路街道村]", district[:-1]):
        kept += district
    return f"{kept}{HIDDEN}" if len(kept) < len(address) else kept


def _keep(text: str, *, first: int, last: int) -> str:
    """Stars for all but the ends; a value too short to hide anything becomes stars whole."""
    hidden = len(text) - first - last
    if hidden < 1:
        return STAR * len(text)
    return f"{text[:first]}{STAR * hidden}{text[-last:]}"


def _hidden(text: str) -> str:
    return HIDDEN if text else ""
