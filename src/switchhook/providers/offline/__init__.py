"""Speech without a network; needs the extra `offline`."""

from switchhook.providers.offline.decoder import installed as can_hear
from switchhook.providers.offline.ears import OfflineEars
from switchhook.providers.offline.voice import OfflineVoice, available

__all__ = ["OfflineEars", "OfflineVoice", "available", "can_hear"]
