# ruff: noqa: E501 - a template is one line, however long
"""
Two thousand spam comments in the manner of those that news sites are sent, written by us, with hosts that nobody has.
The rules were tuned on these kinds; `HELD_OUT` in `held_out_set.py` holds kinds they were not.
"""

from tests.comments.spinning import Sample, Spinner

SLOTS = {
    "first": [
        "Maria",
        "Kevin",
        "Olga",
        "James",
        "Linda",
        "Ahmed",
        "Sofia",
        "Brian",
        "Emma",
        "Viktor",
        "Grace",
        "Daniel",
        "Chen",
        "Rosa",
        "Peter",
        "Nadia",
    ],
    "last": [
        "Smith",
        "Johnson",
        "Petrov",
        "Garcia",
        "Brown",
        "Müller",
        "Wong",
        "Davis",
        "Ivanova",
        "Wilson",
        "Clark",
        "Lopez",
    ],
    "word": [
        "blue",
        "rapid",
        "golden",
        "prime",
        "mega",
        "lucky",
        "smart",
        "royal",
        "alpha",
        "nova",
        "quick",
        "green",
        "star",
        "top",
        "super",
        "elite",
    ],
    "end": ["xyz", "top", "click", "com", "net", "site", "online", "shop", "info", "ru"],
    "host": ["[word]-[word][nn].[end]", "[word][word].[end]", "www.[word]-[nnn].[end]"],
    "url": ["https://[host]", "http://[host]/", "https://[host]/[word]/?id=[nnn]", "[host]"],
    "city": ["London", "Dubai", "Toronto", "Sydney", "Manchester", "Houston", "Delhi", "Lagos"],
    "wow": ["Wow", "Hello", "Hi everyone", "Hey guys", "Good day", "Greetings", "Hi"],
    "person": ["[first] [last]", "[first]", "[first][nn]"],
    "btc": ["bc1q[word]x9s8d7f6g5h4j3k2l1m0[word]zz", "0x4f3edf983ac636a65a842ce7c78d9aa706d3b[nnn]"],
}

