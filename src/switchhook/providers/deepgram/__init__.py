"""Deepgram: ears that hear pauses (Nova) or turns (Flux), and a voice (Aura)."""
