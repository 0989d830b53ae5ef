"""Dutch."""

from switchhook.engine.words.phrases import Phrases
from switchhook.engine.words.table import Abbreviations, Answering, Turns, Words, listed

_of = Phrases.of

WORDS = Words(
    turns=Turns(
        hesitations=_of(
            "eh, ehm, uh, uhm, hm, hmm, nou, nou ja, tja, even kijken, even denken, dus"
        ),
        conjunctions=_of(
            "en, of, maar, omdat, want, dat, als, wanneer, hoewel, terwijl, de, jouw, uw, onze"
        ),
        leaning=_of(
            "van, met, voor, op, bij, naar, uit, te, in, aan, over, om, door, is, was, ben, heb, "
            "heeft, heel, ook, nog, mijn nummer is, mijn naam is, ik heet, het nummer is, "
            "ik wil, ik wil graag, ik zou, ik moet, het, een, mijn, zijn, haar, ons, hun, die"
        ),
        closings=_of(
            "dat is alles, dat was het, dat was alles, niets meer, bedankt, dank je, "
            "dank je wel, dank u, dank u wel, hartelijk dank, tot ziens, dag, doei, fijne dag, "
            "fijne dag nog"
        ),
        yes=_of(
            "ja, jawel, jazeker, zeker, klopt, dat klopt, juist, precies, goed, prima, oké, oke, "
            "ok, natuurlijk, graag, ja graag, alstublieft, ja hoor, akkoord, uiteraard, is goed"
        ),
        no=_of(
            "nee, neen, nee dank u, nee dank je, nee bedankt, bedankt, nooit, niet, "
            "helemaal niet, fout, nog niet"
        ),
        backchannels=_of(
            "mhm, mm, hm, hmm, aha, ah, oh, o, ja, jaja, oké, oke, ok, goed, prima, klopt, "
            "juist, precies, natuurlijk, ik snap het, snap ik, ik begrijp het, begrepen, "
            "duidelijk, zeker, mooi, leuk, interessant, ja hoor, is goed, helder"
        ),
        stops=_of(
            "stop, wacht, wacht even, nee, neen, ho, moment, momentje, een moment, sorry, "
            "pardon, luister, seconde, maar, wat, wie is dit, met wie spreek ik, genoeg, "
            "laat me uitpraten"
        ),
        digits=_of(
            "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, nul, een, één, twee, drie, vier, vijf, zes, zeven, "
            "acht, negen"
        ),
        at_sign=_of("apenstaartje, at"),
        dot=_of("punt"),
        moments=_of(
            "een moment, een ogenblik, momentje, ogenblikje, moment, een seconde, een minuutje, "
            "blijf aan de lijn, blijft u aan de lijn, wacht even, even wachten, "
            "een ogenblik geduld, ik kijk even, ik zoek het even op, ik verbind u door, "
            "ik ben zo terug"
        ),
    ),
    answering=Answering(
        voicemail=_of(
            "spreek een bericht in, spreek uw bericht in, spreek een boodschap in, "
            "laat een bericht achter, laat uw bericht achter, laat een boodschap achter, "
            "bericht achterlaten, na de piep, na de toon, na de pieptoon, na het signaal, "
            "voicemail, antwoordapparaat, kan de telefoon niet opnemen, kunnen uw oproep niet, "
            "bel u terug, bel ik u terug, bel ik je terug"
        ),
        menu=_of(
            "toets 1, toets een, toets één, toets 2, toets twee, toets 3, toets drie, "
            "toets een 1, druk op, kies 1, kies een, hoofdmenu, toets een sterretje, "
            "toets hekje, zeg of toets, uw telefoontje is belangrijk, "
            "gesprek kan worden opgenomen, gesprekken kunnen worden opgenomen, "
            "al onze medewerkers, eerste vrije medewerker"
        ),
        assistant=_of(
            "zeg uw naam, zeg je naam, noem uw naam, uw naam en de reden, je naam en de reden, "
            "de reden van uw oproep, reden van uw gesprek, waarover u belt, oproepassistent"
        ),
        unavailable=_of(
            "dit nummer is niet in gebruik, nummer is niet in gebruik, niet in gebruik, "
            "dit nummer bestaat niet, is niet aangesloten, het nummer dat u heeft gebeld, "
            "is momenteel niet bereikbaar, is op dit moment niet bereikbaar, "
            "alle lijnen zijn bezet"
        ),
        human=_of(
            "waarmee kan ik u helpen, wilt u een bericht achterlaten, waar kan ik u mee helpen, "
            "hoe kan ik u helpen, wat kan ik voor u doen, wie is dit, met wie spreek ik, "
            "spreekt u mee, u spreekt met, hij is er niet, zij is er niet, ze is er niet, "
            "is er nu niet, is niet aanwezig, ik ben bezig, ik heb geen tijd, ik zit in de auto, "
            "ik ben aan het rijden, ik zit in een vergadering, verkeerd nummer, "
            "verkeerd verbonden, geen interesse, bel later terug, belt u later terug, "
            "kan ik iets doorgeven"
        ),
        do_not_call=_of(
            "stop met bellen, stop met mij bellen, stop met mij te bellen, bel me niet meer, "
            "bel mij niet meer, bel niet meer, belt u mij niet meer, belt u niet meer, "
            "bel nooit meer, bel me nooit meer, niet meer bellen, nooit meer bellen, "
            "haal me van de lijst, haal mij van de lijst, haal me van uw lijst, "
            "haal mij van uw lijst, verwijder mijn nummer, schrap mijn nummer, "
            "ik wil niet meer gebeld worden, ik wil niet gebeld worden"
        ),
        do_not_call_at_end=_of("bel me niet, bel mij niet, bel niet, belt u mij niet"),
    ),
    abbreviations=Abbreviations(
        never=listed(
            "dhr mevr mw dr prof ir ing mr drs bijv b.v.b d.w.z o.a m.b.t t.o.v i.v.m vgl str "
            "tel st"
        ),
        numbered=listed("nr art blz p jan feb mrt apr jun jul aug sept okt nov dec"),
        either=listed("enz etc n.v b.v e.d e.a jl a.u.b s.v.p"),
    ),
    still_there=("Hallo?", "Bent u er nog?", "Bent u nog aan de lijn?"),
)
