"""French."""

from switchhook.engine.phrases.table import Phrases

PHRASES = Phrases(
    disclosure="Bonjour, je suis un assistant d'intelligence artificielle.",
    disclosure_for=(
        "Bonjour, je suis un assistant d'intelligence artificielle et j'appelle pour {name}."
    ),
    purpose="J'appelle au sujet de : {task}.",
    who="Je suis un assistant d'intelligence artificielle et j'appelle pour {name}.",
    nobody="un client",
    robot="Oui, je suis un assistant d'intelligence artificielle, pas une personne.",
    can_help="Pouvez-vous m'aider ?",
    relay="Y a-t-il un message que je dois transmettre ?",
    confirm="J'ai compris : {value}. Est-ce exact ?",
    noted="D'accord.",
    again="Pardon, je n'ai pas compris.",
    skipped="Ce n'est pas grave, laissons cela.",
    gladly="D'accord.",
    which="Que dois-je modifier ?",
    when="Bien sûr. Quel moment vous conviendrait mieux ?",
    later="D'accord, à plus tard.",
    no_person="Je suis désolé, je ne peux vous passer personne d'autre.",
    not_reached="Je suis désolé, je n'ai pu joindre personne.",
    caller_waits="J'ai quelqu'un en ligne pour vous.",
    take_call="Prenez-vous l'appel ? Dites oui, ou appuyez sur la touche un.",
    caller_left="Je suis désolé, la personne a raccroché.",
    no_orders="Je suis désolé, je ne peux pas faire cela.",
    are_you_there="Êtes-vous toujours là ?",
    one_moment="Un instant, s'il vous plaît.",
    still_working="Je regarde encore.",
    nearly_over="Il me reste environ une demi-minute pour cet appel.",
    fallback="Je suis désolé, je ne le sais pas.",
    apology="Je suis désolé, je ne peux pas poursuivre cet appel pour le moment.",
    wrong_number="Excusez-moi de vous avoir dérangé.",
    stop_calling="Je comprends. Nous ne vous appellerons plus.",
    goodbye="Merci de votre temps. Au revoir.",
)
