from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchhook.domain.agent import Language
from switchhook.engine.speakable import speak

LANGUAGES: tuple[Language, ...] = get_args(Language)


def said(text: str, language: Language = "en") -> str:
    return speak(text, language).text


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("It costs $19.99.", "It costs nineteen dollars and ninety-nine cents."),
        ("$5", "five dollars"),
        ("$1.01", "one dollar and one cent"),
        ("$0.99", "ninety-nine cents"),
        ("$0", "zero dollars"),
        ("-$5", "minus five dollars"),
        ("$1,250.5", "one thousand two hundred fifty dollars and fifty cents"),
        ("$0.125", "zero point one two five dollars"),
        ("$3.5 million", "three point five million dollars"),
        ("£2.01 or 5k€", "two pounds and one penny or five thousand euros"),
        ("USD 20 and 20 USD", "twenty dollars and twenty dollars"),
        ("$5/month, 3 per h", "five dollars per month, three per h"),
        ("$10-$20", "ten dollars to twenty dollars"),
    ],
)
def test_money_is_said_in_words(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("0", "zero"),
        ("3.14", "three point one four"),
        (".5", "point five"),
        ("-5", "minus five"),
        ("1,000,000", "one million"),
        ("1,234", "one thousand two hundred thirty-four"),
        ("12 thousand 15", "twelve thousand fifteen"),
        ("007", "zero zero seven"),
        ("12345678", "one two three four five six seven eight"),
        ("9,999,999,999,999,999", " ".join(["nine"] * 16)),
        ("10-20 or 10–20", "ten to twenty or ten to twenty"),  # noqa: RUF001
        ("1st, 2nd, 3rd", "first, second, third"),
        ("5th, 8th, 9th, 12th", "fifth, eighth, ninth, twelfth"),
        ("20th, 21st, 100th", "twentieth, twenty-first, one hundredth"),
        ("15% or 1.5 %", "fifteen percent or one point five percent"),
        ("1/2, 2½, 1 3/4", "one half, two and a half, one and three quarters"),
        ("5 km, 1 kg, 70°F", "five kilometers, one kilogram, seventy degrees Fahrenheit"),
        ("a 5-km run", "a five kilometer run"),
        ("60 mph, 5 * 3 = 15", "sixty miles per hour, five times three equals fifteen"),
        ("24/7, 2.0.1", "twenty-four seven, two point zero point one"),
        ("in 1999, by 2005", "in nineteen ninety-nine, by two thousand five"),
        ("in 1900, since 1805", "in nineteen hundred, since eighteen oh five"),
        ("code is 1234, room 204", "code is one two three four, room two zero four"),
        ("B12, 4K, v2.1", "B12, 4K, v2.1"),
        ("about ~5 & #7", "about about five and number seven"),
    ],
)
def test_numbers_are_said_in_words(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("2026-11-21", "November twenty-first, twenty twenty-six"),
        ("11/21/2026", "November twenty-first, twenty twenty-six"),
        ("21/11/26", "November twenty-first, twenty twenty-six"),
        ("Nov 21", "November twenty-first"),
        ("Nov. 21st, 2026", "November twenty-first, twenty twenty-six"),
        ("21 Nov 2026", "the twenty-first of November, twenty twenty-six"),
        ("the 3rd of May.", "the third of May."),
        ("Nov 2026", "November twenty twenty-six"),
        ("in Nov. we go", "in November we go"),
        ("Sat, Nov 21", "Saturday, November twenty-first"),
        ("7:30 pm", "seven thirty PM"),
        ("7pm-9pm", "seven PM to nine PM"),
        ("at 7:05 a.m. sharp", "at seven oh five AM sharp"),
        ("At 7 p.m. Then", "At seven PM. Then"),
        ("at 2 p.m. — or later", "at two PM — or later"),
        ("12:00, 15:00, 15:45", "twelve o'clock, fifteen hundred, fifteen forty-five"),
        ("00:00", "midnight"),
        ("2:00 pm", "two PM"),
    ],
)
def test_dates_and_times_are_said_in_words(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize("written", ["2026-13-41", "31/31/2026", "..2026-13-41"])
def test_what_is_no_date_is_not_read_as_one(written: str) -> None:
    assert "twenty twenty-six" not in said(written).replace("/", " ").split(",")[-1]


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("ada@example.com", "ada at example dot com"),
        ("a_b.c9@ex-a.co.uk", "a underscore b dot c nine at ex dash a dot co dot uk"),
        ("https://www.example.com/a-b/?q=1.", "example dot com slash a dash b."),
        ("Visit example.org.", "Visit example dot org."),
        ("<https://example.com>", "example dot com"),
        ("555-1234", "five five five, one two three four"),
        ("+1 (555) 123-4567", "plus one, five five five, one two three, four five six seven"),
        ("020 7946 0958", "zero two zero, seven nine four six, zero nine five eight"),
        (
            "555-123-4567 x89",
            "five five five, one two three, four five six seven, extension eight nine",
        ),
        ("123-45-6789", "one two three, four five, six seven eight nine"),
        ("4242 4242 4242", "four two four two, four two four two, four two four two"),
        ("A-D-A", "A D A"),
        ("5 5 5 1", "five five five one"),
    ],
)
def test_addresses_are_told_in_characters(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Dr. Smith, Mr. Doe", "Doctor Smith, Mister Doe"),
        ("St. James, 5 Main St. is", "Saint James, five Main Street is"),
        ("on Ocean Dr. today", "on Ocean Drive today"),
        ("fruit, e.g. apples etc.", "fruit, for example apples et cetera."),
        ("cats, dogs, etc. are", "cats, dogs, et cetera are"),
        ("No. 5", "number five"),
        ("w/ milk, w/o sugar, n/a", "with milk, without sugar, not applicable"),
        ("1 + 1, A&B", "one plus one, A and B"),
    ],
)
def test_abbreviations_are_said_in_words(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("**Hello** _there_ ~~you~~ `x`", "Hello there you x"),
        ("[my text](https://a.b/c(d)) ![alt](x.png)", "my text alt"),
        ("[text][ref] and note[^1]", "text and note"),
        ("# Title\nText", "Title. Text"),
        ("Shopping:\n- milk\n* [ ] eggs\n", "Shopping: milk. eggs"),
        ("> quoted\n\n---\nnext", "quoted. next"),
        ("| Name | Day |\n|---|:--|\n| Ada | Monday |", "Name, Day. Ada, Monday"),
        ("```py\nx = 1\n```", ""),
        ("Look: ```py\nx", "Look: "),
        ("<b>bold</b> line<br>next<!-- no -->", "bold line next"),
        ("Fish &amp; chips&nbsp;now &lt;", "Fish and chips now "),
        ("Great 👍🏽 work 🎉! :) ❤️", "Great work ! "),
        ("1️⃣ thing → done ©", "one thing done "),
        ("a\\*b snake_case #fun", "ab snake_case fun"),
        ("👍", ""),
        ("...", ""),
        ("", ""),
    ],
)
def test_markup_and_emoji_are_not_spoken(written: str, spoken: str) -> None:
    assert said(written) == spoken


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        ("es", "**Hola** 👋, son 19,99 € el 3.5.", "Hola , son 19,99 € el 3.5."),
        ("de", "# Titel\nDr. Maier um 12:30", "Titel. Dr. Maier um 12:30"),
        ("ja", "# 題\n一つ目", "題。 一つ目"),
        ("hi", "- एक\n- दो", "एक। दो"),
    ],
)
def test_other_languages_keep_their_digits(language: Language, written: str, spoken: str) -> None:
    assert said(written, language) == spoken


