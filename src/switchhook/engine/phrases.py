"""What the agent says by itself, in the languages it knows; what is missing is said in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """The sentences of one language; braces are filled in."""

    disclosure: str = "Hello, this is an AI assistant."
    disclosure_for: str = "Hello, this is an AI assistant calling for {name}."
    purpose: str = "I am calling about: {task}."
    who: str = "I am an AI assistant calling for {name}."
    nobody: str = "a customer"
    robot: str = "Yes, I am an AI assistant, not a person."
    can_help: str = "Can you help me with that?"
    relay: str = "Is there a message that I should pass on?"
    confirm: str = "I understood: {value}. Is that right?"
    noted: str = "All right."
    again: str = "Sorry, I did not understand that."
    skipped: str = "That is fine, let us leave that."
    gladly: str = "Of course."
    which: str = "What should I change?"
    when: str = "Of course. When would be a better time?"
    later: str = "All right, until then."
    no_person: str = "I am sorry, I cannot put anybody else on the line."
    not_reached: str = "I am sorry, I could not reach anybody."
    caller_waits: str = "I have somebody on the line for you."
    take_call: str = "Will you take the call? Say yes, or press one."
    caller_left: str = "I am sorry, they have hung up."
    no_orders: str = "I am sorry, I cannot do that."
    are_you_there: str = "Are you still there?"
    one_moment: str = "One moment, please."
    still_working: str = "Thank you for waiting, just a moment longer."
    nearly_over: str = "I have about half a minute left for this call."
    fallback: str = "I am sorry, I do not know that."
    anything: str = "Thank you."
    apology: str = "I am sorry, I cannot go on with this call right now."
    wrong_number: str = "I am sorry for the disturbance."
    stop_calling: str = "I understand. We will not call you again."
    goodbye: str = "Thank you for your time. Goodbye."


ENGLISH = Phrases()

_OTHERS: dict[str, Phrases] = {
    "es": Phrases(
        disclosure="Hola, soy un asistente de inteligencia artificial.",
        disclosure_for=(
            "Hola, soy un asistente de inteligencia artificial y llamo de parte de {name}."
        ),
        purpose="Le llamo por lo siguiente: {task}.",
        confirm="He entendido: {value}. ¿Es correcto?",
        noted="De acuerdo.",
        gladly="De acuerdo.",
        again="Perdone, no le he entendido.",
        are_you_there="¿Sigue ahí?",
        one_moment="Un momento, por favor.",
        still_working="Todavía lo estoy mirando.",
        goodbye="Gracias por su tiempo. Adiós.",
    ),
    "de": Phrases(
        disclosure="Guten Tag, hier spricht ein KI-Assistent.",
        disclosure_for="Guten Tag, hier spricht ein KI-Assistent im Auftrag von {name}.",
        purpose="Es geht um Folgendes: {task}.",
        confirm="Ich habe verstanden: {value}. Ist das richtig?",
        noted="Gut.",
        gladly="Gut.",
        again="Entschuldigung, das habe ich nicht verstanden.",
        are_you_there="Sind Sie noch da?",
        one_moment="Einen Moment, bitte.",
        still_working="Ich sehe noch nach.",
        goodbye="Vielen Dank für Ihre Zeit. Auf Wiederhören.",
    ),
    "hi": Phrases(
        disclosure="नमस्ते, मैं एक एआई सहायक हूँ।",
        disclosure_for="नमस्ते, मैं {name} की ओर से बोल रहा एक एआई सहायक हूँ।",
        purpose="मैं इस बारे में फ़ोन कर रहा हूँ: {task}.",
        confirm="मैंने समझा: {value}. क्या यह सही है?",
        noted="ठीक है।",
        gladly="ठीक है।",
        again="माफ़ कीजिए, मैं समझ नहीं पाया।",
        are_you_there="क्या आप अभी भी वहाँ हैं?",
        one_moment="कृपया एक क्षण रुकिए।",
        still_working="मैं अभी देख रहा हूँ।",
        goodbye="आपके समय के लिए धन्यवाद। नमस्ते।",
    ),
    "pt": Phrases(
        disclosure="Olá, sou um assistente de inteligência artificial.",
        disclosure_for=(
            "Olá, sou um assistente de inteligência artificial e ligo em nome de {name}."
        ),
        purpose="Estou ligando sobre o seguinte: {task}.",
        confirm="Entendi: {value}. Está certo?",
        noted="Certo.",
        gladly="Certo.",
        again="Desculpe, não entendi.",
        are_you_there="Ainda está aí?",
        one_moment="Um momento, por favor.",
        still_working="Ainda estou a verificar.",
        goodbye="Obrigado pelo seu tempo. Até logo.",
    ),
    "fr": Phrases(
        disclosure="Bonjour, je suis un assistant d'intelligence artificielle.",
        disclosure_for=(
            "Bonjour, je suis un assistant d'intelligence artificielle et j'appelle pour {name}."
        ),
        purpose="J'appelle au sujet de : {task}.",
        confirm="J'ai compris : {value}. Est-ce exact ?",
        noted="D'accord.",
        gladly="D'accord.",
        again="Pardon, je n'ai pas compris.",
        are_you_there="Êtes-vous toujours là ?",
        one_moment="Un instant, s'il vous plaît.",
        still_working="Je regarde encore.",
        goodbye="Merci de votre temps. Au revoir.",
    ),
    "nl": Phrases(
        disclosure="Goedendag, u spreekt met een AI-assistent.",
        disclosure_for="Goedendag, u spreekt met een AI-assistent namens {name}.",
        purpose="Ik bel over het volgende: {task}.",
        confirm="Ik heb begrepen: {value}. Klopt dat?",
        noted="Goed.",
        gladly="Goed.",
        again="Sorry, dat heb ik niet verstaan.",
        are_you_there="Bent u er nog?",
        one_moment="Een ogenblik, alstublieft.",
        still_working="Ik ben het nog aan het nakijken.",
        goodbye="Bedankt voor uw tijd. Tot ziens.",
    ),
    "id": Phrases(
        disclosure="Halo, saya asisten kecerdasan buatan.",
        disclosure_for="Halo, saya asisten kecerdasan buatan yang menelepon atas nama {name}.",
        purpose="Saya menelepon mengenai: {task}.",
        confirm="Saya mengerti: {value}. Apakah itu benar?",
        noted="Baik.",
        gladly="Baik.",
        again="Maaf, saya tidak mengerti.",
        are_you_there="Apakah Anda masih di sana?",
        one_moment="Mohon tunggu sebentar.",
        still_working="Saya masih memeriksanya.",
        goodbye="Terima kasih atas waktu Anda. Sampai jumpa.",
    ),
    "it": Phrases(
        disclosure="Buongiorno, sono un assistente di intelligenza artificiale.",
        disclosure_for=(
            "Buongiorno, sono un assistente di intelligenza artificiale e chiamo per {name}."
        ),
        purpose="Chiamo per il seguente motivo: {task}.",
        confirm="Ho capito: {value}. È giusto?",
        noted="Va bene.",
        gladly="Va bene.",
        again="Mi scusi, non ho capito.",
        are_you_there="È ancora in linea?",
        one_moment="Un momento, per favore.",
        still_working="Sto ancora controllando.",
        goodbye="Grazie per il suo tempo. Arrivederci.",
    ),
    "ja": Phrases(
        disclosure="もしもし、 こちらは AIアシスタントです。",
        disclosure_for="もしもし、 {name} の 代わりに お電話している AIアシスタントです。",
        purpose="ご用件は 次のとおりです: {task}。",
        confirm="{value} と 承りました。 よろしいですか\N{FULLWIDTH QUESTION MARK}",
        noted="かしこまりました。",
        gladly="かしこまりました。",
        again="すみません、 聞き取れませんでした。",
        are_you_there="まだ お電話口に いらっしゃいますか\N{FULLWIDTH QUESTION MARK}",
        one_moment="少々 お待ちください。",
        still_working="ただいま お調べしております。",
        goodbye="お時間を いただき ありがとうございました。 失礼いたします。",
    ),
    "ko": Phrases(
        disclosure="안녕하세요, 저는 인공지능 비서입니다.",
        disclosure_for="안녕하세요, {name} 대신 전화드리는 인공지능 비서입니다.",
        purpose="다음 용건으로 전화드렸습니다: {task}.",
        confirm="{value} 라고 이해했습니다. 맞습니까?",
        noted="알겠습니다.",
        gladly="알겠습니다.",
        again="죄송합니다, 잘 듣지 못했습니다.",
        are_you_there="아직 계신가요?",
        one_moment="잠시만 기다려 주세요.",
        still_working="아직 확인하고 있습니다.",
        goodbye="시간 내 주셔서 감사합니다. 안녕히 계세요.",
    ),
}


def phrases(language: str) -> Phrases:
    """Return the sentences of a language."""
    return _OTHERS.get(language, ENGLISH)


def filled(sentence: str, **values: str) -> str:
    """Return the sentence with its braces filled in and without a doubled full stop."""
    text = sentence
    for name, value in values.items():
        text = text.replace("{" + name + "}", value.strip())
    for end in "?!.":
        text = text.replace(end + ".", end).replace(end + "。", end)
    return text
