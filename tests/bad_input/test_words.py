"""What people write: it leaves as data and never as a formula, a page, a program or an address to be called."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from openpyxl import load_workbook
from pypdf import PdfReader

import chezhe
from chezhe.contracts.models import Contract
from chezhe.customers.models import Customer
from chezhe.documents import vault
from chezhe.finmath.money import Money
from chezhe.kernel.fields import Encrypted, LongText, Text
from chezhe.kernel.simulators import World
from chezhe.leads.models import Lead
from chezhe.ledger import chart
from chezhe.staff.models import Branch, User
from chezhe.ui import exports
from chezhe.ui.columns import Column
from chezhe.vehicles.models import Vehicle
from tests.bad_input.doors import CHINESE, api_refuses
from tests.bad_input.watch import nothing_written
from tests.journeys import walk
from tests.journeys.house import NOW, TODAY, Team, live
from tests.journeys.walk import PERSON, said
from tests.security.populated import _what_waits, omnipotent

pytestmark = pytest.mark.django_db
FORMULAS = ("=1+1", "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1", "＝1+1", "a\n=1", '=HYPERLINK("http://x","y")', "\x00=1", "\ufeff=1")
SCRIPT = "\"'><script>alert(1)</script>"
HOUSE = Path(chezhe.__file__).parent


# ---- formulas --------------------------------------------------------------------------------------------------


def test_there_is_one_writer_of_tables() -> None:
    """Every export goes through it; the other workbooks are templates of ours, and the takeover's reconciliation, which has several
    sheets and takes the harm out of every cell by the same rule. A decision table comes back from its sheet as it was, so that each of its
    cells is a text with the sign that says so. Banks' statements are written by the simulator of the outside. A file of
    orders has the columns that the bank takes, its words made harmless by the same rule; its page hands those bytes on."""
    writers = {
        path.relative_to(HOUSE).as_posix() for path in HOUSE.rglob("*.py")
        if "/tests/" not in path.as_posix() and re.search(r"csv\.(writer|DictWriter)|Workbook\(write_only|Workbook\(\)|text/csv|to_csv|to_excel", path.read_text())
    }
    ours = {"payments/sheets.py", "payments/batches/rules.py", "payments/views/batches.py", "takeover/blanks.py", "takeover/reports.py"}
    outside = {"risk/vendors/statements/writing.py", "simulation/paper.py"}
    assert writers == {"ui/exports.py", "ui/list_files.py", "documents/kinds.py", "decisiontables/sheets.py", *ours, *outside}
    table = (HOUSE / "decisiontables/sheets.py").read_text()
    assert 'cell.data_type = "s"' in table and "cell.quotePrefix = True" in table and table.count("sheet.append([_cell(") == table.count("sheet.append(")
    assert "harmless(" in (HOUSE / "takeover/reports.py").read_text()
    orders = (HOUSE / "payments/batches/rules.py").read_text()
    assert all(f"harmless(row.{name})" in orders for name in ("payee_name", "memo"))
    assert "import csv" not in (HOUSE / "payments/views/batches.py").read_text()
    assert re.findall(r"_text\(sheet, (\w+|\"\")", (HOUSE / "payments/sheets.py").read_text()) == ["heading", '""'], "the template holds no data"


def test_no_cell_becomes_a_formula_and_numbers_stay_numbers() -> None:
    columns = [Column("text", "文字"), Column("money", "金额", kind="money"), Column("number", "数", kind="number"), Column("code", "号", kind="identifier")]
    rows = [{"text": text, "money": Money(-12_345), "number": -7, "code": "110101199001010007"} for text in FORMULAS]
    lines = list(csv.reader(io.StringIO(exports.as_csv(columns, rows).decode("utf-8-sig"), newline="")))[1:]
    assert len(lines) == len(FORMULAS)
    for text, money, number, code in lines:
        assert all(not part.lstrip(" \u3000\ufeff\x00").startswith(tuple("=+-@\t\r\n＝")) for part in (text, *text.splitlines())), repr(text)
        assert (money, number, code) == ("-123.45", "-7", "'110101199001010007")
    sheet = load_workbook(io.BytesIO(exports.as_xlsx(columns, rows, title="=1", notes=[("=1", "=cmd")])))
    for row in list(sheet.worksheets[0].iter_rows())[1:]:
        assert [cell.data_type for cell in row] == ["s", "n", "n", "s"] and row[1].value == -123.45 and row[2].value == -7
        assert not str(row[0].value).startswith(("=", "+", "-", "@"))
    assert not [cell for one in sheet.worksheets for line in one.iter_rows() for cell in line if cell.data_type == "f"]


def test_what_somebody_wrote_into_a_memo_is_no_formula_in_the_list(team: Team) -> None:
    cai, page = team.program("cai"), team.browser("cai")
    said(cai.step_up())
    for text in ("=cmd|' /C calc'!A0", "@SUM(1)", "-2+3"):
        transfer = {"debit": chart.SUSPENSE, "credit": chart.BANK, "amount": "1.00"}
        said(cai.post("ledger/manual-entries", {"posted_on": TODAY.isoformat(), "memo": text, "transfers": [transfer]}), 201)
    for kind in ("csv", "xlsx"):
        body = page.get(f"/ledger/manual-entries/?export={kind}").content
        cells = (
            [cell for line in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in line] if kind == "csv"
            else [str(cell.value or "") for line in load_workbook(io.BytesIO(body)).worksheets[0].iter_rows() for cell in line]
        )
        assert {"'=cmd|' /C calc'!A0", "'@SUM(1)", "'-2+3"} <= set(cells) and not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


# ---- markup ----------------------------------------------------------------------------------------------------


def test_names_are_never_markup_anywhere(team: Team, bank: World) -> None:
    """Every free text of a populated house becomes a script; then every page that can be reached is looked at."""
    contract = _house_of_scripts(team, bank)
    spoiled = spoil()
    assert spoiled > 40, "so many texts people type"
    omnipotent(team)
    User.objects.filter(username="omni").update(password_set_at=NOW)
    browser = team.browser("omni")
    browser.raise_request_exception = False
    seen = crawl(browser, ["/", "/styleguide/", f"/contracts/{contract}/"], most=95)
    faults = [path for path, text in seen.items() if "<script>alert(1)" in text or re.search(r"<img[^>]+onerror", text)]
    assert len(seen) > 60 and not faults, faults
    assert sum("&lt;script&gt;alert(1)" in text or "\\u003Cscript" in text for text in seen.values()) > 15, "the texts are shown, as text"
    found = browser.post("/search/", {"q": "script"}).content.decode()
    assert "<script>alert(1)" not in found


def _house_of_scripts(team: Team, bank: World) -> str:
    """A loan whose papers were printed with hostile words; the contract's number."""
    owner = walk.customer(team, PERSON)
    application = walk.application(team, owner, walk.vehicle(team, owner, PERSON), PERSON)
    walk.decide(team, application)
    hostile = '#panic("x") $1$ *b* @ref ' + SCRIPT
    customer = Customer.objects.get()
    customer.address = hostile
    customer.save()
    Vehicle.objects.update(model="#panic()<b>" + SCRIPT[:20])
    contract = walk.contract(team, application)
    paper = Contract.objects.get().papers.get(kind="loan_contract").file
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(vault.read(paper.key))).pages)
    assert '#panic("x")$1$*b*@ref' in re.sub(r"\s", "", text) and "<script>alert(1)" in re.sub(r"\s", "", text), "printed as it was written"
    walk.payout(team, contract, PERSON)
    live(bank, hours=3)
    _what_waits(team)
    return contract


