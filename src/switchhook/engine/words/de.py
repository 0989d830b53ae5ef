"""German."""

from switchhook.engine.words.phrases import Phrases
from switchhook.engine.words.table import Abbreviations, Answering, Turns, Words, listed

_of = Phrases.of

WORDS = Words(
    turns=Turns(
        hesitations=_of(
            "äh, ähm, öh, öhm, hm, hmm, also, na ja, naja, moment mal, mal sehen, warten sie mal"
        ),
        conjunctions=_of(
            "und, oder, aber, weil, denn, dass, wenn, ob, obwohl, sondern, damit, des, unser, "
            "unsere, zum, zur, beim"
        ),
        leaning=_of(
            "von, mit, für, auf, bei, nach, aus, zu, in, im, am, um, über, ist, sind, war, bin, "
            "habe, hat, sehr, auch, noch, meine nummer ist, meine nummer lautet, mein name ist, "
            "ich heiße, ich brauche, ich möchte, ich will, ich hätte gern, die nummer ist, als, "
            "der, die, das, den, dem, ein, eine, einen, einem, einer, mein, meine, meinen, ihr, "
            "ihre"
        ),
        closings=_of(
            "das wars, das war alles, das ist alles, nichts mehr, danke, vielen dank, "
            "danke schön, tschüss, auf wiederhören, auf wiedersehen, schönen tag noch, ciao"
        ),
        yes=_of(
            "ja, jawohl, genau, richtig, stimmt, das stimmt, klar, natürlich, sicher, gern, "
            "gerne, okay, ok, gut, in ordnung, einverstanden, ja bitte, bitte, ja gerne, "
            "korrekt, selbstverständlich, jo"
        ),
        no=_of(
            "nein, nee, nö, nicht, nein danke, danke, auf keinen fall, gar nicht, falsch, "
            "noch nicht, leider nicht"
        ),
        backchannels=_of(
            "mhm, mm, hm, hmm, aha, ah, oh, ach, ach so, achso, ja, jaja, genau, okay, ok, gut, "
            "klar, stimmt, richtig, alles klar, verstehe, ich verstehe, verstanden, interessant, "
            "schön, super, prima, toll, in ordnung, natürlich, sicher, ah ja"
        ),
        stops=_of(
            "stopp, stop, halt, warten sie, warte, nein, moment, einen moment, entschuldigung, "
            "hören sie, hör zu, augenblick, sekunde, aber, was, wie bitte, wer ist da, ruhe, "
            "lassen sie mich"
        ),
        digits=_of(
            "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, null, eins, ein, zwei, zwo, drei, vier, fünf, sechs, "
            "sieben, acht, neun"
        ),
        at_sign=_of("at, ät, klammeraffe"),
        dot=_of("punkt"),
        moments=_of(
            "einen moment, moment bitte, moment, einen augenblick, augenblick, eine sekunde, "
            "eine minute, bleiben sie dran, bitte warten, ich schaue nach, ich schau mal, "
            "ich sehe nach, ich verbinde, ich bin gleich zurück, bin gleich wieder da, "
            "warten sie bitte"
        ),
    ),
    answering=Answering(
        voicemail=_of(
            "nachricht nach dem, hinterlassen sie eine nachricht, hinterlassen sie bitte, "
            "nachricht hinterlassen, hinterlassen sie ihre nachricht, "
            "hinterlassen sie uns eine nachricht, nach dem ton, nach dem signalton, "
            "nach dem piepton, sprechen sie nach, mailbox, anrufbeantworter, sprachbox, "
            "momentan nicht erreichbar, zurzeit nicht erreichbar, rufe sie zurück, "
            "rufen sie zurück"
        ),
        menu=_of(
            "drücken sie, wählen sie die, wählen sie eins, wählen sie 1, drücken sie die, "
            "hauptmenü, sagen sie oder drücken sie, ihr anruf ist uns wichtig, alle mitarbeiter, "
            "nächster freier mitarbeiter, anruf kann aufgezeichnet werden, "
            "gespräch kann aufgezeichnet, zu qualitätszwecken, bitte geben sie"
        ),
        assistant=_of(
            "nennen sie ihren namen, sagen sie ihren namen, ihren namen und den grund, "
            "den grund ihres anrufs, grund für ihren anruf, anruffilter, anrufassistent"
        ),
        unavailable=_of(
            "kein anschluss unter dieser nummer, die gewählte rufnummer ist nicht, "
            "rufnummer ist nicht vergeben, nicht vergeben, the person you have called, "
            "der teilnehmer ist nicht erreichbar, der gewünschte teilnehmer, "
            "der gewünschte gesprächspartner, vorübergehend nicht erreichbar, "
            "rufnummer hat sich geändert"
        ),
        human=_of(
            "wie kann ich ihnen helfen, möchten sie eine nachricht hinterlassen, "
            "wollen sie eine nachricht hinterlassen, wie kann ich helfen, "
            "was kann ich für sie tun, wer ist da, wer spricht, wer ist dran, am apparat, "
            "ist nicht da, er ist nicht da, sie ist nicht da, ist gerade nicht da, "
            "ist im moment nicht da, ist außer haus, ich bin beschäftigt, ich habe keine zeit, "
            "ich fahre gerade, bin gerade im auto, bin in einer besprechung, falsch verbunden, "
            "kein interesse, rufen sie später, kann ich etwas ausrichten, mit wem spreche ich"
        ),
        do_not_call=_of(
            "rufen sie nicht mehr an, rufen sie mich nicht mehr an, "
            "rufen sie hier nicht mehr an, rufen sie mich nie wieder an, "
            "rufen sie nie wieder an, ruf mich nicht mehr an, ruf nicht mehr an, "
            "hören sie auf anzurufen, hören sie auf mich anzurufen, streichen sie mich, "
            "streichen sie meine nummer, löschen sie meine nummer, löschen sie mich, "
            "nehmen sie mich von der liste, nehmen sie mich von ihrer liste, "
            "ich möchte nicht mehr angerufen werden, ich will nicht mehr angerufen werden, "
            "keine anrufe mehr"
        ),
        do_not_call_at_end=_of("rufen sie mich nicht an, rufen sie nicht an, ruf mich nicht an"),
    ),
    abbreviations=Abbreviations(
        never=listed(
            "hr fr dr prof dipl ing z.b d.h u.a bzw ca vgl str st evtl ggf inkl zzgl max min "
            "mind sog geb tel"
        ),
        numbered=listed("nr art abs bd s jan feb mär apr jun jul aug sep sept okt nov dez kap"),
        either=listed("usw etc u.s.w u.ä o.ä gmbh e.v co jh v.chr n.chr m.e"),
    ),
    still_there=("Hallo?", "Sind Sie noch da?", "Hören Sie mich noch?"),
)
