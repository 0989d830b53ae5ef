"""Whole calls drawn from a seed, in virtual time, and what must hold in every one of them.

`python -m tests.simulation SEED` replays one and tells what happened.
"""
