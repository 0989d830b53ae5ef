"""Whole calls drawn from a seed, in virtual time, and what must hold in every one of them.

Rules, an assistant, a model, or a model that speaks lead it, over a line of audio or of words.
It is placed or received, and may be handed over, steered and stopped, with trouble anywhere.
`python -m tests.simulation SEED` replays one and tells what happened.
"""