def spoil() -> int:
    """Write SCRIPT into every free text there is; returns how many columns took it. Append-only rows and constraints refuse."""
    count = 0
    for model in apps.get_models():
        names = [
            field.name for field in model._meta.concrete_fields
            if isinstance(field, Text | LongText | Encrypted) and (field.max_length or 99) >= len(SCRIPT) and not field.choices and not field.unique
        ]
        for name in names if model._meta.app_label not in ("kernel", "ledger") and "number" not in names else ():
            if name in ("payee_account", "id_number", "mobile", "card_number", "number", "secret", "vin", "plate", "address_text"):
                continue
            try:
                with transaction.atomic():
                    count += bool(model._default_manager.update(**{name: SCRIPT}))
            except DatabaseError:
                continue
    Branch.objects.update(name=SCRIPT)
    return count


def crawl(browser: Client, starts: list[str], most: int) -> dict[str, str]:
    """Pages and parts by address: two of each route."""
    waiting, seen, routes = deque(starts), {}, {}
    while waiting and len(seen) < most:
        path = waiting.popleft()
        try:
            route = resolve(urlsplit(path).path).route
        except Resolver404:
            continue
        if path in seen or routes.get(route, 0) >= 2 or "sign-out" in path or path.startswith(("/static", "/api")):
            continue
        routes[route] = routes.get(route, 0) + 1
        answer = browser.get(path)
        assert answer.status_code < 500, path
        text = answer.content.decode(errors="replace") if "html" in answer["Content-Type"] else ""
        seen[path] = text
        links = re.findall(r'(?:href|hx-get)="(/[^"]*)"', text)
        waiting.extend(urldefrag(unescape(link))[0] for link in links)
    return seen


# ---- characters that nobody sees -------------------------------------------------------------------------------


