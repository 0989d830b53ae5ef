"""Cartesia: a voice that tells when every word is spoken."""
