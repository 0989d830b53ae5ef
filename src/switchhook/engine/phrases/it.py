"""Italian."""

from switchhook.engine.phrases.table import Phrases

PHRASES = Phrases(
    disclosure="Buongiorno, sono un assistente di intelligenza artificiale.",
    disclosure_for=(
        "Buongiorno, sono un assistente di intelligenza artificiale e chiamo per {name}."
    ),
    purpose="Chiamo per il seguente motivo: {task}.",
    who="Sono un assistente di intelligenza artificiale e chiamo per {name}.",
    nobody="un cliente",
    robot="Sì, sono un assistente di intelligenza artificiale, non una persona.",
    can_help="Può aiutarmi?",
    relay="C'è un messaggio che devo riferire?",
    confirm="Ho capito: {value}. È giusto?",
    noted="Va bene.",
    again="Mi scusi, non ho capito.",
    skipped="Non importa, lasciamo stare.",
    gladly="Va bene.",
    which="Che cosa devo cambiare?",
    when="Certo. Quale momento sarebbe migliore per lei?",
    later="Va bene, a più tardi.",
    no_person="Mi dispiace, non posso passarle nessun altro.",
    not_reached="Mi dispiace, non sono riuscito a raggiungere nessuno.",
    caller_waits="Ho qualcuno in linea per lei.",
    take_call="Accetta la chiamata? Dica sì, oppure prema uno.",
    caller_left="Mi dispiace, hanno riattaccato.",
    no_orders="Mi dispiace, non posso farlo.",
    are_you_there="È ancora in linea?",
    one_moment="Un momento, per favore.",
    still_working="Sto ancora controllando.",
    nearly_over="Mi resta circa mezzo minuto per questa chiamata.",
    fallback="Mi dispiace, questo non lo so.",
    apology="Mi dispiace, in questo momento non posso continuare la chiamata.",
    wrong_number="Mi scusi per il disturbo.",
    stop_calling="Capisco. Non la chiameremo più.",
    goodbye="Grazie per il suo tempo. Arrivederci.",
)
