"""What the callee means, by rule: yes or no, a wish about the call, or a question of their own."""

from __future__ import annotations

import re
from enum import Enum


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


class Wish(Enum):
    """What a callee may want of the call itself, the most important first."""

    STOP_CALLING = (
        r"(stop|quit) (calling|phoning|ringing)|(do not|don't|never) (ever )?(call|phone|ring)"
        r"( me| us| here| this number)?( again| any ?more| back)|(take|remove) (me|us|my number)"
        r"( off| from)|do not call list|unsubscribe"
    )
    VOICEMAIL = (
        r"^(?!.*\b(would|do|can|could|may) (you|i)\b).*leave (me |us )?(a|your) (message|name)"
        r"|(after|at) the (tone|beep)|voice ?mail ?box"
    )
    WRONG_NUMBER = (
        r"wrong (number|person)|(no|not) (one|body) (here )?(by|with) that name"
        r"|(you have|you've got) the wrong"
    )
    LATER = (
        r"(call|ring|phone|try) (me |us |again |back )*(later|tomorrow|another time|some other time"
        r"|again|back|in (a|an|half|\d+|ten|twenty|thirty|two|three) \w+|(next|on|this|at) \w+)"
        r"|(is not|isn't|not) (a|the best|such a) (good |great |right )?(time|moment)\b|bad time"
        r"|(i'm|i am|we are|we're) (very |too |quite |rather |really |a bit )?(busy|driving)"
        r"|in (a|the middle of a) meeting|no time (right )?now"
    )
    PERSON = (
        r"(talk|speak) (to|with) (a |an |your |the |some ?)(real |actual )?(human|person|body|one"
        r"|manager|boss|colleague|agent|operator|supervisor)"
        r"|(transfer|connect|put) me (to|through|with)|real person please|human please"
    )
    ROBOT = (
        r"(are|is) (you|this|that) (really |actually )?(a |an )?"
        r"(robot|machine|bot|computer|ai\b|recording|real|human|person)"
        r"|am i (talking|speaking) to a"
    )
    WHO = (
        r"who('s| is| are) (this|that|it|you|calling|speaking|there)|who am i (talking|speaking)"
        r"|what is this (about|call|regarding)|what('s| is) it about|why are you calling"
    )
    REPEAT = (
        r"(say|repeat) (that|it|this|the question|yourself)( again)?|(can|could|would) you repeat"
        r"|^(sorry|pardon|pardon me|excuse me|what|come again|repeat)$"
        r"|(didn't|did not|couldn't|could not|can't|cannot) (hear|catch|get|understand)"
        r"|say again|speak up|a (bit|little) (louder|slower)|what did you say"
    )
    GOODBYE = (
        r"^(ok |okay |well |thanks |thank you )*(good ?bye|bye|bye bye|have a (nice|good) day)$"
    )


_WISHES = {wish: re.compile(wish.value) for wish in Wish}

_YES = {
    "en": "yes yeah yep yup sure correct right exactly absolutely certainly okay ok definitely",
    "es": "sí si claro correcto vale",
    "de": "ja jawohl genau richtig klar stimmt",
    "hi": "हाँ हां जी सही",
    "pt": "sim claro certo correto",
    "fr": "oui exact exactement bien",
    "nl": "ja klopt juist zeker",
    "id": "ya iya benar betul",
    "it": "sì si certo esatto giusto",
    "ja": "はい ええ うん",
    "ko": "네 예 맞습니다 맞아요",
}
_NO = {
    "en": "no nope nah not wrong incorrect never don't can't cannot won't isn't",
    "es": "no",
    "de": "nein nicht falsch",
    "hi": "नहीं ना",
    "pt": "não nao",
    "fr": "non pas",
    "nl": "nee niet",
    "id": "tidak bukan",
    "it": "no non",
    "ja": "いいえ いや",
    "ko": "아니요 아니오 아니",
}
_NOTHING_WRONG = re.compile(r"\b(no|not a) problem\b|\bwhy not\b|\bno worries\b")
_POLITE = re.compile(
    r"\b(please|of course|go ahead|that's it|that is it|sounds (good|great|fine)|that works"
    r"|that's fine|that is fine|perfect|i think so|(i|we) (do|can)(?!'))\b"
)
_HARDLY = re.compile(r"\b(don't think so|not really|afraid not|rather not)\b")
_ORDERING = re.compile(
    r"\b(ignore|disregard|forget|override) (all |any |every |your |the |my |these |previous |prior"
    r" )*(instructions?|rules?|prompts?|programming|orders)\b|\bsystem (prompt|message|override)\b"
    r"|\byou are now\b|\b(developer|debug|admin|god) mode\b|\bnew (instructions|task|orders)\b"
    r"|\bpretend (to be|you)\b|\bact as\b|\brepeat after me\b"
)
_BACKCHANNELS = _set("mhm mm hm hmm uh-huh uhuh aha ah oh uh um")
_GREETINGS = _set(
    "hello hi hey speaking good morning afternoon evening day there hola hallo oui allô allo"
    " ciao pronto halo olá moshi もしもし 여보세요 नमस्ते"
)
_ASKING = re.compile(
    r"^(and |but |so |well |sorry |um |uh )*(what|when|where|why|how|which|whose|who"
    r"|can (you|i|we)|could (you|i|we)|do (you|i|we)|does|did|is (it|there|that|this|he|she)"
    r"|are (you|there|they)|will|would|have you|has)\b"
)
_CORRECTING = re.compile(
    r"^((oh|no|actually|wait|sorry|hold on|hang on|hm+|um+)\b\W*)*"
    r"\b(i (said|meant|mean)|i'd rather( say| have)?|actually|correction|i changed my mind"
    r"|(can|could) (we|you|i) (make (it|that)|change (it|that) to)|(let's |please )?make (it|that)"
    r"|change (it|that) to|rather|it should be|it's not \S+ it's)\b\W*(make (it|that)\b\W*)?"
)