@pytest.mark.parametrize("unseen", ["\x00", "\x1b[31m", "\x08", "\x7f", "\u202e", "\u2066", "\ud800"])
def test_characters_nobody_sees_are_refused_over_the_api(team: Team, unseen: str) -> None:
    lin = team.program("lin")
    for field in ("name", "note", "city"):
        with nothing_written():
            answer = lin.post("leads", {"name": "赵六", "mobile": "15466667777", "source": "phone", field: f"赵{unseen}六"})
        problem = answer.json()
        assert answer.status_code == 422 and CHINESE.search(problem["detail"]), problem
        assert problem["code"] == ("invalid" if unseen == "\ud800" else "control_character")
    if unseen != "\ud800":
        with nothing_written():
            api_refuses(lin.send("documents", subject=f"customer:{unseen}", category="id_front", file=io.BytesIO(b"x")), "", "control_character")


def test_characters_nobody_sees_on_a_page_are_dropped_or_refused(team: Team) -> None:
    """Turning marks come along when people paste; control characters come from no keyboard."""
    lin = team.browser("lin")
    form = {"name": "赵\u202e六\u2066\u200b", "mobile": "\u202a15466667777\u202c", "source": "phone", "is_mine": "on"}
    for unseen in ("\x00", "\x1b", "\x08"):
        with nothing_written():
            answer = lin.post("/leads/new/", {**form, "name": f"赵{unseen}六"})
            english = lin.post("/leads/new/", {**form, "name": f"赵{unseen}六"}, headers={"Accept-Language": "en"})
        assert answer.status_code == 422 and "不可见的控制字符" in answer.content.decode()
        assert "control character" in english.content.decode()
    assert lin.post("/leads/new/", form).status_code == 302
    assert Lead.objects.get().name == "赵六"


def test_emoji_and_rare_characters_are_words_like_others(team: Team) -> None:
    words = "𠮷田🚗\n第二行\t末"
    number = said(team.program("lin").post("leads", {"name": "赵六", "mobile": "15466667777", "source": "phone", "note": words}), 201)["number"]
    assert Lead.objects.get(number=number).note == words


# ---- addresses -------------------------------------------------------------------------------------------------


def test_no_field_makes_the_server_call_an_address() -> None:
    """One place speaks to the outside, and its hosts come from settings; no model, form or body holds a URL to be called."""
    callers = {
        path.relative_to(HOUSE).as_posix() for path in HOUSE.rglob("*.py")
        if "/tests/" not in path.as_posix()
        and re.search(r"^\s*(import|from) (httpx|requests|urllib\.request|urllib3|aiohttp|smtplib|ftplib|http\.client)\b", path.read_text(), re.MULTILINE)
    }
    # The crew asks the house's own server whether it is awake; the simulators call back to where SETTINGS say.
    assert callers == {"kernel/outside.py", "kernel/simulators.py", "cli/commands/_crew.py"}
    # Sources of risk are asked through one function, each by its client.
    asking = HOUSE / "risk/vendors/asking.py"
    outside = (HOUSE / "kernel/outside.py").read_text()
    assert outside.count("client.post(") == 1 and 'os.environ.get(f"CHEZHE_URL_{service.upper()}")' in outside and "settings.SIMULATORS_URL" in outside
    for path in HOUSE.rglob("*.py"):
        if "/tests/" not in path.as_posix():
            for call in re.findall(r"outside\.post\(\s*([^,]+),", path.read_text()):
                assert re.fullmatch(r'"[a-z_]+"|SERVICE|_SERVICE', call.strip()) or path == asking, f"{path}: the service is a word of ours, not {call}"
    for path in (HOUSE / "risk/vendors").glob("*/client.py"):
        for call in re.findall(r"\bask\(\s*([^,]+),", path.read_text()):
            assert call.strip() == "SERVICE" or (call.strip() == "provider" and path.parent.name == "valuers"), f"{path}: {call}"
    fields = [f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in model._meta.concrete_fields
              if re.search(r"url|uri|webhook|callback|endpoint", field.name) or type(field).__name__ == "URLField"]
    assert not fields, fields


def test_the_way_back_never_leads_out_of_the_house(team: Team) -> None:
    """`next` and `path` are ours or nothing."""
    lin = team.browser("lin")
    for wrong in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "\thttps://evil.example"):
        for path, form in (("/me/act-for/", {"delegation": "", "next": wrong}), (reverse("set_language"), {"language": "en", "next": wrong})):
            answer = lin.post(path, form)
            assert answer.status_code == 404 or not answer.get("Location", "/").startswith(("http", "//", "/\\", "javascript", "\t")), (path, wrong)
        answer = lin.post("/views/save/", {"path": wrong, "name": "x", "query": ""})
        assert answer.status_code < 500 and "evil" not in answer.get("Location", "")
