"""From the accepted offer to money sent: papers, signatures, the mortgage, and a payout that two people touch."""

from __future__ import annotations

import re
from pathlib import Path

from pypdf import PdfReader

from chezhe.contracts.tests.printing import printed as printed_set
from chezhe.ui.tests.browser import Window
from tests.browser import papers


def make_contract(he: Window, application: str) -> str:
    """The contract's number; the worker has printed its papers."""
    he.go(f"/origination/{application}/").follow("制作合同")
    return printed_set(he.press("制作合同").arrives("/contracts/K26-*/").split("/")[2])


def printed(he: Window, contract: str, paper: str) -> str:
    """The text of a paper as the PDF has it, spaces and line ends taken out."""
    he.go(f"/contracts/{contract}/papers/{paper}/")
    with he.page.expect_download() as waiting:
        he.follow("下载 PDF")
    pages = PdfReader(waiting.value.path()).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def sign(he: Window, contract: str, folder: Path) -> None:
    """The borrower reads what the money costs and signs that first; only then the contract can be signed."""
    assert he.go(f"/contracts/{contract}/").page.get_by_role("link", name="登记签署").count() == 0
    he.follow("确认成本明示表").fill(evidence=papers.scan(folder, "cost")).press("登记确认").arrives(f"/contracts/{contract}/")
    he.follow("登记签署").fill(evidence=papers.scan(folder, "signed")).press("登记签署").arrives(f"/contracts/{contract}/")
    he.sees("已签署")


def register_mortgage(he: Window, contract: str, folder: Path) -> None:
    he.go(f"/contracts/{contract}/").follow("登记抵押").fill(office="上海市车辆管理所", receipt_number=f"HD{contract}")
    he.fill(evidence=papers.scan(folder, "mortgage")).press("登记").arrives(f"/contracts/{contract}/")
    he.sees("抵押已登记")


def order_payout(fang: Window, contract: str) -> str:
    """Fang makes it ready from what waits on her desk; her own check is refused, and says why. Returns the payout's number."""
    fang.go("/contracts/payouts/").follow(contract).sees("足额放款")
    number = fang.press("提交复核").arrives("/contracts/payouts/DB26-*/").split("/")[3]
    with fang.expecting(409):
        fang.press("复核放款").press("确认放款", within="dialog[open]").sees("须由另一位同事完成")
    return number


def let_go(gao: Window, payout: str) -> None:
    """Gao checks, and clicks twice in her haste."""
    gao.go(f"/contracts/payouts/{payout}/").press("复核放款")
    gao.page.locator("dialog[open]").get_by_role("button", name="确认放款").dblclick()
    gao.sees("已复核，付款指令将发往银行").settle()
