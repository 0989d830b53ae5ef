"""Japanese."""

from switchhook.engine.phrases.table import Phrases

PHRASES = Phrases(
    disclosure="もしもし、 こちらは AIアシスタントです。",
    disclosure_for="もしもし、 {name} の 代わりに お電話している AIアシスタントです。",
    purpose="ご用件は 次のとおりです: {task}。",
    who="{name} の 代わりに お電話している AIアシスタントです。",
    nobody="お客様",
    robot="はい、 人間ではなく AIアシスタントです。",
    can_help="お手伝い いただけますか\N{FULLWIDTH QUESTION MARK}",
    relay="お伝えする ことは ございますか\N{FULLWIDTH QUESTION MARK}",
    confirm="{value} と 承りました。 よろしいですか\N{FULLWIDTH QUESTION MARK}",
    noted="かしこまりました。",
    again="すみません、 聞き取れませんでした。",
    skipped="承知しました。 では、 それは 結構です。",
    gladly="かしこまりました。",
    which="どこを 直しましょうか\N{FULLWIDTH QUESTION MARK}",
    when="かしこまりました。 いつ頃が よろしいでしょうか\N{FULLWIDTH QUESTION MARK}",
    later="かしこまりました。 では また その時に。",
    no_person="申し訳ございません、 ほかの者に おつなぎする ことは できません。",
    not_reached="申し訳ございません、 どなたにも つながりませんでした。",
    caller_waits="お客様と お電話が つながっております。",
    take_call=(
        "お電話に 出られますか\N{FULLWIDTH QUESTION MARK} 「はい」と おっしゃるか、 1を "
        "押してください。"
    ),
    caller_left="申し訳ございません、 お電話が 切れてしまいました。",
    no_orders="申し訳ございません、 それは いたしかねます。",
    are_you_there="まだ お電話口に いらっしゃいますか\N{FULLWIDTH QUESTION MARK}",
    one_moment="少々 お待ちください。",
    still_working="ただいま お調べしております。",
    nearly_over="この お電話の 残り時間は およそ 30秒です。",
    fallback="申し訳ございません、 それは わかりかねます。",
    apology="申し訳ございません、 ただいま お電話を 続ける ことが できません。",
    wrong_number="お騒がせして 申し訳ございません。",
    stop_calling="かしこまりました。 今後 お電話は いたしません。",
    goodbye="お時間を いただき ありがとうございました。 失礼いたします。",
)
