"""French."""

from switchhook.engine.words.phrases import Phrases
from switchhook.engine.words.table import Abbreviations, Answering, Turns, Words, listed

_of = Phrases.of

WORDS = Words(
    turns=Turns(
        hesitations=_of("euh, heu, hum, hmm, ben, bah, alors, voyons, attendez voir, comment dire"),
        conjunctions=_of(
            "et, ou, mais, parce que, car, donc, quand, comme, l, du, au, aux, mon, ma, mes, "
            "votre, notre, son, sa, ses, puisque"
        ),
        leaning=_of(
            "de, à, avec, pour, par, dans, sur, en, chez, sans, vers, est, cest, sont, très, "
            "aussi, encore, mon numéro est, mon numéro cest, mon nom est, je mappelle, "
            "le numéro est, je voudrais, jaimerais, je veux, jai besoin, il faut, jai, si, que, "
            "qui, le, la, les, un, une, des, ce, cette"
        ),
        closings=_of(
            "cest tout, rien dautre, ce sera tout, merci, merci beaucoup, au revoir, "
            "bonne journée, à bientôt, salut"
        ),
        yes=_of(
            "oui, ouais, bien sûr, daccord, exact, exactement, cest ça, tout à fait, absolument, "
            "volontiers, ok, okay, très bien, sil vous plaît, oui sil vous plaît, oui merci, "
            "correct, parfait, certainement, si"
        ),
        no=_of(
            "non, non merci, merci, pas du tout, jamais, pas vraiment, pas encore, cest faux, "
            "bien sûr que non"
        ),
        backchannels=_of(
            "mhm, mm, hmm, hum, ah, oh, oui, ouais, ouaip, daccord, ok, okay, bien, très bien, "
            "bien sûr, je vois, je comprends, compris, entendu, exact, exactement, cest ça, "
            "tout à fait, voilà, ah bon, ah oui, super, parfait, cest vrai, intéressant"
        ),
        stops=_of(
            "stop, arrêtez, arrête, attendez, attends, non, un instant, un moment, pardon, "
            "excusez moi, écoutez, une seconde, mais, quoi, comment, qui est ce, cest qui, "
            "taisez vous, laissez moi parler"
        ),
        digits=_of(
            "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, zéro, un, deux, trois, quatre, cinq, six, sept, huit, "
            "neuf, double"
        ),
        at_sign=_of("arobase, at"),
        dot=_of("point"),
        moments=_of(
            "un instant, un moment, une seconde, une minute, patientez, ne quittez pas, "
            "ne raccrochez pas, attendez, je regarde, je vérifie, je reviens, je vous passe, "
            "deux minutes, deux secondes"
        ),
    ),
    answering=Answering(
        voicemail=_of(
            "laissez un message, laissez moi un message, laissez votre message, "
            "laissez nous un message, laisser un message, après le bip, après le signal sonore, "
            "après la tonalité, après le signal, messagerie vocale, boîte vocale, répondeur, "
            "messagerie de, je ne suis pas disponible pour le moment, je vous rappellerai, "
            "enregistrez votre message"
        ),
        menu=_of(
            "appuyez sur, tapez 1, tapez un, tapez 2, tapez deux, faites le 1, faites le, "
            "composez le 1, composez le 2, menu principal, touche étoile, touche dièse, "
            "dites ou tapez, votre appel est important, appel peut être enregistré, "
            "tous nos conseillers, tous nos agents, un conseiller va vous répondre, "
            "veuillez patienter"
        ),
        assistant=_of(
            "dites votre nom, indiquez votre nom, votre nom et la raison, "
            "la raison de votre appel, le motif de votre appel, filtrage dappels, "
            "assistant dappel"
        ),
        unavailable=_of(
            "le numéro que vous avez demandé nest pas attribué, nest pas attribué, "
            "nest plus attribué, le numéro que vous avez composé, nest plus en service, "
            "votre correspondant nest pas joignable, votre correspondant ne peut être joint, "
            "toutes les lignes sont occupées, le numéro composé"
        ),
        human=_of(
            "comment puis je vous aider, voulez vous laisser un message, "
            "souhaitez vous laisser un message, que puis je faire pour vous, "
            "en quoi puis je vous aider, qui est ce, qui êtes vous, qui est à lappareil, "
            "cest de la part de qui, de la part de qui, à lappareil, il nest pas là, "
            "elle nest pas là, il nest pas disponible, elle nest pas disponible, je suis occupé, "
            "je suis occupée, je conduis, je suis en réunion, vous vous trompez, faux numéro, "
            "pas intéressé, pas intéressée, rappelez plus tard, rappelez moi"
        ),
        do_not_call=_of(
            "arrêtez de mappeler, arrêtez dappeler, arrête de mappeler, ne mappelez plus, "
            "ne mappelle plus, nappelez plus, ne me rappelez plus, ne me rappelez jamais, "
            "ne rappelez plus, ne me contactez plus, retirez moi de votre liste, "
            "enlevez moi de votre liste, supprimez mon numéro, effacez mon numéro, "
            "retirez mon numéro, je ne veux plus être appelé, je ne veux plus être appelée, "
            "je ne veux plus dappels"
        ),
        do_not_call_at_end=_of(
            "ne mappelez pas, nappelez pas, ne me rappelez pas, ne rappelez pas"
        ),
    ),
    abbreviations=Abbreviations(
        never=listed("m mm dr pr st ste av bd boul p.ex ex cf vs tél env"),
        numbered=listed("no n° art p pp vol chap janv févr avr juil sept oct nov déc"),
        either=listed("etc s.a sté cie av.j.-c"),
    ),
    still_there=("Allô ?", "Vous êtes là ?", "Vous êtes toujours en ligne ?"),
)
