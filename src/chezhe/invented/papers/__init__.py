"""Sample papers as pictures: an invented person's ID card, a car's papers, a bank card, an invoice. Whoever reads them knows nothing of
this package but the font."""

from chezhe.invented.papers.camera import Shot, photographed
from chezhe.invented.papers.contents import KINDS, contents_of
from chezhe.invented.papers.drawing import drawn, landscape

__all__ = ["KINDS", "Shot", "contents_of", "drawn", "landscape", "photographed"]
