"""Whole calls with a model that hears and speaks by itself."""

from __future__ import annotations

from switchhook.testing import *


def test_it():
    async def main():
        duplex = PlainDuplex(
            [
                [Writes("For how many people, please?")],
                [Writes("Very well. Goodbye."), Acts("end_call")],
            ]
        )
        call = a_call(mind={"kind": "duplex"}, name="Rosa", turns=AT_ONCE)
        async with answered(
            call,
            [Listens(), Said("I want a table."), Listens(), Said("For four."), Listens()],
            duplex=duplex,
        ) as c:
            end = await c.ended(60)
        print(end)
        print("\n".join(c.journal.spoken))
        conv = duplex.conversations[0]
        print(conv.notes, conv.cuts, conv.complaints, conv.generations)

    run_virtually(main)
