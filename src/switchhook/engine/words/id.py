"""Indonesian."""

from switchhook.engine.words.phrases import Phrases
from switchhook.engine.words.table import Abbreviations, Answering, Turns, Words, listed

_of = Phrases.of

WORDS = Words(
    turns=Turns(
        hesitations=_of("eh, em, emm, hmm, hm, anu, apa ya, gimana ya, sebentar ya, nah, begini"),
        conjunctions=_of(
            "dan, atau, tapi, tetapi, karena, kalau, jika, ketika, bahwa, supaya, agar, "
            "sehingga, meskipun, yang, serta, sebuah, seorang, para, si"
        ),
        leaning=_of(
            "dari, dengan, untuk, ke, di, pada, oleh, tentang, adalah, itu adalah, juga, sangat, "
            "saya mau, saya ingin, saya perlu, saya butuh, nama saya, nomor saya, nomornya, saya"
        ),
        closings=_of(
            "itu saja, sudah itu saja, cukup, sudah cukup, terima kasih, makasih, sampai jumpa, "
            "dadah, selamat tinggal, selamat siang, selamat malam, terima kasih banyak"
        ),
        yes=_of(
            "ya, iya, iyah, betul, benar, tentu, tentu saja, boleh, oke, ok, baik, baiklah, "
            "setuju, silakan, ya betul, ya benar, pasti, sip, bisa, mau, sudah"
        ),
        no=_of(
            "tidak, nggak, enggak, gak, ga, bukan, tidak usah, belum, jangan, salah, "
            "tidak terima kasih, tidak mau"
        ),
        backchannels=_of(
            "mhm, mm, hm, hmm, oh, ah, o, ya, iya, ya ya, oke, ok, baik, baiklah, betul, benar, "
            "oh begitu, begitu, oh gitu, gitu, saya mengerti, mengerti, paham, tentu, sip, "
            "bagus, siap, he eh, heeh, oh ya, terus"
        ),
        stops=_of(
            "stop, berhenti, tunggu, tunggu sebentar, sebentar, tidak, bukan, jangan, maaf, "
            "permisi, dengar, diam, tapi, apa, siapa ini, cukup, saya mau bicara"
        ),
        digits=_of(
            "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, nol, kosong, satu, dua, tiga, empat, lima, enam, "
            "tujuh, delapan, sembilan"
        ),
        at_sign=_of("at, et"),
        dot=_of("titik"),
        moments=_of(
            "sebentar, tunggu sebentar, sebentar ya, mohon tunggu, mohon ditunggu, tunggu ya, "
            "jangan ditutup, satu menit, saya cek dulu, saya lihat dulu, saya periksa dulu, "
            "nanti saya sambungkan"
        ),
    ),
    answering=Answering(
        voicemail=_of(
            "tinggalkan pesan, silakan tinggalkan pesan, tinggalkan pesan anda, "
            "meninggalkan pesan, setelah nada, setelah bunyi, setelah nada berikut, kotak suara, "
            "pesan suara, mailbox, voicemail, tidak dapat menerima panggilan anda"
        ),
        menu=_of(
            "tekan 1, tekan satu, tekan 2, tekan dua, tekan 3, tekan tiga, tekan 0, tekan nol, "
            "tekan bintang, tekan pagar, tekan tombol, menu utama, panggilan anda penting, "
            "percakapan ini akan direkam, panggilan ini direkam, petugas kami sedang, "
            "layanan pelanggan kami sedang, untuk bahasa indonesia"
        ),
        assistant=_of(
            "sebutkan nama anda, sebutkan nama dan, nama anda dan alasan, alasan menelepon, "
            "alasan anda menelepon, tujuan menelepon, penyaring panggilan"
        ),
        unavailable=_of(
            "nomor yang anda tuju, nomor yang anda hubungi, sedang tidak aktif, tidak terdaftar, "
            "berada di luar jangkauan, di luar jangkauan, belum terpasang, "
            "tidak dapat dihubungi, tidak dapat dihubungi untuk sementara"
        ),
        human=_of(
            "ada yang bisa saya bantu, mau tinggalkan pesan, mau meninggalkan pesan, "
            "ada yang bisa dibantu, bisa saya bantu, siapa ini, dengan siapa, ini siapa, "
            "dari mana, dari siapa, dia tidak ada, orangnya tidak ada, sedang keluar, "
            "lagi keluar, saya sedang sibuk, saya lagi sibuk, saya sibuk, lagi nyetir, "
            "sedang menyetir, sedang rapat, salah sambung, salah nomor, tidak tertarik, "
            "telepon lagi nanti, nanti telepon lagi, ada pesan"
        ),
        do_not_call=_of(
            "jangan telepon saya lagi, jangan telepon lagi, jangan hubungi saya lagi, "
            "jangan hubungi lagi, jangan menelepon lagi, jangan menghubungi saya lagi, "
            "jangan telpon lagi, jangan telpon saya lagi, berhenti menelepon, "
            "berhenti menghubungi, berhenti telepon, stop menelepon, stop telepon, "
            "hapus nomor saya, keluarkan saya dari daftar, hapus saya dari daftar, "
            "tidak mau ditelepon lagi, tidak mau dihubungi lagi"
        ),
        do_not_call_at_end=_of(
            "jangan telepon saya, jangan hubungi saya, jangan telepon, jangan telpon"
        ),
    ),
    abbreviations=Abbreviations(
        never=listed("bpk sdr sdri dr drs prof ir h hj jl jln gg dll.m a.n u.p st tn ny nn yth"),
        numbered=listed("no hal telp rp jan feb mar apr jun jul agt ags sep okt nov des pkl"),
        either=listed("dll dsb dst etc s.h s.e s.t tbk"),
    ),
    still_there=("Halo?", "Apakah Anda di sana?", "Apakah Anda masih di sana?"),
)
