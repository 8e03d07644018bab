"""Figures (数): what it adds up to; each number opens to the rows behind it."""
