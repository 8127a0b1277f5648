"""Benchmarks, run by hand: they print tables, and nothing is asserted on time."""
