"""How English is read aloud: numbers, money, dates, times, addresses and abbreviations."""

from switchhook.engine.english.reading import Piece, read_aloud

__all__ = ["Piece", "read_aloud"]
