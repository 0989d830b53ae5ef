"""What goes wrong in telephone calls, a named test each; every one fails with its bug planted.

S01-S19 stopping and what was heard, S20-S29 silence, S30-S42 ending, S43-S47 many calls at once,
S48-S52 sound, S53-S64 screening, keys and transfers. `later.py` lists those that are elsewhere.
"""
