"""Embedded PostgreSQL: our own supervisor over the binaries of a wheel, or over Debian's.

`Cluster(home)` is one database server in one directory; nothing listens on the network.
No Django here: the command line starts the server before Django is configured.
"""

from chezhe.kernel.postgres.cluster import Cluster, PostgresFailed

__all__ = ["Cluster", "PostgresFailed"]
