"""Matters (事): the loop. Registry of kinds, the one writer, clocks as rows, events that are never changed."""
