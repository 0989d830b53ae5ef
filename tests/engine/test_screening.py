from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.domain.agent import Language
from switchhook.engine.screening import (
    Evidence,
    Judgement,
    MenuLoop,
    Reason,
    Tone,
    Verdict,
    asks_not_to_be_called,
    by_words,
    deadline,
    judge,
    likeness,
)

ANSWERED = Evidence(answered=100.0)


def spoke(*stretches: tuple[float, float], text: str = "", language: Language = "en") -> Evidence:
    """Return what is known after speech of these stretches, in seconds since the answer."""
    evidence = Evidence(100.0, language)
    for start, end in stretches:
        evidence = evidence.speech_started(100 + start).speech_ended(100 + end)
    return replace(evidence, text=text)


def verdict(evidence: Evidence, after: float) -> tuple[str, bool] | None:
    judgement = judge(evidence, 100 + after)
    return (judgement.verdict.value, judgement.confirmed) if judgement else None


def test_a_short_hello_and_silence_is_a_human() -> None:
    assert verdict(spoke((1, 1.6)), 1.8) is None
    assert verdict(spoke((1, 1.6)), 2.1) == ("human", True)


def test_a_long_greeting_is_a_machine_once_it_ended() -> None:
    talking = ANSWERED.speech_started(101)
    assert verdict(talking, 4.4) is None
    assert verdict(talking, 4.6) == ("voicemail", False)
    assert verdict(spoke((1, 8)), 9.6) == ("voicemail", True)


def test_a_greeting_of_middle_length_is_awaited() -> None:
    assert verdict(spoke((1, 4)), 5) is None


@pytest.mark.parametrize(
    "text",
    [
        "He's not available at the moment.",
        "I'm busy right now",
        "She is not here, can I take a message?",
        "Would you like to leave a message?",
        "Smith's dental practice, Jenny speaking, how can I help you?",
        "Who is this?",
    ],
)
def test_what_only_people_say_makes_a_human_however_long_it_took(text: str) -> None:
    assert verdict(spoke((1, 8), text=text), 8.2) == ("human", False)
    assert verdict(spoke((1, 8), text=text), 8.6) == ("human", True)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Hi, this is Bob. I'm not available, please leave a message after the tone.", "voicemail"),
        ("I'm not available to take your call right now.", "voicemail"),
        ("For sales, press one. For support, press 2.", "ivr"),
        ("Please state your name and why you're calling.", "screening_assistant"),
        ("The number you have dialed is not in service.", "unavailable"),
        ("Hello there", None),
        ("", None),
    ],
)
def test_words_tell_machines_apart(text: str, who: str | None) -> None:
    found = by_words(text, "en")
    assert (found.value if found else None) == who


@pytest.mark.parametrize(
    ("language", "text", "who"),
    [
        ("es", "Deje su mensaje después de la señal.", "voicemail"),
        ("es", "Para ventas, pulse uno.", "ivr"),
        ("es", "Diga su nombre y el motivo de la llamada.", "screening_assistant"),
        ("es", "Ahora no está disponible ahora, ¿de parte de quién?", "human"),
        ("de", "Bitte hinterlassen Sie eine Nachricht nach dem Signalton.", "voicemail"),
        ("de", "Kein Anschluss unter dieser Nummer.", "unavailable"),
        ("de", "Er ist gerade nicht da, kann ich etwas ausrichten?", "human"),
        ("fr", "Laissez un message après le bip sonore.", "voicemail"),
        ("fr", "Pour le service commercial, tapez 1.", "ivr"),
        ("fr", "Voulez-vous laisser un message ?", "human"),
        ("it", "Lasciate un messaggio dopo il segnale acustico.", "voicemail"),
        ("it", "Il cliente da lei chiamato non è al momento raggiungibile.", "unavailable"),
        ("pt", "Deixe seu recado após o sinal.", "voicemail"),
        ("pt", "Ele não está, quem gostaria?", "human"),
        ("nl", "Spreek een bericht in na de piep.", "voicemail"),
        ("nl", "Toets 1 voor verkoop.", "ivr"),
        ("id", "Silakan tinggalkan pesan setelah nada.", "voicemail"),
        ("id", "Nomor yang Anda tuju sedang tidak aktif.", "unavailable"),
        ("hi", "कृपया बीप के बाद अपना संदेश छोड़ें।", "voicemail"),
        ("hi", "हिंदी के लिए एक दबाएं।", "ivr"),
        ("ja", "発信音の後にメッセージをどうぞ。", "voicemail"),
        ("ja", "おかけになった電話番号は現在使われておりません。", "unavailable"),
        ("ko", "삐 소리가 난 후 메시지를 남겨 주세요.", "voicemail"),
        ("ko", "지금 거신 번호는 없는 번호입니다.", "unavailable"),
        ("ko", "여보세요, 누구세요?", "human"),
    ],
)
def test_every_language_has_its_own_words(language: Language, text: str, who: str) -> None:
    found = by_words(text, language)
    assert found is not None
    assert found.value == who


def test_a_voicemail_is_confirmed_by_its_beep_or_by_silence() -> None:
    greeting = spoke((1, 4), text="Please leave a message.")
    assert verdict(greeting, 4.5) == ("voicemail", False)
    assert verdict(greeting, 5.5) == ("voicemail", True)
    assert verdict(replace(greeting, tones=frozenset({Tone.BEEP})), 4.5) == ("voicemail", True)


