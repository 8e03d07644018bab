"""Benchmarks: both sides in one run, and the ratio. Never timed tests: machines are noisy."""
