"""Speech without a network; needs the extra `offline`."""

from switchhook.providers.offline.voice import OfflineVoice, available

__all__ = ["OfflineVoice", "available"]