def test_a_space_before_the_piece_stays_to_part_it_from_the_one_before() -> None:
    assert said(" and then  more ") == " and then more "


def heard(text: str, spoken_part: str, language: Language = "en", share: float = 1.0) -> str:
    spoken = speak(text, language)
    assert spoken.text.startswith(spoken_part)
    return spoken.source_heard(len(spoken_part), share=share)


@pytest.mark.parametrize(
    ("text", "spoken_part", "source"),
    [
        ("Hello there, friend.", "Hello the", "Hello"),
        ("Hello there, friend.", "Hello there", "Hello there,"),
        ("Hello there, friend.", "Hello there, friend", "Hello there, friend."),
        ("Hello there.", "Hell", ""),
        ("It costs $19.99 now.", "It costs nineteen dollars and", "It costs"),
        (
            "It costs $19.99 now.",
            "It costs nineteen dollars and ninety-nine cents",
            "It costs $19.99",
        ),
        ("Say **very** loud.", "Say very", "Say **very**"),
        ("Say **very** loud.", "Say ", "Say"),
        ("Read [the text](https://a.b) now.", "Read the text", "Read [the text](https://a.b)"),
        ("I am A-D-A now.", "I am A D", "I am"),
        ("# Title\nText here", "Title", "# Title"),
        ("Two 👍 thumbs", "Two", "Two"),
    ],
)
def test_what_was_heard_is_cut_in_the_source(text: str, spoken_part: str, source: str) -> None:
    assert heard(text, spoken_part) == source


