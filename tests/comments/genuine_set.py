# ruff: noqa: E501 - a template is one line, however long
"""
Two thousand comments as readers write them, written by us: short and long, angry and kind, in several languages, with
links, numbers and capitals, and about the very things that spam is about. Every writer is new to the site.
"""

from tests.comments.spinning import Sample, Spinner

ARTICLES = [
    (
        "The port that nobody wanted",
        "Why the council sold the harbour, and what it got for it.",
        "<p>In March the council sold the port to a company from Trieste that had never owned a ship. The contract has "
        "nineteen pages; the budget for the new harbour road has four hundred. The mayor calls the sale a rescue. The port "
        "authority, asked for the second report, sent a letter instead, and the auditors found that the figures of the "
        "tender had been changed twice. Two members of the board resigned; the committee that should have voted never "
        "met. Dockers, landlords and the ministry each tell another story of the waterfront, its offices and its debts, "
        "and a lawyer for the opposition says that the documents were signed before anybody had read them.</p>",
    ),
    (
        "Casino licences: who was paid",
        "Six councillors and one lobbyist, in their own letters.",
        "<p>The licence took nine weeks. Other businesses wait years for the regulator, says a baker whose terrace was "
        "refused. The letters show dinners, a consultant and a contract for advice that nobody can find. The council voted "
        "in June; the audit came later, and the mayor’s office has never published it. Gambling brings taxes, says the "
        "committee, and the ministry’s report says it brings debts. The budget for advertising near schools was signed by "
        "the same board. Three councillors deny everything, two do not answer and one asks whether the tender was legal.</p>",
    ),
    (
        "What the crypto lenders owe",
        "Depositors in three countries wait for their savings.",
        "<p>They were promised guaranteed interest, in a letter with the regulator’s emblem. Now a court must decide "
        "whether depositors are creditors or investors. The ministry knew of the second report, the auditors signed, and "
        "the board had its bonus. A nurse lost what she had saved for a house; a teacher borrowed from a payday lender to "
        "pay the rent. The contract is governed by the law of an island. What the budget of the company was, whether its "
        "figures were ever checked, and why the committee of parliament heard nobody, the documents do not say.</p>",
    ),
    (
        "A hospital on paper",
        "The ministry paid twice for a clinic without doctors.",
        "<p>There is a sign, a fence and a website, but no hospital. The ministry paid for the building in 2019 and, after "
        "another tender, in 2022. The audit of the region calls it an accounting error. Doctors and nurses were hired and "
        "let go, the pharmacy was never licensed, patients travel to the next town for their prescriptions. The contract "
        "names a company whose office is a letter box. The council’s committee asked for the report and was given a "
        "summary; the board of the clinic has met once. The minister says the budget is a matter for the auditors.</p>",
    ),
    (
        "Rent, and who sets it",
        "Landlords share their prices through one company’s program.",
        "<p>Tenants in four towns found that their rents rose in the same month by the same share. Their landlords use one "
        "program, sold by one company, that knows what every flat in the street brings. The regulator opened a case, the "
        "ministry a committee. A report to the council was withdrawn before the vote on the budget. The contract forbids "
        "landlords to talk about it. Students, nurses and families move to the edge of the city; the mayor promises "
        "buses. Is it a market or a cartel? The audit that should tell was ordered from the program’s own auditors.</p>",
    ),
]

