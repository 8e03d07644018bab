"""The embedded PostgreSQL: a box of binaries from a wheel, and our own keeper of one cluster over it."""

from fengqiao.server.embedded.postgres import EmbeddedPostgres

__all__ = ["EmbeddedPostgres"]
