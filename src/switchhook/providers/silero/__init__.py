"""Silero's neural detector of speech: one session and one inference for all calls of a node."""
