"""What the documents say of the house is so."""

from __future__ import annotations

import re

import pytest

from tests.architecture import house
from tests.architecture.house import report

DOCS = house.ROOT / "docs"
# What each simulator is called in the two READMEs.
SIMULATORS = {"bank": ("bank", "银行"), "debit": ("direct-debit channel", "代扣渠道"), "sms": ("SMS", "短信"), "wechat": ("WeChat", "微信"), "email": ("e-mail", "邮件"),
              "einvoice": ("platform for invoices", "发票平台"), "bureau": ("credit bureau", "征信机构"), "identity": ("checks of identity", "身份核验"),
              "courts": ("courts", "法院名单"), "lenders": ("exchange of lenders", "多头借贷"), "enterprise": ("companies", "企业信息"),
              "social_insurance": ("social insurance office", "社保与公积金"), "watchlists": ("watch lists", "反洗钱名单"), "valuers": ("valuers", "车辆估值"),
              "esign": ("provider of electronic signatures", "电子签名服务商"), "timestamp": ("time stamps", "时间戳"),
              "vehicle_registry": ("vehicle registry", "车辆登记"), "ocr": ("reader of papers", "证照识别")}
NOT_SIMULATED = ("insurer", "保险公司")


def test_a_room_without_tables_is_called_so_and_no_other() -> None:
    rows = re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|$", (DOCS / "architecture" / "README.md").read_text(), re.MULTILINE)
    claims = [name for names, said in rows for name in re.findall(r"`(\w+)`", names) if "no tables" in said]
    findings = [f"{room} has tables" for room in claims if re.search(r"^class ", _text(f"{room}/models.py"), re.MULTILINE)]
    assert claims and not findings, report(findings)


def test_the_files_that_the_documents_name_are_there() -> None:
    pages = [*DOCS.glob("how-to/*.md"), DOCS / "architecture" / "README.md", DOCS / "screens.md", DOCS / "end-of-day.md"]
    rooms = {path.name for path in house.SOURCE.iterdir() if path.is_dir()}
    named = [(page.name, path) for page in pages for path in re.findall(r"`(\w+/[\w/]+\.py)`", page.read_text())]
    findings = [f"{page} names {path}" for page, path in named if path.partition("/")[0] in rooms and not (house.SOURCE / path).exists()]
    assert named and not findings, report(findings)


def test_what_ctrl_k_finds_stands_where_the_page_says() -> None:
    place = re.search(r"Ctrl\+K finds is put together in `([^`]+)`", (DOCS / "how-to" / "add-a-room.md").read_text())
    assert place and "def search" in _text(place[1])


@pytest.mark.parametrize(("page", "language"), [("README.md", 0), ("README.zh-CN.md", 1)])
def test_the_readme_names_the_simulators_that_exist(page: str, language: int) -> None:
    folders = {path.parent.name for path in house.SOURCE.glob("*/vendors/*/simulator.py")}
    assert folders == set(SIMULATORS)
    said = next(part for part in (house.ROOT / page).read_text().split("\n\n") if ("模拟器" if language else "simulators") in part)
    assert all(SIMULATORS[name][language] in said for name in folders) and not any(word in said for word in NOT_SIMULATED)


def test_the_chinese_readme_speaks_the_language_of_its_readers() -> None:
    page = (house.ROOT / "README.zh-CN.md").read_text()
    assert [word for word in ("房间", "陈设", "看钟", "人生", "只有门") if word in page] == []


def _text(place: str) -> str:
    path = house.SOURCE / place
    return path.read_text() if path.exists() else ""
