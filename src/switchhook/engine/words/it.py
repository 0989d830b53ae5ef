"""Italian."""

from switchhook.engine.words.phrases import Phrases
from switchhook.engine.words.table import Abbreviations, Answering, Turns, Words, listed

_of = Phrases.of

WORDS = Words(
    turns=Turns(
        hesitations=_of(
            "eh, ehm, em, uhm, mmm, cioè, allora, dunque, beh, vediamo, mi faccia pensare"
        ),
        conjunctions=_of(
            "e, ed, o, oppure, ma, però, perché, quindi, se, quando, anche se, il, i, un, del, "
            "della, dei, al, alla, nel, nella, sul, dal, dalla"
        ),
        leaning=_of(
            "di, a, da, in, con, su, per, tra, fra, è, sono, ho, molto, anche, più, "
            "il mio numero è, mi chiamo, il mio nome è, il numero è, vorrei, voglio, ho bisogno, "
            "devo, avrei, che, lo, la, gli, le, uno, una, mio, mia, suo, sua, nostro, nostra"
        ),
        closings=_of(
            "è tutto, basta così, nientaltro, grazie, grazie mille, arrivederci, ciao, "
            "buona giornata, a presto, salve"
        ),
        yes=_of(
            "sì, si, certo, certamente, esatto, esattamente, giusto, va bene, daccordo, ok, "
            "okay, volentieri, per favore, sì grazie, sì per favore, corretto, assolutamente, "
            "perfetto, proprio così"
        ),
        no=_of(
            "no, no grazie, grazie, mai, per niente, assolutamente no, sbagliato, non ancora, "
            "certo che no"
        ),
        backchannels=_of(
            "mhm, mm, mmm, ah, oh, eh, sì, si, già, ok, okay, va bene, bene, certo, capisco, "
            "ho capito, capito, esatto, giusto, daccordo, perfetto, chiaro, ah sì, davvero, "
            "interessante, ottimo, vero"
        ),
        stops=_of(
            "stop, ferma, fermo, si fermi, basta, aspetti, aspetta, no, un attimo, un momento, "
            "scusi, scusa, senta, ascolti, un secondo, ma, cosa, come, chi è, zitto, "
            "mi lasci parlare"
        ),
        digits=_of(
            "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, zero, uno, due, tre, quattro, cinque, sei, sette, "
            "otto, nove, doppio"
        ),
        at_sign=_of("chiocciola"),
        dot=_of("punto"),
        moments=_of(
            "un attimo, un momento, un secondo, un minuto, attenda, aspetti, aspetta, "
            "resti in linea, rimanga in linea, controllo, fammi vedere, mi faccia vedere, "
            "torno subito, le passo, attenda in linea"
        ),
    ),
    answering=Answering(
        voicemail=_of(
            "lasciate un messaggio, lasci un messaggio, lascia un messaggio, "
            "lasciare un messaggio, dopo il segnale, dopo il segnale acustico, dopo il bip, "
            "dopo il beep, segreteria telefonica, casella vocale, non posso rispondere, "
            "non possiamo rispondere, registri il messaggio, vi richiamerò"
        ),
        menu=_of(
            "prema, premere, premi, digiti, digitare, selezioni, menu principale, "
            "tasto cancelletto, tasto asterisco, la sua chiamata è importante, "
            "chiamata potrebbe essere registrata, tutti gli operatori, i nostri operatori, "
            "il primo operatore disponibile, dica o prema"
        ),
        assistant=_of(
            "dica il suo nome, dì il tuo nome, il suo nome e il motivo, il tuo nome e il motivo, "
            "il motivo della chiamata, il motivo della sua chiamata, filtro chiamate, "
            "assistente chiamate"
        ),
        unavailable=_of(
            "il numero selezionato è inesistente, numero inesistente, numero da lei selezionato, "
            "non è attivo, il cliente da lei chiamato, non è al momento raggiungibile, "
            "potrebbe avere il terminale spento, utente da lei chiamato, linee sono occupate"
        ),
        human=_of(
            "come posso aiutarla, vuole lasciare un messaggio, desidera lasciare un messaggio, "
            "come posso aiutarti, in cosa posso aiutarla, cosa posso fare per lei, chi è, "
            "chi parla, con chi parlo, pronto, mi dica, dica pure, non cè, lui non cè, "
            "lei non cè, non è in casa, non è disponibile ora, è uscito, è uscita, "
            "sono occupato, sono occupata, sto guidando, sono in riunione, ha sbagliato numero, "
            "numero sbagliato, non mi interessa, richiami più tardi, mi richiami"
        ),
        do_not_call=_of(
            "smetta di chiamare, smetta di chiamarmi, smettetela di chiamare, "
            "smettetela di chiamarmi, smetti di chiamarmi, non mi chiami più, "
            "non mi chiamate più, non chiamate più, non chiami più, non mi chiamare più, "
            "non richiami più, non richiamate più, mi tolga dalla lista, toglietemi dalla lista, "
            "mi cancelli dalla lista, cancellate il mio numero, cancelli il mio numero, "
            "rimuova il mio numero, non voglio più essere chiamato, "
            "non voglio più essere chiamata, non voglio più ricevere chiamate"
        ),
        do_not_call_at_end=_of(
            "non mi chiami, non mi chiamate, non mi chiamare, non chiamate, non chiami"
        ),
    ),
    abbreviations=Abbreviations(
        never=listed("sig sigg dott prof avv ing arch geom p.es es ecc.m cfr vs gent egr spett v"),
        numbered=listed(
            "n nr art pag vol tel cap gen feb mar apr mag giu lug ago set sett ott nov dic"
        ),
        either=listed("ecc etc s.p.a s.r.l a.c d.c"),
    ),
    still_there=("Pronto?", "Mi sente?", "È ancora in linea?"),
)
