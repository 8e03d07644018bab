"""Kinds (类): one folder a kind of matter. They know nothing of each other."""
