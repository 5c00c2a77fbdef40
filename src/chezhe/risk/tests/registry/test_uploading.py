"""What is uploaded is believed only when it is whole, of our schema, and made of facts that we serve: upload_model."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from chezhe.kernel.errors import BusinessError, Invalid, NotPermitted
from chezhe.risk.actions.upload_model import upload_model
from chezhe.risk.deciding.champion import SHIPPED
from chezhe.risk.registry import packing, queries, source
from chezhe.risk.registry.errors import ModelTwice
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.tests.registry.desk import Desk, another, shipped_files, signed, zipped
from chezhe.scorecards import artefact
from chezhe.scorecards.artefact import MANIFEST
from chezhe.scorecards.errors import ModelError

GOOD = another()


def renamed(old: str, new: str) -> dict[str, bytes]:
    """The card asks for an input under another name."""
    return signed({name: content.replace(f'"{old}"'.encode(), f'"{new}"'.encode()) for name, content in GOOD.items()})


def bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(MANIFEST, GOOD[MANIFEST])
        packed.writestr("card.json", b"0" * (packing.UNPACKED_MAX + 1))
    return held.getvalue()


def linked() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr(MANIFEST, GOOD[MANIFEST])
        entry = zipfile.ZipInfo("card.json")
        entry.external_attr = 0o120777 << 16
        packed.writestr(entry, "/etc/passwd")
    return held.getvalue()


def locked() -> bytes:
    """Every entry says that it is encrypted."""
    data = bytearray(zipped(GOOD))
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def doubled() -> bytes:
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w") as packed:
        warnings.simplefilter("ignore")
        for name in (MANIFEST, "card.json", "card.json"):
            packed.writestr(name, GOOD[name])
    return held.getvalue()


def without(name: str) -> dict[str, bytes]:
    return signed({key: content for key, content in GOOD.items() if key != name})


def schema_with(**changes: Any) -> bytes:
    told = json.loads(GOOD["schema.json"])
    told["probability"] |= changes
    return artefact.dump(told)


BAD: dict[str, tuple[Any, str]] = {
    "nothing": (lambda: b"", "model_unreadable"),
    "a text": (lambda: b"probability,score\n", "model_unreadable"),
    "a zip cut off": (lambda: zipped(GOOD)[:-300], "model_unreadable"),
    "a zip with a byte changed": (lambda: zipped(GOOD)[:2000] + b"\x00\xff\x13" + zipped(GOOD)[2003:], "model_unreadable"),
    "a bomb": (bomb, "model_too_big"),
    "a way out": (lambda: zipped({"../card.json": b"{}", MANIFEST: GOOD[MANIFEST]}), "model_path"),
    "a way out for all": (lambda: zipped(GOOD, "../"), "model_path"),
    "an absolute path": (lambda: zipped({"/etc/card.json": b"{}", MANIFEST: GOOD[MANIFEST]}), "model_path"),
    "a link": (linked, "model_path"),
    "a program": (lambda: zipped(GOOD | {"model.pkl": b"\x80\x04"}), "model_path"),
    "too many files": (lambda: zipped({f"m{place}.txt": b"" for place in range(80)}), "model_too_many"),
    "a swarm of files": (lambda: zipped({f"m{place}.txt": b"" for place in range(3000)}), "model_too_many"),
    "a lock": (locked, "model_encrypted"),
    "two files of one name": (doubled, "model_name_twice"),
    "no manifest": (lambda: zipped({"card.json": GOOD["card.json"]}), "model_no_manifest"),
    "a file cut off": (lambda: zipped(GOOD | {"card.json": GOOD["card.json"][:-400]}), "model_artefact_changed"),
    "a file that is gone": (lambda: zipped({k: v for k, v in GOOD.items() if k != "card.json"}), "model_artefact_changed"),
    "a manifest cut off": (lambda: zipped(GOOD | {MANIFEST: GOOD[MANIFEST][:50]}), "model_artefact_unreadable"),
    "another program's": (lambda: zipped(signed(GOOD, format="mlflow")), "model_artefact_foreign"),
    "another schema": (lambda: zipped(signed(GOOD, schema=2)), "model_artefact_version"),
    "another schema inside": (lambda: zipped(signed(GOOD | {"card.json": b'{"format": 1, "bins": []}'})), "model_artefact_schema"),
    "a price model": (lambda: zipped(signed(GOOD, kind="valuation")), "model_artefact_schema"),
    "no spread to compare with": (lambda: zipped(without("schema.json")), "model_document"),
    "no figures": (lambda: zipped(without("metrics.json")), "model_document"),
    "an empty spread": (lambda: zipped(signed(GOOD | {"schema.json": b'{"features": []}'})), "model_document"),
    "a spread of words": (lambda: zipped(signed(GOOD | {"schema.json": schema_with(cuts=["low", "high"])})), "model_document"),
    "a spread of another length": (lambda: zipped(signed(GOOD | {"schema.json": schema_with(shares=[1.0])})), "model_document"),
    "figures that are none": (lambda: zipped(signed(GOOD | {"metrics.json": b'{"test": {"auc": "high"}}'})), "model_document"),
    "figures without end": (lambda: zipped(signed(GOOD | {"metrics.json": b'{"test": {"auc": Infinity}}'})), "model_document"),
    "a card of one word": (lambda: zipped(signed(GOOD | {"model_card.json": b'{"data": "mine"}'})), "model_document"),
    "a card with a hole": (lambda: zipped(signed(GOOD | {"model_card.json": b'{"data": {"file": "a\\u0000"}}'})), "model_document"),
    "a history without figures": (lambda: zipped(signed(GOOD | {"model_card.json": b'{"recalibrations": [{}]}'})), "model_document"),
    "an unknown input": (lambda: zipped(renamed("bureau_score", "zodiac_sign")), "model_inputs"),
    "the answer as an input": (lambda: zipped(renamed("bureau_score", "score")), "model_derived"),
    "a text for a number": (lambda: zipped(renamed("bureau_score", "marital_status")), "model_facts"),
    "what nobody serves": (lambda: zipped(renamed("bureau_score", "employer_months")), "model_unserved"),
    "what nobody serves of a dealer": (lambda: zipped(renamed("bureau_score", "dealer_first_payment_default_rate")), "model_unserved"),
    "points of another world": (lambda: zipped(another(points=100_000)), "model_scores"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_believed_is_refused_with_the_reason(what: str, desk: Desk) -> None:
    make, code = BAD[what]
    with pytest.raises(BusinessError) as refused:
        desk.upload(make())
    assert (refused.value.code, refused.value.http_status, refused.value.field) == (code, 422, "file")
    assert "{" not in str(refused.value) and "%" not in str(refused.value) and len(str(refused.value)) > 15
    assert not ScoringModel.objects.filter(is_shipped=False).exists()


def test_a_model_of_facts_that_nobody_serves_is_refused_by_their_names(desk: Desk) -> None:
    with pytest.raises(BusinessError) as refused:
        desk.upload(zipped(renamed("bureau_score", "employer_months")))
    assert "现单位工作月数" in str(refused.value) and "转人工" in str(refused.value)


def test_a_whole_model_is_kept_for_good_and_scores_nobody_yet(desk: Desk) -> None:
    model = desk.upload(zipped(GOOD, "card-2/"))
    assert (model.status, model.kind, model.data_hash) == ("draft", "scorecard", json.loads(GOOD["model_card.json"])["data"]["sha256"])
    again = source.by_hash(model.content_hash)
    assert again is not None and again.inputs == tuple(model.inputs) and queries.active("person").is_shipped  # type: ignore[union-attr]
    with pytest.raises(ModelTwice):
        desk.upload(zipped(GOOD))
    for change in ({"content": b"x"}, {"content_hash": "0" * 64}, {"purpose": "company"}):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            ScoringModel.objects.filter(pk=model.pk).update(**change)
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        ScoringModel.objects.filter(pk=model.pk).delete()


def test_only_risk_management_brings_models_in(desk: Desk) -> None:
    for who in (desk.lin, desk.xu, desk.he):
        with pytest.raises(NotPermitted):
            upload_model(data=zipped(GOOD), name="卡", purpose="person", by=who)
    for named, code in (({"name": " ", "purpose": "person"}, "model_name_missing"), ({"name": "卡", "purpose": "dog"}, "model_purpose")):
        with pytest.raises(Invalid) as refused:
            upload_model(data=zipped(GOOD), by=desk.fei, **named)
        assert refused.value.code == code


def test_files_in_memory_are_the_model_of_the_folder() -> None:
    folder, memory = artefact.load(SHIPPED), artefact.of_files(shipped_files())
    assert (memory.hash, memory.files) == (folder.hash, folder.files)
    assert packing.unpack(packing.pack(shipped_files())) == shipped_files()
    with pytest.raises(ModelError, match="artefact_missing"):
        artefact.of_files({})
