"""Personal data at rest, and the register of every field."""

import pytest
from cryptography.exceptions import InvalidTag
from django.db import models

from chezhe.kernel import crypto, privacy
from chezhe.kernel.fields import Encrypted, Text


def test_every_field_that_could_hold_a_person_says_its_class() -> None:
    assert privacy.untagged() == []


def test_an_untagged_text_field_is_noticed() -> None:
    assert privacy.class_of(Text(max_length=10)) is None
    assert privacy.class_of(Text(max_length=10, privacy=privacy.C2)) == "C2"
    assert privacy.class_of(models.CharField(max_length=3)) is None
    assert privacy.class_of(models.CharField(max_length=3, choices=[("a", "A")])) == "C1"


def test_ciphertexts_differ_and_are_bound_to_their_column() -> None:
    one, two = (crypto.encrypt("110101199001010007", bound_to="customer.id_number") for _ in range(2))
    assert one != two and "1101" not in one
    assert crypto.decrypt(one, bound_to="customer.id_number") == "110101199001010007"
    with pytest.raises(InvalidTag):
        crypto.decrypt(one, bound_to="customer.mobile")


def test_a_blind_index_finds_the_same_value_only() -> None:
    index = crypto.blind_index("13800000000", kind="mobile")
    assert index == crypto.blind_index("13800000000", kind="mobile")
    assert index not in (crypto.blind_index("13800000001", kind="mobile"), crypto.blind_index("13800000000", kind="card"))


def test_encrypted_fields_are_c2_by_default() -> None:
    assert privacy.class_of(Encrypted()) == "C2"
