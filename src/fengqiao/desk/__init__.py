"""Desk (值班台): board, matter page, registers, imports, figures and accounts, as server-rendered pages."""
