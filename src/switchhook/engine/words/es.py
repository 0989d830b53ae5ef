"""Spanish."""

from switchhook.engine.words.phrases import Phrases
from switchhook.engine.words.table import Abbreviations, Answering, Turns, Words, listed

_of = Phrases.of

WORDS = Words(
    turns=Turns(
        hesitations=_of("eh, ehm, em, pues, mmm, mm, a ver, o sea, déjeme ver, déjame ver"),
        conjunctions=_of(
            "y, e, o, pero, porque, así que, cuando, aunque, como, el, la, los, las, unos, unas, "
            "mi, mis, su, sus, nuestro, nuestra, del, al"
        ),
        leaning=_of(
            "de, a, con, para, por, en, sobre, entre, hasta, desde, sin, es, son, está, muy, "
            "más, también, mi número es, mi nombre es, me llamo, el número es, necesito, quiero, "
            "quisiera, me gustaría, tengo, si, que, un, una, tu"
        ),
        closings=_of(
            "eso es todo, nada más, gracias, muchas gracias, adiós, hasta luego, chao, "
            "hasta pronto, que tenga buen día, buen día"
        ),
        yes=_of(
            "sí, si, claro, claro que sí, por supuesto, correcto, exacto, exactamente, así es, "
            "vale, de acuerdo, está bien, ok, okay, por favor, sí por favor, eso es, perfecto, "
            "cierto"
        ),
        no=_of(
            "no, no gracias, nunca, para nada, claro que no, incorrecto, todavía no, aún no, "
            "gracias, qué va"
        ),
        backchannels=_of(
            "ajá, mhm, mm, mmm, sí, si, claro, ya, vale, bueno, bien, okay, ok, ah, oh, eh, "
            "entiendo, ya veo, de acuerdo, perfecto, correcto, exacto, cierto, muy bien, "
            "está bien, por supuesto, anda, mira, genial"
        ),
        stops=_of(
            "para, pare, espera, espere, no, un momento, perdón, perdone, disculpe, oiga, "
            "escuche, escucha, alto, basta, un segundo, pero, qué, quién es, cállate, "
            "déjeme hablar"
        ),
        digits=_of(
            "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, cero, uno, dos, tres, cuatro, cinco, seis, siete, "
            "ocho, nueve, doble"
        ),
        at_sign=_of("arroba"),
        dot=_of("punto"),
        moments=_of(
            "un momento, un segundo, un momentito, un minuto, espere, espera, no cuelgue, "
            "aguarde, ahora vuelvo, déjeme ver, déjeme mirar, permítame, un instante, "
            "en seguida, enseguida le paso"
        ),
    ),
    answering=Answering(
        voicemail=_of(
            "deje un mensaje, deje su mensaje, deja un mensaje, deja tu mensaje, "
            "dejar un mensaje, después de la señal, después del tono, tras la señal, "
            "al oír la señal, buzón de voz, buzón, contestador automático, no puedo atenderle, "
            "no podemos atenderle, no puede atender su llamada, grabe su mensaje, "
            "la persona a la que llama"
        ),
        menu=_of(
            "pulse, oprima, presione, marque uno, marque 1, marque el, marque la extensión, "
            "menú principal, para continuar en español, escuche atentamente, "
            "su llamada es importante, llamada puede ser grabada, todos nuestros agentes, "
            "nuestros operadores, diga o marque"
        ),
        assistant=_of(
            "diga su nombre, di tu nombre, indique su nombre, su nombre y el motivo, "
            "tu nombre y el motivo, el motivo de la llamada, motivo de su llamada, "
            "servicio de filtrado, asistente de llamadas"
        ),
        unavailable=_of(
            "el número marcado no existe, el número que ha marcado no, no está en servicio, "
            "fuera de servicio, apagado o fuera de cobertura, está apagado, "
            "fuera del área de cobertura, ha sido desconectado, no corresponde a ningún abonado, "
            "líneas están ocupadas"
        ),
        human=_of(
            "en qué puedo ayudarle, quiere dejar un mensaje, quiere dejar un recado, "
            "desea dejar un mensaje, en qué puedo ayudarte, en qué le puedo ayudar, quién es, "
            "quién habla, quién llama, de parte de quién, dígame, diga, él no está, "
            "ella no está, no está disponible ahora, no se encuentra, ha salido, estoy ocupado, "
            "estoy ocupada, estoy conduciendo, estoy manejando, estoy en una reunión, "
            "número equivocado, se ha equivocado, no me interesa, llame más tarde, "
            "llámeme más tarde, le habla, al habla"
        ),
        do_not_call=_of(
            "deje de llamar, deje de llamarme, dejen de llamar, dejen de llamarme, "
            "deja de llamarme, no me llame más, no me llamen más, no me llames más, "
            "no me vuelva a llamar, no me vuelvan a llamar, no vuelva a llamar, "
            "no vuelvan a llamar, no llame más, no llamen más, nunca más me llame, "
            "quíteme de su lista, quítenme de su lista, elimíneme de su lista, "
            "elimine mi número, borre mi número, borren mi número, no quiero que me llamen, "
            "no quiero recibir más llamadas"
        ),
        do_not_call_at_end=_of("no me llame, no me llamen, no me llames, no llame, no llamen"),
    ),
    abbreviations=Abbreviations(
        never=listed(
            "sr sra srta sres dr dra d dña prof ing lic av avda c p.ej ej vs gral cap sto sta"
        ),
        numbered=listed(
            "no nº núm n.º art pág págs tel cap vol ext p ene feb mar abr jun jul ago sept oct "
            "nov dic"
        ),
        either=listed("etc a.m p.m ee.uu s.a ud uds vd vds cía"),
    ),
    still_there=("¿Hola?", "¿Me escucha?", "¿Sigue ahí?"),
)
