"""ElevenLabs: a voice that tells when every character is spoken."""
