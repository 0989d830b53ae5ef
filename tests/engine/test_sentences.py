from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.domain.agent import Language
from switchhook.engine.sentences import LONG_SENTENCE, Sentences

OPENING = "Good morning, this is Ada calling."


def cut(text: str, language: Language = "en") -> list[str]:
    sentences = Sentences(language)
    return sentences.feed(text) + sentences.end()


def later(text: str, language: Language = "en") -> list[str]:
    """Cut a text that follows the first piece, whose rule is another."""
    first, *rest = cut(OPENING + "\n" + text, language)
    assert first == OPENING
    return [rest[0].removeprefix("\n"), *rest[1:]] if rest else []


def test_the_first_piece_ends_at_the_first_clause_of_24_characters() -> None:
    text = "Sure, I can look, and I will find it for you, if you wait. Then we go on."
    assert cut(text) == [
        "Sure, I can look, and I will find it for you,",
        " if you wait.",
        " Then we go on.",
    ]


def test_the_first_piece_leaves_as_soon_as_the_next_character_confirms_it() -> None:
    sentences = Sentences()
    assert sentences.feed("Let me have a look at that,") == []
    assert sentences.feed(" one") == ["Let me have a look at that,"]


def test_short_first_sentences_travel_together() -> None:
    assert cut("Hi. Yes. I am the assistant of Ada. Good.") == [
        "Hi. Yes. I am the assistant of Ada.",
        " Good.",
    ]


def test_later_pieces_are_sentences_however_short() -> None:
    assert later("Yes. I can, of course; do you want that? Good!") == [
        "Yes.",
        " I can, of course; do you want that?",
        " Good!",
    ]


def test_a_very_long_later_sentence_ends_at_a_clause() -> None:
    clause = "and then we walked on for a while, "
    pieces = later(clause * 10)
    assert all(piece.rstrip().endswith(",") for piece in pieces)
    assert LONG_SENTENCE <= len(pieces[0]) < LONG_SENTENCE + len(clause)


def test_the_end_returns_the_rest_and_begins_anew() -> None:
    sentences = Sentences()
    assert sentences.feed("One moment") == []
    assert sentences.end() == ["One moment"]
    assert sentences.end() == []
    assert sentences.feed("Sure, thing. Now") == []


@pytest.mark.parametrize(
    "whole",
    [
        "It is 3.14 and costs 1,000 at 12:30 today.",
        "We are open from 9: 30 to 12.",
        "Call 555, 123, 4567 please.",
        "It was on Nov. 21, 2026 at noon.",
        "Go to No. 5 in the street.",
        "Take section 3. 4 of it.",
        "Dr. Smith met Mrs. Jones and J. R. R. Tolkien.",
        "Bring fruit, e.g. apples, i.e. food.",
        "We meet at 7 a.m. on Monday.",
        "The U.S. army is there.",
        "Write to ada.lovelace@example.co.uk today.",
        "See https://www.example.com/a.b/c?d=e,f;g:h now.",
        "That is A, D, A in letters.",
        "It is S as in Sam, M as in Mike of course.",
        "Well... maybe so.",
        "1. the first thing.",
        "Read [the note of Dr. Who. It is good! Yes](https://example.com) now.",
        "Version 2.0.1 is out.",
        "The range is 5—6 days.",
    ],
)
def test_nothing_is_cut_inside(whole: str) -> None:
    assert later(whole + " Next.") == [whole, " Next."]


@pytest.mark.parametrize(
    ("first", "rest"),
    [
        ("My good name in letters is A, D, A,", " and that is all."),
        ("You spell it B as in Bob, A as in Ann, T as in Tom,", " and so on."),
    ],
)
def test_a_spelled_name_is_not_cut_by_the_first_clause(first: str, rest: str) -> None:
    assert cut(first + rest) == [first, rest]


def test_a_clause_after_a_letter_alone_is_cut_before_a_word() -> None:
    assert cut("I would rather choose plan B, since it is cheap.") == [
        "I would rather choose plan B,",
        " since it is cheap.",
    ]


def test_a_letter_alone_waits_for_the_next_word() -> None:
    sentences = Sentences()
    assert sentences.feed("I would rather choose plan B, s") == []
    assert sentences.feed("ince") == []
    assert sentences.feed(" ") == ["I would rather choose plan B,"]


