"""Portuguese, of Brazil and Portugal."""

from switchhook.engine.words.phrases import Phrases
from switchhook.engine.words.table import Abbreviations, Answering, Turns, Words, listed

_of = Phrases.of

WORDS = Words(
    turns=Turns(
        hesitations=_of("eh, hum, hmm, ahn, hã, deixa eu ver, deixe me ver"),
        conjunctions=_of(
            "e, ou, mas, porque, então, se, quando, embora, uns, umas, do, da, dos, das, no, na, "
            "nos, nas, ao, pelo, pela"
        ),
        leaning=_of(
            "de, em, com, para, por, pra, sobre, até, sem, é, são, está, tenho, muito, também, "
            "mais, meu número é, o meu número é, meu nome é, o meu nome é, o número é, "
            "eu preciso, preciso, eu quero, quero, gostaria, eu, que, como, o, a, os, as, um, "
            "uma, meu, minha, meus, minhas, seu, sua, nosso, nossa"
        ),
        closings=_of(
            "é só isso, só isso, é isso, mais nada, obrigado, obrigada, muito obrigado, "
            "muito obrigada, tchau, até logo, até mais, adeus, tenha um bom dia, bom dia"
        ),
        yes=_of(
            "sim, claro, com certeza, isso, isso mesmo, certo, correto, exato, exatamente, tá, "
            "tá bom, está bem, ok, okay, pode ser, por favor, sim por favor, beleza, perfeito, "
            "é, pode, aham"
        ),
        no=_of(
            "não, nao, não obrigado, não obrigada, nunca, de jeito nenhum, claro que não, "
            "ainda não, errado"
        ),
        backchannels=_of(
            "mhm, mm, hum, uhum, aham, ah, oh, é, sim, claro, certo, isso, tá, tá bom, tá certo, "
            "ok, okay, entendi, entendo, sei, pois, pois é, pois não, beleza, legal, perfeito, "
            "exato, verdade, com certeza, está bem, bom"
        ),
        stops=_of(
            "para, pare, espera, espere, não, nao, um momento, um minuto, desculpe, desculpa, "
            "com licença, escuta, escute, calma, um segundo, mas, o quê, quem é, quem fala, "
            "chega, deixa eu falar"
        ),
        digits=_of(
            "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, zero, um, uma, dois, duas, três, quatro, cinco, seis, "
            "meia, sete, oito, nove"
        ),
        at_sign=_of("arroba"),
        dot=_of("ponto"),
        moments=_of(
            "um momento, um momentinho, um minuto, um minutinho, um segundo, um instante, "
            "só um momento, só um minuto, espera, espere, aguarde, não desligue, deixa eu ver, "
            "vou verificar, já volto, vou passar, peraí"
        ),
    ),
    answering=Answering(
        voicemail=_of(
            "deixe seu recado, deixe o seu recado, deixe um recado, deixe sua mensagem, "
            "deixe a sua mensagem, deixe uma mensagem, após o sinal, depois do sinal, "
            "após o bip, depois do bip, após o tom, caixa postal, correio de voz, "
            "secretária eletrônica, atendedor de chamadas, não posso atender, "
            "grave sua mensagem, sua chamada está sendo encaminhada"
        ),
        menu=_of(
            "digite, pressione, tecle, aperte 1, prima, marque, menu principal, disque 1, "
            "disque um, tecla asterisco, sua ligação é importante, "
            "sua ligação é muito importante, ligação poderá ser gravada, "
            "chamada poderá ser gravada, todos os nossos atendentes, nossos atendentes, "
            "um dos nossos atendentes, número do protocolo"
        ),
        assistant=_of(
            "diga seu nome, diga o seu nome, informe seu nome, seu nome e o motivo, "
            "o motivo da ligação, motivo da sua ligação, o motivo da chamada, "
            "filtro de chamadas, assistente de chamadas"
        ),
        unavailable=_of(
            "este número não existe, esse número não existe, o número chamado não, "
            "número discado não, o número para o qual você ligou, "
            "não está disponível ou está fora, fora da área de cobertura, "
            "desligado ou fora da área, não se encontra atribuído, o número que marcou, "
            "linhas estão ocupadas"
        ),
        human=_of(
            "como posso ajudar, quer deixar um recado, quer deixar uma mensagem, "
            "em que posso ajudar, posso ajudar, quem é, quem fala, quem está falando, "
            "quem gostaria, quem deseja, pois não, fala, pode falar, ele não está, ela não está, "
            "ele não se encontra, ela não se encontra, não está no momento, estou ocupado, "
            "estou ocupada, estou dirigindo, estou em reunião, foi engano, número errado, "
            "não tenho interesse, ligue mais tarde, me liga mais tarde, quer deixar recado comigo"
        ),
        do_not_call=_of(
            "pare de ligar, pare de me ligar, parem de ligar, parem de me ligar, para de ligar, "
            "para de me ligar, não me ligue mais, não me liga mais, não me liguem mais, "
            "não ligue mais, não liga mais, não liguem mais, nunca mais ligue, "
            "nunca mais me ligue, não volte a ligar, não voltem a ligar, me tire da lista, "
            "me tira da lista, tire meu número, remova meu número, apague meu número, "
            "retire meu número, retire o meu número, não quero mais receber ligações, "
            "não quero receber mais chamadas"
        ),
        do_not_call_at_end=_of("não me ligue, não me liguem, não ligue, não liguem"),
    ),
    abbreviations=Abbreviations(
        never=listed("sr sra srta dr dra prof profa eng av r ex p.ex vs gen cap exmo exma d"),
        numbered=listed(
            "n nº núm art pág vol tel cap ramal jan fev mar abr mai jun jul ago set out nov dez"
        ),
        either=listed("etc ltda s.a cia a.c d.c"),
    ),
    still_there=("Alô?", "Você está aí?", "Ainda está na linha?"),
)
