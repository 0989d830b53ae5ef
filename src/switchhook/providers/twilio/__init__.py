"""Twilio: the media socket and what it says."""
