import pytest

from chezhe.staff import rules
from chezhe.staff.rules import PROFILES, password_faults, widest


@pytest.mark.parametrize(
    ("reaches", "expected"),
    [([], "none"), (["own"], "own"), (["own", "region", "branch"], "region"), (["branch", "all"], "all")],
)
def test_the_widest_reach_counts(reaches, expected):
    assert widest(reaches) == expected


@pytest.mark.parametrize(
    ("profile", "password", "faults"),
    [
        ("mlps3", "Lorry-fern-4821", []),
        ("mlps3", "Short-1", ["short"]),
        ("mlps3", "alllowercaseletters", ["plain"]),
        ("mlps3", "Zhaolin-2026-x", ["personal"]),
        ("asvs", "alllowercaseletters", []),
        ("asvs", "Lorry-fern-482", ["short"]),
        ("asvs", "一句足够长的中文密码也可以用的呀", []),
        ("mlps3", "Aa1-" * 40, ["long"]),
    ],
)
def test_both_profiles_judge_passwords(profile, password, faults):
    assert password_faults(password, PROFILES[profile], ["zhaolin"]) == faults


def test_only_the_first_second_administrator_needs_no_second_person():
    assert rules.is_first_second_admin("admin", {1}, 2)
    assert not rules.is_first_second_admin("admin", {1, 3}, 2)
    assert not rules.is_first_second_admin("finance", {1}, 2)
    assert not rules.is_first_second_admin("admin", {1}, 1)


@pytest.mark.parametrize(
    ("said", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0",
         "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 MicroMessenger/8.0", "WeChat · iPhone"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "—"),
    ],
)
def test_a_browser_is_named_so_that_a_person_knows_the_place(said, device):
    assert rules.device_of(said) == device