SLOTS = {
    "first": [
        "Anna",
        "Tom",
        "Judith",
        "Ravi",
        "Helen",
        "Marek",
        "Sofie",
        "Yusuf",
        "Clare",
        "Ben",
        "Ingrid",
        "Paolo",
        "Mehmet",
        "Ewa",
        "Liam",
        "Noor",
    ],
    "last": [
        "Baker",
        "Nowak",
        "Hughes",
        "Rossi",
        "Kaya",
        "Lindqvist",
        "O'Brien",
        "Patel",
        "Schmidt",
        "Moreau",
        "Fischer",
        "Novák",
        "Haddad",
    ],
    "name": [
        "[first]",
        "[first] [last]",
        "[first] [last]",
        "[first] from [place]",
        "[last][nn]",
        "a reader",
        "Dr [last]",
    ],
    "place": [
        "Leeds",
        "Gdańsk",
        "Porto",
        "Izmir",
        "Lyon",
        "Hull",
        "Bergen",
        "Trieste",
        "Cork",
        "Graz",
        "Varna",
        "Ghent",
    ],
    "month": ["January", "February", "March", "April", "May", "June", "July", "September", "October", "November"],
    "body": [
        "the council",
        "the ministry",
        "the board",
        "the port authority",
        "the regulator",
        "our mayor",
        "the committee",
    ],
    "thing": [
        "the contract",
        "the second report",
        "the budget",
        "the audit",
        "the tender",
        "the vote in [month]",
        "the letter",
    ],
    "claim": [
        "[body] knew about [thing] {months|a year|weeks} before",
        "nobody at [body] has read [thing]",
        "[thing] was never {published|debated|signed}",
        "[body] paid for [thing] twice",
        "the figures in [thing] do not add up",
    ],
    "paper": [
        "https://www.gov.example/reports/20[nn]/[nnn].pdf",
        "https://www.bbc.co.uk/news/uk-[nnn][nnn]",
        "https://en.wikipedia.org/wiki/Port_of_[place]",
        "https://data.example.org/tender/[nnn]",
        "https://www.theguardian.com/politics/2026/may/[nn]/harbour-sale",
        "https://eur-lex.europa.eu/eli/reg/20[nn]/[nnn]",
        "www.parliament.uk/committee/[nnn]",
        "https://www.nytimes.com/2026/03/[nn]/business/rent.html",
    ],
    "tail": [
        "I kept my copy from 20[nn].",
        "A friend in [place] sent it to me.",
        "It took me [nn] minutes to find.",
        "Ask [first] [last], who was there.",
        "In [place] they say so too.",
        "I have asked [body] about it, [n] times.",
        "My own guess is that [claim].",
        "That was before [thing].",
        "[first] [last] said so in [month].",
        "Some of us in [place] remember.",
        "I only noticed because of [thing].",
        "So much for [thing].",
    ],
    "close": [
        "",
        "",
        "",
        " Thank you.",
        " Just saying.",
        " Shame.",
        " {Am I wrong|Or did I miss something}?",
        " Keep asking.",
    ],
}