def plain(text: str) -> str:
    """Return the text in lower case without punctuation, as the rules compare it."""
    folded = text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(re.sub(r"[^\w\s'\-:+@./,]|[.,](?=\s|$)", " ", folded).split())


def wish(text: str) -> Wish | None:
    """Return what the callee wants of the call itself."""
    words = plain(text)
    return next((wish for wish, pattern in _WISHES.items() if pattern.search(words)), None)


def yes_or_no(text: str, language: str = "en") -> bool | None:
    """Return whether it is a yes or a no; nothing when it is neither or both."""
    words = plain(text)
    if _NOTHING_WRONG.search(words):
        return True
    if _HARDLY.search(words):
        return False
    spoken = set(words.split())
    no = bool(spoken & _words(_NO, language))
    yes = bool(spoken & _words(_YES, language)) or (
        language == "en" and bool(_POLITE.search(words))
    )
    first = words.split(" ", 1)[0]
    if yes and no:
        # "No, that is right" and "yes, I can not" are told apart by how they begin.
        return first not in _words(_NO, language) if _opens(first, language) else None
    return yes if yes != no else None


def backchannel(text: str) -> bool:
    """Tell whether the callee only shows that they listen."""
    return all(word in _BACKCHANNELS for word in plain(text).split())


def greeting(text: str) -> bool:
    """Tell whether the callee only says hello."""
    return all(word in _GREETINGS for word in plain(text).split())


def question(text: str) -> bool:
    """Tell whether the callee asks something."""
    return text.rstrip().endswith(("?", "\N{FULLWIDTH QUESTION MARK}")) or bool(
        _ASKING.match(plain(text))
    )


def order(text: str) -> bool:
    """Tell whether the callee gives the machine orders that are none of a callee's."""
    return bool(_ORDERING.search(plain(text)))


def correction(text: str) -> str | None:
    """Return what the callee says instead, when they correct something."""
    words = plain(text)
    match = _CORRECTING.match(words)
    return _as_written(words[match.end() :], text) if match else None


def after_name(text: str, label: str) -> str:
    """Return what is said of a field that is named: "the day should be Friday" gives "friday"."""
    name = re.escape(label.casefold())
    match = re.search(
        rf"\b(?:the|my|our|change the|change)? ?{name}"
        r" (?:is|was|should be|should have been|to|has to be|must be|needs to be)\b\s*(?:not\b.*?"
        r"\b(?:but|it's|it is)\b\s*)?(.+)$",
        plain(text),
    )
    return _as_written(match[1], text) if match else ""


def without_no(text: str) -> str:
    """Return what follows a no: "No, Turing." gives "Turing"."""
    return re.sub(r"^\W*(?:no|nope|nein|non|nee)\b[\s,.]*", "", text, flags=re.IGNORECASE).strip(
        " .,!"
    )


def _as_written(words: str, text: str) -> str:
    """Return the words with the capitals that they have in the text."""
    start = text.casefold().find(words)
    same = start >= 0 and text[start : start + len(words)].casefold() == words
    return text[start : start + len(words)] if same else words


def _words(table: dict[str, str], language: str) -> set[str]:
    return set(table.get(language, table["en"]).split())


def _opens(first: str, language: str) -> bool:
    return first in _words(_NO, language) | _words(_YES, language)
