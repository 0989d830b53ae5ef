"""Takes away what is written but never spoken: markdown, tags and emoji."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field

_EMOJI = (
    "\U0001f000-\U0001faff\U000e0020-\U000e007f\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\u00a9\u00ae\u2122\u20e3\ufe0e\ufe0f"
)
_SPEAKABLE_ENTITIES = frozenset("&'\"€£¥§°")

# One named group an alternative: its name says how the match is read.
_MARKUP = re.compile(
    r"(?P<block>```[\s\S]*?(?:```|\Z)|<!--[\s\S]*?-->)"
    r"|(?P<address>\b(?:https?://|www\.)[\w.~:/?#@!$&'+,;=%-]+"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<newline>(?:(?<![ \t])[ \t]+)?\n(?:[ \t]*\n)*)"
    r"|(?P<rule>^[ \t]*(?:[-*_=][ \t]*){3,}$)"
    r"|(?P<divider>^[ \t]*(?:\|[ \t]*)?(?::?-+:?[ \t]*\|[ \t]*)+:?-*:?[ \t]*$)"
    r"|(?P<heading>^[ \t]*\#{1,6}[ \t]+)"
    r"|(?P<quote>^[ \t]*(?:>[ \t]?)+)"
    r"|(?P<bullet>^[ \t]*[-*+•‣●◦▪][ \t]+(?:\[[ xX]\][ \t]+)?)"
    r"|(?P<cell>(?:(?<![ \t])[ \t]+)?\|+[ \t]*)"
    r"|(?P<footnote>\[\^[^\]\n]*\])"
    r"|(?P<link>!?\[(?=[^\[\]\n]*\](?:\(|\[)))"
    r"|(?P<target>\](?:\([^()\n]*(?:\([^()\n]*\))?[^()\n]*\)|\[[^\]\n]*\]))"
    r"|(?P<break><[bB][rR][ ]?/?>)"
    r"|(?P<tag></?[A-Za-z](?![\w.+-]*[:@])[^<>\n]{0,200}>|<(?=[\w.+:/-]+@?)|(?<=[\w/])>)"
    r"|(?P<entity>&(?:\#\d{1,6}|\#[xX][\da-fA-F]{1,6}|[A-Za-z]{2,8});)"
    r"|(?P<times>(?<=\d)[ ]?\*[ ]?(?=\d))"
    r"|(?P<emphasis>[*`\\]|~~|~(?!\s?[$€£]?\d)|(?<![^\W_])_+|_+(?![^\W_])|\#(?!\s?\d))"
    r"|(?P<emoticon>(?<!\w)[:;]-?[()DPp](?!\w))"
    rf"|(?P<emoji>[{_EMOJI}](?:\u200d?[{_EMOJI}])*)",
    re.MULTILINE,
)


@dataclass
class Plain:
    """A text without markup, and for each character the stretch of the source it stands for."""

    text: str = ""
    origins: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    def keep(self, source: str, start: int, end: int) -> None:
        """Take a stretch of the source as it is."""
        for place in range(start, end):
            self.say(source[place], place, place + 1)

    def say(self, text: str, start: int, end: int) -> None:
        """Add words that stand together for a stretch of the source."""
        for character in text:
            # What stood between two spaces is gone, and one of them with it.
            if not (character.isspace() and self.text[-1:].isspace()):
                self.text += character
                self.origins.append((start, end))


def strip(source: str, stop: str = ".") -> Plain:
    """Return what is left to be spoken; `stop` ends lines that have no punctuation."""
    plain, place = Plain(), 0
    for found in _MARKUP.finditer(source):
        plain.keep(source, place, found.start())
        _read(plain, found, stop)
        place = found.end()
    plain.keep(source, place, len(source))
    return plain


def _read(plain: Plain, found: re.Match[str], stop: str) -> None:
    """Add what is said for a piece of markup; mostly nothing."""
    start, end = found.span()
    match found.lastgroup:
        case "address":
            prefix = re.match(r"(?:https?://)?(?:www\.)?", found[0])
            plain.keep(found.string, start + (prefix.end() if prefix else 0), end)
        case "newline":
            plain.say(_between_lines(plain.text, found, stop), start, end)
        case "cell":
            plain.say("" if _at_edge(found) else ", ", start, end)
        case "break":
            plain.say(" ", start, end)
        case "times":
            plain.say(" × ", start, end)  # noqa: RUF001 - the sign of multiplication
        case "entity":
            plain.say(_entity(found[0]), start, end)
        case _:
            pass


def _between_lines(before: str, found: re.Match[str], stop: str) -> str:
    """Return the pause that a new line makes."""
    last = before.rstrip()[-1:]
    if not last or found.end() == len(found.string):
        return ""
    return " " if unicodedata.category(last).startswith("P") else f"{stop} "


def _at_edge(found: re.Match[str]) -> bool:
    """Tell whether a column mark is the first or last of its line."""
    before = found.string[: found.start()].rpartition("\n")[2]
    after = found.string[found.end() :].partition("\n")[0]
    return not before.strip() or not after.strip()


def _entity(written: str) -> str:
    said = html.unescape(written).replace("\xa0", " ")
    return said if all(c.isalnum() or c == " " or c in _SPEAKABLE_ENTITIES for c in said) else ""
