"""Papers are made in the worker: what they say is fixed when they are asked for, printed outside any transaction, and kept with the
digest of every page. Reprints are numbered, seals are written down, and anybody can verify a paper by its code.
"""
