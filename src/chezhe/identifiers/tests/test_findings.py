"""Every finding of every module: one stable code each, both languages, and the Chinese one punctuated as Chinese."""

import importlib
import pkgutil
import re

from chezhe import identifiers
from chezhe.identifiers.findings import Finding


def all_findings() -> list[Finding]:
    names = [m.name for m in pkgutil.iter_modules(identifiers.__path__) if m.name != "tests"]
    modules = [importlib.import_module(f"chezhe.identifiers.{name}") for name in names]
    return [value for module in modules for value in vars(module).values() if isinstance(value, Finding)]


def test_codes_are_unique_and_dotted() -> None:
    codes = [finding.code for finding in all_findings()]
    assert len(codes) == len(set(codes)) > 20
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", code) for code in codes)


def test_sentences_are_sentences_in_both_languages() -> None:
    for finding in all_findings():
        assert finding.zh.endswith("。") and re.search("[\u4e00-\u9fff]", finding.zh)
        assert not re.search("[\u4e00-\u9fff][,:;(]|[,:;)][\u4e00-\u9fff]", finding.zh), finding.zh
        assert finding.en.endswith(".") and finding.en[0].isupper()