KINDS = {
    "short": [
        "{Exactly|Quite right|Hear, hear|True|Well said|Agreed|This|Same here|Not true|Nonsense|I doubt it|Sad but true}{.|!|}",
        "{Finally someone says it|About time|Who would have thought|So it goes|I knew it|Same in [place]}{.|…|!}",
        "{Thank you|Thanks} for {this|writing this|staying on this story}{.|!}",
        "{Great|Excellent|Good|Important} {article|reporting|work|piece}{.|, thank you.|!| - more of this please.}",
        "{And|So} who {paid|signed|benefits}?",
    ],
    "argument": [
        "I do not think [claim]. I worked {with|for} [body] for [nn] years, and {in my time|back then} every page of it was {read twice|checked}.[close]",
        "The article says [claim], and I have no reason to doubt it. But {what follows from it|who is going to do anything about it}? {In [place]|Here} we had the same in 20[nn], and {nothing came of it|two people resigned and were back within a year}.[close]",
        "{With respect|Sorry}, this is {too simple|one side of it}. {Yes|Granted}, [claim]. {But|Still,} somebody has to {run the place|pay for it}, and the alternative was {closing|selling} everything by [month].[close]",
        "If [claim], then {I would like to know|the obvious question is} why the {auditors|opposition|papers} said nothing {until|before} [month].[close]",
        "{My father|My sister|A colleague|My neighbour} {sat on|works for} [body]. {She|He} says [claim], and that {everybody in the building|half of [place]} knew.[close]",
        "What struck me is not that [claim] but that {it took [n] years|nobody was surprised}. We have got used to it.[close]",
    ],
    "long": [
        "[claim]: that is the sentence I read three times. I have lived in [place] since 19[nn] and I have seen [n] plans for the waterfront come and go.\n\nThe first was a {marina|market hall}, which cost [nn] million and never opened. The second was {flats|offices}, half of them empty to this day. Each time there were {consultants|experts} and a {glossy brochure|website} full of happy people with {shopping bags|bicycles}, and each time the company in question was gone when the {bill|invoice} came.\n\nSo forgive me if I do not {cheer|applaud}. What I would like to see is {a list of who voted how|the contract itself}, in full, {before|not after} the election.[close]",
        "Three remarks, as somebody who {teaches accounting|has read [nnn] tenders} for a living.\n\n1. The {sum|figure} of [nn].[n] million is before tax. After tax it is nearer [nn].\n2. [claim]. That alone {would be|is} a reason to start again.\n3. A guarantee is not {income|a payment}; it is free until the day it is not.\n\nI would {be glad|like} to be corrected. {The piece is otherwise|Otherwise this is} well written and I learned a lot.",
        "We were one of the families. My husband lost his job in [month], the landlord {raised|put up} the rent from $[nnn] to $1,[nnn] per month, and the {website|office} that was supposed to help {kept crashing|never answered}. We phoned every day for [n] weeks. When I read that [claim], I had to {put the phone down|go for a walk}. It is not about {money|the money} alone. It is that {nobody ever looks you in the eye|you are a number to them}.",
    ],
    "angry": [
        "{Disgusting|Disgraceful|Unbelievable|A scandal}!! [claim] and {they|these people} {still get their bonus|are still in office}!!! {Resign|Out|Enough}!",
        "WHAT A JOKE. THEY TAKE OUR MONEY AND LAUGH ABOUT IT",
        "{THIS IS NOT JOURNALISM, THIS IS A CAMPAIGN AGAINST ONE MAN|I PAID TAXES FOR [nn] YEARS AND THIS IS WHAT I GET FOR IT}",
        "{Liars|Crooks|Cowards}, the {lot|whole lot} of them. [claim]{.|!!} And you {lot|journalists} are {no better|asleep}.",
        "You {clearly|obviously} have not {understood|read} [thing]. {Stupid|Lazy|Biased} piece. {Cancel my|I will cancel my} {support|subscription}.",
        "Sex, money and power: that is all [body] {cares|thinks} about. {Pathetic|Shameful}.",
    ],
    "question": [
        'Does anybody know {when|whether} [thing] will be {published|on the agenda}? {I could not find it on their website.|The council\'s website only says "soon".}',
        "{Question for the author|One question}: is it {certain|confirmed} that [claim]? {And by whom?|What is the source?}",
        "How is this {legal|possible}? {In [place]|Elsewhere} they would {be in court|have to publish it}.",
        "Where can I {read|download|get} [thing]? {A link would help.|Is it online?} [tail]",
    ],
    "correction": [
        "Small correction: {the second paragraph|the caption} says 20[nn], but [thing] was in 20[nn]. {Otherwise a fine piece.|} [tail]",
        "It is {[last]|[place]}, not {[last]|[place]}. {Please fix.|You may want to correct that.} [tail]",
        '{Typo|Error} in the {standfirst|third paragraph}: "[body] have" should be "[body] has". {Sorry, I can\'t help it.|} [tail]',
    ],
    "one link": [
        "The {figures|original numbers} are {here|public}: [paper] - see page [nn], where it says that [claim]. [tail]",
        "[paper] says the opposite, namely that [claim]. {Have you seen it?|Who is right?} [tail]",
        "For those who want to read [thing] {in full|themselves}: [paper]. It is {long|dry} but {worth it|clear enough}. [tail]",
        "{This|The same} was reported {last year|in [month]} already ([paper]), and {nobody listened|then forgotten}. [tail]",
    ],
    "two links": [
        "Compare [paper] with [paper] and {judge for yourself|you will see that [claim]}. {They cannot both be right.|} [tail] [close]",
        "There are two {reports|sources} on this. One is [paper], the other [paper]; the {second|first} mentions [thing] {on page [nn]|in a footnote}, and it is clear that [claim].",
    ],
    "quote": [
        "> [claim]\n\n{That is simply not true|Says who}? {I was there|I have the minutes in front of me}, and {it was|they were} read out {twice|in full}. [tail]",
        "> {Nobody could have known|It was a mistake|We followed the rules}\n\n{They always say that|Of course they say so}. [claim], so {somebody knew|who is surprised}. [tail]",
        "@[first] {you are right about|I agree on} [thing], but not {about the rest|on the money}. [claim].",
        "{To|Answering} [first] [last]: {no|yes}, [claim], and {that is the point|it says so in the article}.",
    ],
    "trades in the news": [
        "The casino {was promised|got} a licence in [n] weeks. My {bakery|pub} waited [nn] months for a {sign|terrace}. [claim]. Who gambles here, and with whose money?",
        'I had ${[n],[nnn]|[nn],000} in crypto with that lender. I knew it was a risk, but "guaranteed" was the word in their letter, and now [body] says we are unsecured {creditors|investors}. Bitcoin was not the problem; people were.',
        "My doctor {stopped|changed} my {pills|prescription} because the pharmacy could not get them. [claim], and the supplement shops do the rest. Diet pills should be {banned|sold by doctors only}.",
        "Payday lenders are {a plague|legal robbery}. My {brother|son} took a loan of $[nnn] and owed three times that by [month]. Why does [body] still let them advertise {near|beside} schools?",
        "As a {teacher|lecturer} I get essays that were {bought|written by a machine} every week. Students pay for them because the fees leave no time to study. [claim].",
        "Professional SEO people wrote half of what I find {online|on the web} about this. It is {good|a relief} to read somebody who made phone calls. [claim].",
        "{Dating apps|Betting firms} {make|earn} money from {lonely|desperate} people, and [body] calls it an industry. {Girls in my class|My students} talk about nothing else.",
        "The landlords' company sells a program that tells them to {raise|increase} rents by [n]% each month. Profit first. {A website|An app} sets the price of {my home|where I live}.",
        "{Cheap|Free} buses were promised by [month]. We got an expert, a marketing agency and a new logo for {[nnn],000 euros|$[nnn],000}. {Best deal ever!|Bravo.}",
    ],
    "contacts that are public": [
        "The ombudsman takes complaints by phone, {0800 [nnn] [nnn]|on 020 7[nnn] [nnn][n]}, {weekdays only|mornings}. I {waited [nn] minutes|got through at once}, but they do listen. [claim].",
        "I wrote to {press@ministry.example|office@council.example} in [month] and never had an answer. {Perhaps|Maybe} others are luckier. [claim].",
        "{Anyone|Whoever} {was|else is} in the same position: the tenants' union meets on the [n]th at the library in [place], {come along|bring your letters}. No fee, no party. [tail]",
    ],
    "kind": [
        "{Thank you|Many thanks} to {the author|[first] [last]} for {staying|sticking} with this story{.| since [month].} I have {supported|read} you {from the start|for [n] years} and {this is why|pieces like this are why}.",
        "{Wonderful|Great|Excellent|Superb} reporting. I had {no idea|never heard} that [claim]. {I have just become a backer.|I will share this with my colleagues.}",
        "I {rarely|hardly ever} comment, but this is {very|really} well written, and {fair to both sides|the graphs are excellent}. {Thank you for sharing the documents.|} [tail]",
        "This made my {morning|week}{, thank you!| 😀} {My late mother would have loved it.|We read it aloud at breakfast.}",
    ],
    "headline in capitals": [
        '"PORT SOLD FOR A SONG" was the headline in {the local paper|the Echo} in 20[nn]. {Nobody believed it.|We laughed.} Now [claim].',
        "Their poster said A NEW HARBOUR FOR [place]. {Nothing|Not a stone} was {built|moved}. [claim].",
    ],
    "other Latin languages": [
        "{Danke|Vielen Dank} für {den Artikel|diese Recherche}. Ich habe selbst {in der Verwaltung|im Hafen} gearbeitet, und so war es {leider|tatsächlich}, {im [n]. Jahr|in [place]|bei [first] [last]}: jetzt will es keiner gewesen sein.",
        "Das stimmt so nicht ganz. Der Vertrag wurde erst {im März|20[nn]} {unterschrieben|veröffentlicht}, in [place], und zwar von beiden Seiten. Wer es nachlesen will, findet ihn im Amtsblatt.",
        "{Merci|Bravo} pour cet article. {Chez nous|À [place]}, la mairie a fait exactement la même chose, et personne n'a {démissionné|répondu}. On attend encore le rapport de 20[nn].",
        "{Gracias|Excelente}. Vivo en [place] desde hace [nn] años y nunca {nos dijeron|supimos} nada de {esto|ese contrato} de 20[nn]. ¿Quién {pagó|firmó}?",
        "{Teşekkürler|Elinize sağlık}, çok önemli bir haber. {İzmir|Limanda} da aynı şey oldu, kimse hesap vermedi. [nn] yıldır bekliyoruz. Belgeleri yayımlamanız {iyi olmuş|çok doğru}.",
        "{Dziękuję|Dobry tekst}. W [place] było tak samo, {rada|prezydent} nic nie {wyjaśniła|powiedziała}, a [nn] milionów zniknęło.",
        "{Obrigado|Parabéns} pela reportagem. Trabalhei [n] anos no porto e {ninguém|nunca ninguém} nos perguntou nada. [place], 20[nn].",
        "{Grazie|Bell'articolo}. A [place] il comune ha fatto lo stesso, e {nessuno paga|paghiamo noi}, dal 20[nn].",
    ],
    "other scripts": [
        "{Спасибо за статью|Хорошая статья}. У нас в {городе|порту} было то же самое: {никто не ответил|все молчат}, а деньги, [nn] миллионов, {исчезли|ушли}.",
        "{Дякую|Важлива стаття}. {Порт|Лікарню} {продали|закрили} без жодного обговорення, [nn] років минуло, і ніхто не несе відповідальності.",
        "{شكرا على هذا المقال|مقال مهم}. حدث نفس الشيء في {مدينتنا|بلدنا} قبل [nn] سنة ولم يحاسب أحد حتى الآن.",
        "{Ευχαριστώ για το άρθρο|Σωστά τα λέτε}. Τα ίδια έγιναν και {στον Πειραιά|στο λιμάνι μας}, το 20[nn], και κανείς δεν πλήρωσε.",
        "{谢谢这篇文章|写得很好}。我们城市的{港口|医院}也发生过同样的事情，20[nn]年至今没有人负责。",
        "{とても良い記事です|勉強になりました}。私の{町|市}でも同じことが起きましたが、20[nn]年から誰も責任を取りませんでした。",
        "{बहुत अच्छा लेख|धन्यवाद}। हमारे शहर में भी यही हुआ 20[nn] में, और किसी ने जवाब नहीं दिया।",
    ],
    "emphasis and lists": [
        "*Who* signed it? *When*? {*For how much*?|*Why*?} **[claim]**, and that is {all we know|not enough}.",
        "What we know:\n- [claim]\n- {the mayor denies it|nobody denies it}\n- [thing] is {gone|missing}\nWhat we do not know: everything else.",
        "{😂😂|🤔|👏👏👏} {so [claim]|they really said that}{?|!|…}",
        "lol {ok|sure}, {so|and} [claim], {whatever|who cares anymore}",
    ],
}


def samples(count: int = 2000) -> list[Sample]:
    spinner = Spinner(42, SLOTS)
    each = count // len(KINDS)
    made = []
    for kind, templates in KINDS.items():
        made += spinner.samples(kind, templates, each, "[name]")
    return made + spinner.samples("argument", KINDS["argument"], count - len(made), "[name]")
