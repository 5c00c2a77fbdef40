"""LightGBM text models at work: one row through the single-row interface of the library, many rows through a matrix.

Both walk the same trees and add in the same order, so that one row and a file give the same bits. The library's Python wrapper
spends a hundred microseconds on preparing a row; its C interface for single rows, prepared once, does not.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from chezhe.scorecards import boosting_library
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.frame import Floats

RAW, CONTRIBUTIONS = 1, 3  # C_API_PREDICT_RAW_SCORE, C_API_PREDICT_CONTRIB
FLOAT64 = 1  # C_API_DTYPE_FLOAT64
SINGLE_THREAD = b"num_threads=1"


class Trees:
    """One text model over `width` columns."""

    def __init__(self, text: str, width: int, name: str) -> None:
        lightgbm = boosting_library.lightgbm()
        if "\nend of trees" not in text:
            raise ModelError("artefact_schema", name)
        try:
            self._booster = lightgbm.Booster(model_str=text)
        except (lightgbm.basic.LightGBMError, ValueError):
            raise ModelError("artefact_schema", name)
        if self._booster.num_feature() != width:
            raise ModelError("artefact_schema", name)
        self._library: Any = vars(lightgbm.basic)["_LIB"]
        self._width = width
        self._raw = self._prepared(RAW)
        self._contributions = self._prepared(CONTRIBUTIONS)

    def raw_of_row(self, row: Floats) -> float:
        """The raw sum of the trees for one row."""
        found = ctypes.c_double()
        self._predict(self._raw, row, ctypes.byref(found))
        return found.value

    def contributions_of_row(self, row: Floats) -> Floats:
        """What each column adds to the raw sum (exact TreeSHAP), the expected value last."""
        found = np.empty(self._width + 1)
        self._predict(self._contributions, row, found.ctypes.data)
        return found

    def raw_of_rows(self, rows: Floats) -> Floats:
        """The raw sums of many rows."""
        found: Floats = np.asarray(self._booster.predict(rows, raw_score=True, num_threads=1), dtype=np.float64)
        return found

    def contributions_of_rows(self, rows: Floats) -> Floats:
        """The contributions of many rows."""
        found: Floats = np.asarray(self._booster.predict(rows, pred_contrib=True, num_threads=1), dtype=np.float64)
        return found

    def _prepared(self, kind: int) -> Any:
        """A configuration of the single-row interface; it lives as long as the model."""
        found = ctypes.c_void_p()
        self._checked(self._library.LGBM_BoosterPredictForMatSingleRowFastInit(
            self._booster._handle, ctypes.c_int(kind), ctypes.c_int(0), ctypes.c_int(-1), ctypes.c_int(FLOAT64),
            ctypes.c_int32(self._width), ctypes.c_char_p(SINGLE_THREAD), ctypes.byref(found),
        ))  # fmt: skip
        return found

    def _predict(self, prepared: Any, row: Floats, into: Any) -> None:
        count = ctypes.c_int64()
        data = ctypes.c_void_p(row.ctypes.data)
        target = ctypes.c_void_p(into) if isinstance(into, int) else into
        self._checked(self._library.LGBM_BoosterPredictForMatSingleRowFast(prepared, data, ctypes.byref(count), target))

    def _checked(self, code: int) -> None:
        if code != 0:
            raise ModelError("model_failed", self._library.LGBM_GetLastError().decode("utf-8", "replace")[:200])

    def __del__(self) -> None:
        for prepared in (getattr(self, "_raw", None), getattr(self, "_contributions", None)):
            if prepared is not None:
                self._library.LGBM_FastConfigFree(prepared)
