"""Benchmarks, as ratios of two things measured side by side in one run: `python -m benchmarks` (`make bench`).

Machines are shared and noisy, so no single time is worth quoting: each figure is the median of paired runs, and what
counts is the ratio. Results go to `benchmarks/results/*.json`, the table to `docs/performance.md`.
"""