def test_numbers_and_spelled_names_of_other_languages_are_not_divided() -> None:
    assert heard("El número es 555 12 34 hoy.", "El número es 555 12", "es") == "El número es"
    assert heard("Se escribe A, D, A y ya.", "Se escribe A, D", "es") == "Se escribe"
    assert heard("Son 1.000,50 ya.", "Son 1.000", "es") == "Son"


def test_japanese_is_cut_between_its_words() -> None:
    assert heard("明日の予約を確認します。", "明日の予約を確", "ja") == "明日の予約を"


def test_a_word_counts_as_heard_from_its_share_on_but_a_number_only_as_a_whole() -> None:
    assert heard("Hello wonderful day", "Hello wonder", share=0.6) == "Hello wonderful"
    assert heard("Hello wonderful day", "Hello won", share=0.6) == "Hello"
    assert heard("It is 1234567 now", "It is one two three four five six", share=0.6) == "It is"


def test_a_piece_without_words_is_heard_as_soon_as_it_is_passed() -> None:
    assert speak("👍").source_heard(0) == "👍"


WRITTEN = st.lists(
    st.sampled_from(
        [
            "word",
            "Hello",
            "$5",
            "**",
            "*",
            "_",
            "`",
            "```",
            "\n",
            "- ",
            "# ",
            " ",
            ", ",
            ". ",
            "[a](b)",
            "👍",
            "1️⃣",
            "ada@b.co",
            "7:30 pm",
            "A-D-A",
            "Nov 21",
            "|",
            "<b>",
            "&amp;",
            "e.g. ",
            "は",
            "~",
            "\\",
        ]
    )
    | st.text(max_size=6)
).map("".join)
UNSPOKEN = re.compile(r"[*`\\\U0001f000-\U0001faff\u2600-\u27bf\ufe0f\u20e3]|\]\(|~~")


@given(WRITTEN, st.sampled_from(LANGUAGES))
def test_no_markup_is_ever_spoken(text: str, language: Language) -> None:
    spoken = speak(text, language).text
    assert UNSPOKEN.search(spoken) is None
    assert not spoken or any(c.isalnum() for c in spoken)


@given(WRITTEN, st.sampled_from(LANGUAGES))
def test_spans_lie_side_by_side_in_both_texts(text: str, language: Language) -> None:
    spoken = speak(text, language)
    source_end = spoken_end = 0
    for span in spoken.spans:
        assert span.source[0] >= source_end or span.source == (source_end - 1, source_end)
        assert span.spoken[0] == spoken_end
        source_end, spoken_end = span.source[1], span.spoken[1]
        if span.verbatim:
            assert text[slice(*span.source)] == spoken.text[slice(*span.spoken)]
    assert spoken_end == len(spoken.text)


@given(WRITTEN, st.sampled_from(LANGUAGES), st.sampled_from([0.6, 1.0]))
def test_heard_text_begins_the_source_and_only_grows(
    text: str, language: Language, share: float
) -> None:
    spoken, before = speak(text, language), ""
    for position in range(len(spoken.text) + 1):
        now = spoken.source_heard(position, share=share)
        assert text.startswith(now)
        assert now.startswith(before)
        before = now
    assert before == text
