"""The conversation core: events in, effects out, time handed in."""
