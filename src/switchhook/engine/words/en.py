"""English."""

from switchhook.engine.words.phrases import Phrases
from switchhook.engine.words.table import Abbreviations, Answering, Turns, Words, listed

_of = Phrases.of

WORDS = Words(
    turns=Turns(
        hesitations=_of("um, umm, uh, uhm, er, erm, ehm, hmm, hm, let me see, let me think"),
        conjunctions=_of(
            "and, or, but, because, cause, if, unless, the, a, an, my, your, our, their, im, "
            "ive, id, youre, theyre"
        ),
        leaning=_of(
            "to, of, with, for, from, at, by, in, on, about, into, is, are, was, be, will, "
            "would, can, could, should, have, has, that, which, who, i, we, you, they, it is, "
            "its like, like, my number is, my name is, the number is, the address is, i need, "
            "i want, i would like, id like, i think, maybe, also, then, not, very, how about, "
            "what about, so, when, while, although, than, as, since, his, its"
        ),
        closings=_of(
            "thats all, thats it, that is all, that will be all, nothing else, thank you, "
            "thanks, thank you very much, bye, goodbye, bye bye, see you, have a good day, "
            "have a nice day, im done, im good"
        ),
        yes=_of(
            "yes, yeah, yep, yup, sure, of course, correct, right, thats right, thats correct, "
            "exactly, absolutely, definitely, okay, ok, fine, please, yes please, i do, it is, "
            "i am, go ahead, sounds good, all right, alright, indeed, certainly"
        ),
        no=_of(
            "no, nope, nah, not really, no thanks, no thank you, thanks, never, i dont, its not, "
            "not at all, wrong, thats wrong, incorrect, absolutely not, of course not, not yet"
        ),
        backchannels=_of(
            "mhm, no problem, no worries, mm, mmm, mm hmm, mmhmm, hmm, hm, uh huh, oh, ah, aha, "
            "um, uh, yes, yeah, yep, yup, sure, quite, right, really, good heavens, i see, "
            "of course, oh dear, oh god, thats nice, thats not bad, thats right, makes sense, "
            "okay, ok, all right, alright, got it, gotcha, great, good, nice, cool, fine, "
            "exactly, perfect, wow, i understand, understood, fair enough, interesting, true"
        ),
        stops=_of(
            "stop, wait, no, hold on, hang on, excuse me, sorry, pardon, one second, one moment, "
            "shut up, listen, let me speak, let me talk, actually, but, what, who is this, "
            "quiet, enough"
        ),
        digits=_of(
            "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, zero, oh, one, two, three, four, five, six, seven, "
            "eight, nine, double, triple"
        ),
        at_sign=_of("at"),
        dot=_of("dot, point"),
        moments=_of(
            "one moment, just a moment, one second, just a second, a sec, just a sec, "
            "one minute, just a minute, hold on, hang on, please hold, hold please, "
            "hold the line, bear with me, give me a moment, give me a second, give me a minute, "
            "let me check, let me look, let me get, ill check, please wait, stay on the line, "
            "ill be right back, ill put you on hold, let me transfer you"
        ),
    ),
    answering=Answering(
        voicemail=_of(
            "leave a message, leave your message, leave me a message, leave a voicemail, "
            "leave your name, after the tone, after the beep, at the tone, at the beep, "
            "record your message, voicemail, voice mail, voice mailbox, mailbox, "
            "answering machine, not available to take your call, cannot take your call, "
            "im not available to take your call, i am not available to take your call, "
            "is not available to take your call, im busy and cant take your call, "
            "cant take your call, unable to take your call, unable to answer your call, "
            "cant come to the phone, cannot come to the phone, cant get to the phone, "
            "the person you are calling, the person you are trying to reach, "
            "the party you are trying to reach, you have reached the voicemail, "
            "has been forwarded to, well get back to you, ill get back to you, "
            "ill call you back as soon as"
        ),
        menu=_of(
            "press 0, press 1, press 2, press 3, press 4, press 5, press 6, press 7, press 8, "
            "press 9, press zero, press one, press two, press three, press four, press five, "
            "press six, press seven, press eight, press nine, press star, press pound, "
            "press the pound key, press the star key, dial 1, dial one, "
            "to hear these options again, listen carefully, our menu options, menu options, "
            "main menu, menu has changed, options have changed, say or press, press or say, "
            "enter your account number, enter the extension, your party's extension, "
            "your call is important to us, for english, your call may be recorded, "
            "this call may be recorded, next available agent, next available representative, "
            "all of our representatives, all agents are, para espanol, para español"
        ),
        assistant=_of(
            "please state your name, state your name, say your name and, your name and why, "
            "name and the reason, reason for your call, reason for calling, why youre calling, "
            "the person you are calling is using a screening, using a screening service, "
            "screening service from, call assist, ill see if this person is available, "
            "see if this person is available, google assistant"
        ),
        unavailable=_of(
            "number you have dialed is not, number you dialed is not, "
            "number you have dialled is not, not in service, has been disconnected, "
            "no longer in service, number has been changed, cannot be completed as dialed, "
            "could not be completed as dialed, cannot be completed as dialled, "
            "the number you have called is not, is not a working number, "
            "subscriber is not available, subscriber you have dialed, switched off, "
            "out of coverage, outside the coverage area, all circuits are busy, "
            "not been recognized, not been recognised, check the number and"
        ),
        human=_of(
            "how can i help, how may i help, can i help you, what can i do for you, who is this, "
            "whos this, whos calling, who is calling, who am i speaking, whos speaking, "
            "speaking, this is he, this is she, he is not available, hes not available, "
            "she is not available, shes not available, hes not here, shes not here, "
            "he is not here, she is not here, hes not in, shes not in, hes out, shes out, "
            "theyre not here, im not available, i am not available, im busy, i am busy, "
            "im driving, im in a meeting, im at work, wrong number, not interested, "
            "can you call back, call me back later, can i take a message, "
            "would you like to leave a message, do you want to leave a message, "
            "want to leave a message, hang on, hold on, what do you want"
        ),
        do_not_call=_of(
            "stop calling, quit calling, stop phoning, stop ringing, stop contacting me, "
            "dont call me again, do not call me again, dont call again, do not call again, "
            "dont call me anymore, do not call me anymore, dont call me any more, "
            "dont call here again, do not call here again, dont call this number again, "
            "do not call this number, dont call this number, dont ever call, never call, "
            "never contact, take me off your list, take me off the list, take me off this list, "
            "take my number off, take us off your list, remove me from your list, "
            "remove me from the list, remove my number, remove us from your list, "
            "delete my number, put me on your do not call, put me on the do not call, "
            "do not call list, dont contact me again, do not contact me again, lose my number, "
            "i dont want any more calls, i dont want to be called, no more calls"
        ),
        do_not_call_at_end=_of(
            "dont call me, do not call me, dont call us, dont call here, do not call here, "
            "dont contact me, do not contact me, dont call, do not call"
        ),
    ),
    abbreviations=Abbreviations(
        never=listed(
            "dr mr mrs ms prof rev gen col sgt capt lt gov hon st mt ft vs e.g i.e cf approx apt "
            "dept est"
        ),
        numbered=listed(
            "no nos art fig vol p pp sec ch ext jan feb mar apr jun jul aug sep sept oct nov dec ca"
        ),
        either=listed(
            "etc a.m p.m inc ltd co corp jr sr ave blvd rd u.s u.k u.s.a ph.d m.d b.a m.a bros"
        ),
    ),
    still_there=("Hello?", "Are you there?", "Are you still there?"),
)
