"""Checklists as versioned data: what is looked at in which premises, by which version, published by whom."""