KINDS = {
    "seo": [
        "{I can|We will} {rank your site|rank your website} on the first page of Google {in [n] weeks|guaranteed}. {Cheap|Affordable} backlinks and guest posts: [url]",
        "Are you looking for {white hat|quality} backlinks? Our SEO agency {offers|has} packages from $[nn]. {Visit|See} [url] or {email us|write me} at sales@[host]",
        "[wow], I noticed your website could get more traffic. We do {search engine optimization|link building|web design services}. Contact us: [url]",
        "Would you accept a guest post on your website? We pay $[nn] per link. {Get in touch|Email me}: [first]@[host]",
        "Buy {Instagram followers|YouTube views|real likes} {cheap|instantly}, {100% safe|no password needed}. [url]",
        "Increase your domain authority with our SEO experts, {free quote|free trial} today [url]",
    ],
    "casino": [
        "{Best|Top} online casino {with|offering} [nn] free spins and {a welcome bonus|no deposit bonus}! {Sign up|Register now} at [url]",
        "I won ${[n],[nnn]|[nn],[nnn]} last night playing online slots, {try it now|join now}: [url]",
        "{Sportsbook|Betting site} with the best odds {in|for} [city] - {deposit bonus|big jackpot} {every week|daily}. [url]",
        "Play and win real money {today|every day}, {instant payout|live dealer games}. Promo code [word][nn] [url]",
        "slot gacor {hari ini|terpercaya} daftar sekarang [url]",
        "Deneme bonusu veren siteler, {casino siteleri|bahis siteleri} burada [url]",
    ],
    "pills": [
        "Buy {Viagra|Cialis|Levitra|Tramadol|Xanax} online {without prescription|no prescription needed}, {fast|discreet} delivery. [url]",
        "{Canadian pharmacy|Online pharmacy}: generic pills from $0.[nn] per dose, {order now|visit us} [url]",
        "This keto gummies product helped me lose [nn] pounds in [n] weeks!! {Order here|Click here}: [url]",
        "I was cured of {herpes|diabetes|hepatitis B} by Dr {Osa|Ehi|Bello} with his herbal medicine. {Contact him|Email him} on dr[word]@[host] or WhatsApp [phone]",
        "CBD oil and {male enhancement|weight loss pills}, {best price|free shipping}: [url]",
        "sildenafil {100mg|50 mg} tadalafil {20mg|5 mg} [url]",
    ],
    "crypto": [
        "{I invested|I started with} $[nnn] and made ${[n],[nnn]|[nn],[nnn]} in {one week|[n] days} with [person]'s trading signals. {Contact her|Reach her|Message him} on Telegram @[word]trade[nn]",
        "Earn {passive income|daily profits} with our AI trading bot, minimum deposit $[nnn]: [url]",
        "{Double your bitcoin|Free bitcoin} {airdrop|giveaway}! Send to [btc] and {get|receive} twice back",
        "Best crypto investment platform of {2026|the year}, guaranteed returns {weekly|every month}, {sign up|get started} [url]",
        "Forex trading is hard alone. Expert trader [person] manages my account, {weekly profit|return on my investment} is [nn]%. {WhatsApp|Text him}: [phone]",
        "Presale of the [word] token ends {soon|today}, to the moon 🚀🚀🚀🚀🚀🚀 [url]",
    ],
    "recovery": [
        "I lost ${[nn],[nnn]|[nnn],000} to {a fake broker|scammers}, but {[word] recovery expert|a professional hacker named [first]} got my lost bitcoin back. {Email|Contact}: [word]recovery@[host]",
        "Have you been scammed? Funds recovery is possible. Reach out to [person] the recovery agent, WhatsApp [phone], email [word]@[host]",
        "Hire a hacker to {spy on a cheating spouse|hack WhatsApp|clear your bad credit}, {100% reliable|fast and legit}: [word]hack@[host]",
    ],
    "dating": [
        "{Hot girls|Lonely women|Hot singles} {in your city|near you} want to {meet|chat}. {Click here|Join now}: [url]",
        "I'm lonely {tonight|and bored}, {come chat|talk to me} {with me|honey}, {my nudes|naughty pics} here [url]",
        "Free dating site, {no strings attached|casual encounters|adult dating}: [url]",
        "{Sexy girls|Escorts} {in|from} [city], {24/7|any time}. {Call me|WhatsApp} [phone]",
        "🔥🔥🔥 live cams, webcam girls {online now|waiting} 🔥🔥🔥 [url]",
    ],
    "essays": [
        "{Struggling with|Tired of} your {essay|assignment|dissertation}? {Our|My} expert writers {deliver|write} {plagiarism free|non plagiarized} papers. {Order now|Visit}: [url]",
        "Write my essay for me! {Best|Cheapest} essay writing service {from $[nn] per page|with 24/7 support} [url]",
        "{Assignment help|Dissertation help|Homework help} {in|for students of} [city] at the lowest price, {contact us|get a quote} [url]",
        "Pay someone to {do my homework|take my online class}? Yes: [url]",
    ],
    "loans": [
        "Do you need {an urgent|a quick} loan? We offer {personal loans at [n]% interest|instant loans with no credit check}. {Contact us|Apply now}: [word]loans@[host]",
        "Payday loans {online|today}, bad credit {OK|welcome}, {apply today|guaranteed approval} [url]",
        "{I am|My name is} [person], I got my loan of ${[nn],000|[nnn],000} from Mr [first] {within 24 hours|without collateral}. Email him via [word]finance@[host], WhatsApp [phone]",
        "Kredit ohne Schufa {bis [nn].000 Euro|sofort}, jetzt {anmelden|bestellen}: [url]",
    ],
    "jobs": [
        "{I make|I am making} ${[nnn]|[n],[nnn]} {per week|a week|every day} working from home{.| on my laptop.} {Work from home|Make money online} like me: [url]",
        "{My friend|My neighbor}'s mother makes $[nn] an hour on the computer. She has been {without a job|fired} for [n] months but last month her check was ${[nn],[nnn]|[n],[nnn]} . {Click here|More details} ==> [url]",
        "Start earning ${[nn]|[nnn]} daily from home, easy money, {no skill needed|just copy and paste}! {Join us now|Join today}: [url]",
        "Earn money online {fast|every week} with {this|my} online job, {extra cash|my first paycheck was $[n],[nnn]} [url]",
    ],
    "goods": [
        "{Cheap jerseys|Replica Rolex|Louis Vuitton bags|Ray Ban outlet}, {free shipping|70% off|best prices}: [url]",
        "{Buy|Order} {fake passports|fake ids|driver's license online|clone cards} {of all countries|with real chip}. {WhatsApp|Telegram} [phone]",
        "Wholesale price {shoes|watches|handbags}, discount code [word][nn], {shop now|buy now} [url]",
        "IPTV with [nn],000 channels, {cracked software|license keys} too, {cheap|lowest prices}: [url]",
    ],
    "miracles": [
        "I want to {thank|testify about} Dr {Ogbo|Wale|Zuma}, the great spell caster who {brought my ex back|helped me get my ex back} {in 48 hours|after [n] months}. {Contact him|Email him}: dr[word]@[host]",
        "Love spells, {black magic|lottery spells|voodoo} that work, WhatsApp [phone]",
        "Join the Illuminati {today|now} and become rich and famous, call [phone]",
        "{World famous|Best} astrologer in [city], {psychic readings|vashikaran}, {call now|contact us} [phone]",
    ],
    "link drops": [
        "[url]",
        "[url] [url]",
        "[url] [url] [url] [url]",
        "{look|see|here|wow|this} [url]",
        "{check this site|check it here|nice|cool} [url]",
        "[word] [word] [word] [url] [word] [url] [word] [url]",
        "https://bit.ly/[word][nnn]",
    ],
    "markup": [
        '<a href="http://[host]">{cheap|best|buy} [word] {shoes|pills|hotel}</a> {great|nice} {article|blog}',
        "[url=http://[host]][word] [word][/url] [url=http://[host]]{buy|order} [word][/url]",
        '{Thanks|Good}! <a href="https://[host]/[word]" target="_blank">[word] {deals|service|online}</a>',
        "[link=http://[host]]{visit|see}[/link] {really|very} {useful|helpful} <a href=http://[host]>x</a>",
    ],
    "foreign": [
        "{Лучшее|Топ} онлайн казино {с бонусом|без регистрации}, {заходите|переходите}: [url]",
        "{Купить диплом|Курсовые на заказ|Диплом на заказ} недорого, {пишите|звоните} [phone]",
        "{Заработок в интернете|Пассивный доход} от [nn]000 рублей в день, {подробнее|регистрируйся} [url]",
        "{Займ на карту|Кредит без справок} {онлайн|за 5 минут} [url]",
        "{娱乐城|博彩|彩票}{注册送|优惠}[nn]元 [url]",
        "代开发票 {加微信|微信}: [word][nnn]",
        "{온라인 |}카지노 바카라 {무료 |}가입 [url]",
        "{オンラインカジノ|副業}で{無料|簡単}登録 [url]",
        "สล็อต บาคาร่า {สมัคร|ฟรี} [url]",
        "{كازينو|ربح} {مجانا|المال} اضغط هنا [url]",
        "{Préstamo rápido|Apuestas online} {sin papeles|ahora}, haz clic [url]",
        "Prêt entre particuliers {rapide|sérieux}, {écrivez à|contact} [word]@[host]",
    ],
    "praise": [
        "{Great post|Nice post|Awesome post}! {Very informative|So informative|Really informative}, keep up the {good|great} work. I have bookmarked {your site|your blog|this website} {and will come back|for later}.",
        "I {stumbled upon|stumbled across} your {blog|website} {while searching for this|on yahoo}, and I must say {the quality content|your way of writing} is {superb|fantastic|awesome}. {Looking forward to|Waiting for} your next post!",
        "{Hello there|Hey there|Howdy}! This post couldn't be written any better! {Reading|Going over} this post reminds me of my previous roommate. I'll {forward|send} this {post|web page} to him. {Many thanks|Thanks a lot} for sharing!",
        "What theme are you using on your {blog|weblog|website}? It loads fast {for me|on my phone}. {I'm impressed|Really impressed}! Any tips for {aspiring bloggers|a start}? {I want to start my own|I plan to start a blog}.",
        "{Wow|Hi}, {amazing|wonderful} blog layout! How long have you been {blogging|running a blog} for? You make {blogging|it} look easy. The {overall look|design and style} of your site is {magnificent|excellent}, {as well as|let alone} the content!",
        "I was able to find {good info|useful information|valuable information} from your {blog posts|articles}. {Exactly what I was looking for|It is what I was looking for}, thanks for posting. {I'll bookmark|Bookmarked} your website.",
        "Your {web site|webpage} {came up|appears} {off the screen in Internet explorer|with a browser compatibility issue}. I just wanted to {post|let you know}. The {layout|design and style} look great though! {Kudos|Cheers}",
        "{Hi|Hello} admin, {this paragraph|this piece of writing} is {fastidious|really nice}, and {my friends|my sister} {is analyzing|read} such {topics|things}, so I am going to {tell|let know} her. Your blog {rocks|is great}.",
        "I simply want to say {your post|this post} is {excellent|amazing}. {Useful info|Helpful information}. {Lucky me|Fortunately} I {found your|discovered your} {site|website} {by accident|unintentionally}, I {bookmarked|have book marked} it.",
    ],
    "praise with a keyword": [
        "{Great|Nice|Good} {article|post}, {thanks for sharing|thank you for sharing|keep it up}!",
        "{Very|Really|So} {informative|useful|helpful}{, thank you.|. Thanks!}",
        "{Wonderful|Amazing|Superb} {work|article}, {I really enjoyed|I enjoyed} reading {it|this}.",
        "{Thank you|Thanks} for {this|the} {great insight|useful article}, {I learned a lot|well written}.",
    ],
    "disguised": [
        "Buy сheap viаgra аnd ciаlis {online|here}: [url]",
        "V1agra and c1al1s, {order|buy} {now|today} at [word][nn][.]com",
        "C A S I N O  B O N U S {free|today} at [word][nn] dot com",
        "𝗕𝗲𝘀𝘁 𝗼𝗻𝗹𝗶𝗻𝗲 𝗰𝗮𝘀𝗶𝗻𝗼 {𝗯𝗼𝗻𝘂𝘀|𝗳𝗿𝗲𝗲 𝘀𝗽𝗶𝗻𝘀} [url]",
        "ɢᴇᴛ ғʀᴇᴇ ʙɪᴛᴄᴏɪɴ {ɴᴏᴡ|ᴛᴏᴅᴀʏ} [url]",
        "Ореn thіs for {hоt gіrls|рrоfіts}: hxxp://[host]",
        "Get f0ll0wers and backl1nks {cheap|fast} (dot) see [word](dot)com",
    ],
}
KEYWORDS = (
    "{Best Casino Bonus|Cheap Viagra Online|SEO Expert [city]|Buy Followers|Online Casino|Essay Writing Service|"
    "Payday Loans|www.[host]|https://[host]|Louis Vuitton Outlet|Forex Trading|Escorts [city]|Buy Backlinks}"
)
COPIED = [
    "Did you know that the [word] government hides this from you? The whole truth about it was told by [first] [last] last year and nobody has answered a single question, so tell everybody you know before they delete it again.",
    "The [word] mattress of [city] has changed how my family sleeps, and after [n] nights I can tell you that nothing else comes near it. Ask for it by its name.",
    "Finally somebody in [city] who repairs every kind of [word] phone within an hour, they even came to my house on a Sunday. I will never go anywhere else with mine.",
]


def samples(count: int = 2000) -> list[Sample]:
    spinner = Spinner(41, SLOTS)
    each = count // (len(KINDS) + 1)
    made = []
    for kind, templates in KINDS.items():
        made += spinner.samples(kind, templates, each, KEYWORDS if kind == "praise with a keyword" else "[person]")
    return made + _copies(spinner, count - len(made))


def _copies(spinner: Spinner, count: int) -> list[Sample]:
    """Texts that no rule could know, sent again and again by invented people: all but the first can be seen."""
    texts = [spinner.spin(template) for template in COPIED]
    return [
        Sample("copies", spinner.spin("[person]"), texts[number % len(texts)], f"copy{number}@mail.example")
        for number in range(count)
    ]
