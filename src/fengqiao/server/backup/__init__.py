"""Backup and restore of a whole station: one sealed file, read back whole before it counts as one."""