def test_a_menu_is_clear_while_it_speaks() -> None:
    menu = replace(ANSWERED.speech_started(101), text="For sales, press one.")
    assert verdict(menu, 3) == ("ivr", True)


def test_a_beep_without_words_is_a_voicemail() -> None:
    assert verdict(replace(ANSWERED, tones=frozenset({Tone.BEEP})), 3) == ("voicemail", True)


def test_special_tones_are_the_network() -> None:
    tones = frozenset({Tone.SPECIAL_INFORMATION})
    assert judge(replace(ANSWERED, tones=tones), 101) == Judgement(
        Verdict.UNAVAILABLE, confirmed=True, reason=Reason.TONE
    )


def test_the_carrier_is_believed_while_nothing_else_tells() -> None:
    machine = replace(ANSWERED, carrier=Verdict.VOICEMAIL)
    assert verdict(machine, 3) == ("voicemail", True)
    assert verdict(replace(ANSWERED, carrier=Verdict.UNCERTAIN), 3) is None
    human = replace(machine, text="Who is this?")
    assert verdict(human, 3) == ("human", False)


def test_two_turns_make_a_human_for_good() -> None:
    late = replace(
        spoke((1, 9), text="leave a message"),
        turns=2,
        carrier=Verdict.VOICEMAIL,
        tones=frozenset(Tone),
    )
    assert verdict(late, 12) == ("human", True)
    assert verdict(replace(late, turns=1), 12) == ("unavailable", True)


def test_silence_lets_the_agent_speak_first() -> None:
    assert verdict(ANSWERED, 9) is None
    assert verdict(ANSWERED, 10) == ("uncertain", False)
    assert verdict(ANSWERED, 20) == ("uncertain", True)
    assert verdict(spoke((17, 19.8)), 20.1) == ("uncertain", True)


def test_a_break_too_short_for_a_person_is_no_break() -> None:
    assert len(spoke((1, 2), (2.3, 5)).utterances) == 1
    assert len(spoke((1, 2), (2.6, 5)).utterances) == 2
    assert verdict(spoke((1, 2), (2.3, 5)), 5.1) == ("voicemail", False)


def test_ends_without_beginnings_are_ignored() -> None:
    assert ANSWERED.speech_ended(101) == ANSWERED
    ended = spoke((1, 2))
    assert ended.speech_ended(103) == ended
    talking = ANSWERED.speech_started(101)
    assert talking.speech_started(101.1) == talking


def test_the_deadline_is_when_the_verdict_may_change() -> None:
    assert deadline(ANSWERED, 100) == 110
    assert deadline(ANSWERED.speech_started(101), 101) == 104.5
    assert deadline(spoke((1, 2)), 102) == 102.5
    assert deadline(spoke((1, 2)), 102.5) == 103.5
    assert deadline(spoke((1, 2)), 115) == 120
    assert deadline(spoke((1, 2)), 120) is None


MENU = "For sales press one, for support press two, for anything else stay on the line"


def test_the_same_menu_three_times_is_a_loop() -> None:
    loop = MenuLoop().heard(MENU).heard("Sorry, I did not get that").heard(MENU + " please")
    assert loop.repeated == 2
    assert not loop.looping
    assert loop.heard("").heard(MENU.upper()).looping
    assert not MenuLoop().looping


def test_a_japanese_menu_is_compared_without_spaces() -> None:
    loop = MenuLoop("ja")
    for _ in range(3):
        loop = loop.heard("営業は1を、サポートは2を押してください。")
    assert loop.looping


@given(st.frozensets(st.text(), min_size=1), st.frozensets(st.text(), min_size=1))
def test_likeness_is_mutual_and_whole_only_for_equals(
    one: frozenset[str], other: frozenset[str]
) -> None:
    assert likeness(one, other) == likeness(other, one)
    assert 0 <= likeness(one, other) <= 1
    assert (likeness(one, other) == 1) == (one == other)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Stop calling me!"),
        ("en", "Please take me off your list."),
        ("en", "Don't call me. I mean it"),
        ("es", "No me llame más, por favor."),
        ("de", "Rufen Sie mich nie wieder an!"),
        ("hi", "मुझे दोबारा कॉल मत करना"),
        ("pt", "Pare de me ligar."),
        ("fr", "Ne m'appelez plus."),
        ("nl", "Bel me niet meer."),
        ("id", "Jangan telepon saya lagi."),
        ("it", "Non mi chiamate più."),
        ("ja", "もう電話しないでください。"),
        ("ko", "다시는 전화하지 마세요."),
    ],
)
def test_a_request_not_to_be_called_is_heard(language: Language, text: str) -> None:
    assert asks_not_to_be_called(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Don't call me before six."),
        ("en", "I'll call you tomorrow"),
        ("en", "You can stop by"),
        ("es", "No me llame antes de las seis"),
        ("de", "Rufen Sie mich nicht vor sechs an"),
        ("fr", "Ne m'appelez pas avant six heures"),
        ("ja", "電話してください"),
        ("en", ""),
    ],
)
def test_a_wish_about_the_time_is_no_refusal(language: Language, text: str) -> None:
    assert not asks_not_to_be_called(text, language)