def test_a_number_waits_for_what_follows() -> None:
    sentences = Sentences()
    assert sentences.feed("You would then have to pay 1, ") == []
    assert sentences.feed("and more") == ["You would then have to pay 1,"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("No. I cannot do that.", "No."),
        ("We meet at 7 a.m. Then we eat.", "We meet at 7 a.m."),
        ("They sell books etc. They are cheap.", "They sell books etc."),
        ("So do I. Then we agree.", "So do I."),
        ("It is 5. Then we go.", "It is 5."),
        ("Really... Yes.", "Really..."),
        ('He said "stop." Then he left.', 'He said "stop."'),
        ("**Done.** Now the rest.", "**Done.**"),
        ("A list\n- one", "A list\n"),
        ("(See above.) Then go on.", "(See above.)"),
        ("Is it? Yes", "Is it?"),
        ("An [a] word. Then", "An [a] word."),
        ("In Nov. We left", "In Nov."),
    ],
)
def test_a_sentence_ends(text: str, first: str) -> None:
    assert later(text)[0] == first


def test_a_code_block_stays_in_one_piece() -> None:
    block = "```python\nprint(1). Yes.\n\n```\n"
    assert later("Look at this:\n" + block + "Good.") == ["Look at this:\n", block, "Good."]


def test_an_open_bracket_does_not_hold_the_text_for_ever() -> None:
    assert later("[" + "word " * 60 + "end. Next one")[1] == " Next one"


@pytest.mark.parametrize(
    ("language", "text", "pieces"),
    [
        ("de", "Am 3. Mai kommt Hr. Maier, z.B. um acht. Gut.", 2),
        ("de", "Es sind 2026. Danach nicht.", 2),
        ("es", "La Sra. García vive en la av. Mayor. ¿Sí? Bien.", 3),
        ("fr", "M. Dupont arrive à 7 h. Merci !", 1),
        ("fr", "Mme Dupont arrive demain. Merci !", 2),
        ("it", "Il sig. Rossi è qui. Bene.", 2),
        ("pt", "O Sr. Silva chegou. Tudo bem?", 2),
        ("nl", "Dhr. Jansen is er, d.w.z. straks. Goed.", 2),
        ("id", "Bpk. Budi sudah datang. Terima kasih.", 2),
        ("hi", "डॉ. शर्मा आ गए हैं। क्या आप ठीक हैं? जी।", 3),
        ("ja", "はい、分かりました。「少々お待ちください。」では、１２：３０に、３．１４です。", 3),  # noqa: RUF001
        ("ko", "네, 알겠습니다. 2026. 11. 21. 오후입니다. 감사합니다.", 4),
    ],
)
def test_every_language_ends_its_sentences(language: Language, text: str, pieces: int) -> None:
    assert len(later(text, language)) == pieces


def test_japanese_first_clauses_count_fullwidth_characters_twice() -> None:
    assert cut("こちらはアダと申しますが、お時間よろしいでしょうか。", "ja") == [
        "こちらはアダと申しますが、",
        "お時間よろしいでしょうか。",
    ]


SAMPLES = st.lists(
    st.sampled_from(
        [
            *"ABab1. ,:;!?\n—…。、।[]()*`'\"",
            "Dr.",
            "e.g.",
            " a.m. ",
            "3.14",
            "a@b.co",
            "```",
            "No. ",
        ]
    )
    | st.text(max_size=8)
).map("".join)


@given(SAMPLES, st.sampled_from(["en", "de", "ja", "hi", "ko"]))
def test_the_pieces_joined_are_the_text(text: str, language: Language) -> None:
    assert "".join(cut(text, language)) == text


@given(SAMPLES, st.lists(st.integers(0, 200)))
def test_how_the_text_came_in_does_not_matter(text: str, places: list[int]) -> None:
    sentences, start = Sentences(), 0
    pieces: list[str] = []
    for place in sorted(places):
        pieces += sentences.feed(text[start:place])
        start = max(start, place)
    pieces += sentences.feed(text[start:]) + sentences.end()
    assert pieces == cut(text)


@given(st.integers(0, 10**7), st.integers(0, 99))
def test_no_number_is_ever_divided(whole: int, part: int) -> None:
    number = f"{whole:,}.{part:02d}"
    assert any(
        number in piece for piece in cut(f"The total of your order is ${number}. Good. Bye.")
    )


@pytest.mark.parametrize(
    "ending", ["We would then meet at 7 a.m.", "The bill will then be of 500."]
)
def test_an_ambiguous_full_stop_waits_for_the_next_word(ending: str) -> None:
    sentences = Sentences()
    assert sentences.feed(ending + " ") == []
    assert sentences.feed("Now") == [ending]
