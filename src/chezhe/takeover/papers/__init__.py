"""The reconciliation of a takeover on paper, in Chinese, as PDF/A; `documents.papers` prints it."""
