"""OpenAI, and every server that speaks like it: ears, minds, a voice, conversations by speech."""
