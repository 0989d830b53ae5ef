"""The languages that the agent speaks."""

from __future__ import annotations

from types import MappingProxyType

from switchhook.domain.agent import Language
from switchhook.engine.phrases import de, en, es, fr, hi, it, ja, ko, nl, pt
from switchhook.engine.phrases import id as indonesian
from switchhook.engine.phrases.table import Phrases

_LANGUAGES: MappingProxyType[Language, Phrases] = MappingProxyType(
    {
        "de": de.PHRASES,
        "en": en.PHRASES,
        "es": es.PHRASES,
        "fr": fr.PHRASES,
        "hi": hi.PHRASES,
        "id": indonesian.PHRASES,
        "it": it.PHRASES,
        "ja": ja.PHRASES,
        "ko": ko.PHRASES,
        "nl": nl.PHRASES,
        "pt": pt.PHRASES,
    }
)


def phrases(language: Language) -> Phrases:
    """Return the sentences of a language."""
    return _LANGUAGES[language]
