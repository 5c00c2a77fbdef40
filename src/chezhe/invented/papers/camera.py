"""What becomes of a paper under a camera: turned a little, out of focus, grainy, pale, and saved as JPEG."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """How it was photographed: `turned_degrees` either way, `blur` and `noise` (0–255) as standard deviations in pixels and grey levels,
    `contrast` 1 as printed and 0 a grey wall, JPEG `quality`. `seed` is for the grain."""

    turned_degrees: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    contrast: float = 1.0
    quality: int = 88
    seed: int = 0


def photographed(paper: Image.Image, shot: Shot | None = None) -> bytes:
    """The paper on a table, as the JPEG that a telephone hands over."""
    shot = shot or Shot()
    table = Image.new("RGB", (paper.width + 80, paper.height + 80), (226, 224, 220))
    table.paste(paper, (40, 40))
    turned = table.rotate(shot.turned_degrees, Image.Resampling.BICUBIC, fillcolor=(226, 224, 220)) if shot.turned_degrees else table
    seen = turned.filter(ImageFilter.GaussianBlur(shot.blur)) if shot.blur else turned
    levels = np.asarray(seen, dtype=np.float32)
    levels = 210 + (levels - 210) * shot.contrast
    if shot.noise:
        levels = levels + np.random.default_rng(shot.seed).normal(0, shot.noise, levels.shape).astype(np.float32)
    out = io.BytesIO()
    Image.fromarray(levels.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=shot.quality)
    return out.getvalue()
