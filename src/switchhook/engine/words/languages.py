"""The languages whose words we know."""

from __future__ import annotations

from types import MappingProxyType

from switchhook.domain.agent import Language
from switchhook.engine.words import de, en, es, fr, hi, it, ja, ko, nl, pt
from switchhook.engine.words import id as indonesian
from switchhook.engine.words.table import Words

_LANGUAGES: MappingProxyType[Language, Words] = MappingProxyType(
    {
        "de": de.WORDS,
        "en": en.WORDS,
        "es": es.WORDS,
        "fr": fr.WORDS,
        "hi": hi.WORDS,
        "id": indonesian.WORDS,
        "it": it.WORDS,
        "ja": ja.WORDS,
        "ko": ko.WORDS,
        "nl": nl.WORDS,
        "pt": pt.WORDS,
    }
)


def words_of(language: Language) -> Words:
    """Return what people say in this language."""
    return _LANGUAGES[language]
