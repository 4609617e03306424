# ruff: noqa: E501 - a template is one line, however long
"""
Kinds of spam and of genuine comments that no word of the rules was chosen for. `SPAM` and `GENUINE` were written when
words and weights were fixed; what they showed led to one more rule (a way to answer, in words that have nothing to do
with the article). `LAST_SPAM` and `LAST_GENUINE` were written after that and measured once: the rules are as they were
before. Whoever changes the weights to suit them needs new ones.
"""

from tests.comments.genuine_set import SLOTS as READERS
from tests.comments.spam_set import SLOTS as ADVERTISERS
from tests.comments.spinning import Sample, Spinner

SPAM = {
    "inheritance": [
        "Dearest one, I am {Mrs|Barrister} [first] [last], {widow of a late oil merchant|lawyer to a deceased client} who left {USD [n].[n] million|a deposit of [nn] million} in a bank in [city]. I need a {honest|God fearing} partner to receive {this fund|the fund}. Reply to [word][nn]@[host] for the details.",
        "Congratulations, your email was {selected|drawn} in the [city] lottery and has won {$[nnn],000|[nnn],000 GBP}. To claim send your {name and phone|full name and bank} to claims@[host]",
    ],
    "films": [
        "Watch {the full movie|every episode} HD free {streaming|without ads} here ➡ [url]",
        "[Live] {Football|Boxing} stream tonight, {HD link|all matches}: [url]",
    ],
    "visas": [
        "Canada {work permit|immigration} and {student visa|PR} in [nn] days, {100% approval|no interview}. Our consultants in [city]: [phone]",
        "Get your {visa|residence permit} with us, ten years of experience, {free assessment|pay after visa}. [url]",
    ],
    "puppies": [
        "Adorable {Pomeranian|Yorkie|Golden retriever} puppies looking for a new home, {vaccinated|KC registered}, {price $[nnn]|only $[nnn]}. Text [phone]",
        "{African grey parrots|Teacup puppies} ready {now|for Christmas}, papers included, write to [word]pets@[host]",
    ],
    "phishing": [
        "Your {account|mailbox|parcel} {has been suspended|is on hold}. Verify your details within [nn] hours: [url]",
        "{Security alert|Final notice}: {confirm|update} your payment data at [url] or lose access",
    ],
    "support numbers": [
        "{HP printer|QuickBooks|Cash App|Norton} {support|customer care} number {USA|toll free} 1-8[nn]-[nnn]-[nnn][n], {24x7|round the clock} help",
        "{Delta|Emirates} {flight change|cancellation} helpline: [phone] - {talk to a live person|refunds in minutes}",
    ],
    "land": [
        "{Residential plots|Villas|Apartments} in [city] from {$[nn]k|[nn] lakh}, {sea view|gated community}, site visit free. [phone]",
        "New launch: [word] {Heights|Residency}, pre booking {open|closing}. Brochure at [url]",
    ],
    "subtle tools": [
        "I have been using [word][word] to {summarise the news|read long articles}, it {changed my mornings|saves me an hour}. {Worth a look|Recommended}: [url]",
        "Interesting read. We {wrote|published} a similar guide {about this|on our side}, with a free calculator: [url]",
    ],
    "lessons": [
        "Online Quran {classes|teacher} for kids and adults, {first lesson free|three trial days}. [url]",
        "Learn {digital art|Python|English} in [nn] days with our {academy|institute} in [city], {admissions open|call} [phone]",
    ],
    "nonsense": [
        "asdkj [word] qweoiu [nnn] zxmnc [url]",
        "[word] [word] [word] [word] xk[nn]j [word] [word] [word]",
    ],
    "books": [
        'My {novel|memoir} "The [word] River" is {out now|on Amazon}, five stars, you will {love|not put down} it: [url]',
        "Authors: we publish and promote your book {worldwide|in [nn] countries}, ask for our packages at [url]",
    ],
}

GENUINE = {
    "condolences": [
        "{So sorry to hear this|What sad news}. [first] was {my teacher|a colleague of mine} in [place] and the kindest person {I knew|in the building}. {Rest in peace|May she rest}, and {strength|love} to the family. ❤️",
        "{I met him|We met} in 20[nn], {at the library|on a train to [place]}. He talked about {boats|bees} for [n] hours. I will miss {his letters|him}.",
    ],
    "football": [
        "[n]-[n] at home and the chairman blames {the referee|the pitch}!!! {Sack him|Sell him}, and {while you are at it|please} ask who owns the {stadium|car park}. Up the {Reds|Blues}!!!",
        "{Best|Worst} game I saw since 19[nn]. The {keeper|left back} won it, {not the manager|whatever the papers say}. COME ON [place]!!",
    ],
    "cooking and gardens": [
        "{[nnn] g of flour|Two cups of flour}, [n] eggs, and {never|always} salt in the {dough|water}. My grandmother from [place] would {laugh|cry} at the minister's {bread|kitchen}. [claim], by the way.",
        "Tomatoes need {lime|warmth}, not {advice from [place]|subsidies}. [claim].",
    ],
    "notice": [
        "The {hearing|meeting} is on the [nn]th at {7 pm|18:30} in the town hall. Agenda: [paper]. {Bring questions|Come early}, the {room|hall} is small. [tail]",
        "There is a petition about this at https://petition.parliament.uk/petitions/[nnn][nnn], [nn],000 names so far. {Sign it or don't|I have signed}, but read it. [tail]",
    ],
    "law": [
        "Under Art. [nn](n) of the {Directive|Regulation} and § [nnn] of the Act, {a sale below value|state aid} {must be notified|is void}; see case C-[nnn]/[nn] and, in part, C-[nnn]/[nn]. {So [claim] or not, the sale cannot stand.|The council's lawyers know it.}",
        'IANAL, but "{without prejudice|subject to contract}" {means|does not mean} what the {mayor|letter} says. [paper] has the wording, section [n].[n]. [tail]',
    ],
    "whistleblowers": [
        "To the author: I worked on [thing] and have the {minutes|drafts}. Please {contact me|get in touch} at [first].[last]@posteo.example, I would rather not {say more here|use my real name}.",
        "If anybody from the {paper|newsroom} reads this: call me about [thing], [first] [last] has my number. I do not {trust|use} the phones at {work|the office}.",
    ],
    "computers": [
        "The site's search is {broken|slow} in Firefox 1[nn] on Debian; `Content-Security-Policy` blocks {your own script|the font}. Otherwise {it loads quickly|fine work}, and thanks for no trackers.",
        "They ran Windows Server 20[nn] with port 3389 open. Any hacker with a free afternoon could {walk in|get in}. [claim], and nobody patched it for [nn] months.",
    ],
    "verse and jokes": [
        "Sing a song of sixpence, a {harbour|hospital} full of {rye|debt},\n{four and twenty|[nn]} lawyers baked {in a pie|and no one asked why}.\n{The king was in his counting house|When the books were opened} … you know the rest.",
        "A {banker|mayor}, a {priest|broker} and a {landlord|journalist} walk into a bar. The {bar|bill} is {sold|paid by us}. {Sorry|I'll get my coat}.",
    ],
    "many pictures": [
        "Good morning from [place] ☀️☀️ {what a read|lovely piece} 👏👏👏👏 {my grandson|my daughter} showed me how to {comment|do this} 😊😊",
        "😡😡😡😡😡😡😡 {shame on them|again!}",
    ],
    "money and health": [
        "I earn $[nn] per hour as a nurse, my landlord takes [nn]% of it, and {the dentist|the pharmacy} the rest. Free {buses|school meals} would be a {better deal|good start}.",
        "The pills cost {$[nnn]|€[nn]} a month here and a tenth of that in [place]. {Insulin|My inhaler} is not a luxury brand! [claim].",
        "If you are in {a dark place|debt} because of this: the {Samaritans|helpline} are on 116 123, free, day and night. {It helped me|Please call them}. [tail]",
    ],
}


LAST_SPAM = {
    "magnets": [
        "These {copper|magnetic} bracelets took my {arthritis|migraine} away in [nn] days, I was sceptical as well. They are sold at [url]",
        "Doctors hate it: one {leaf|spice} and your {blood sugar|tinnitus} is normal. The video is at [url]",
    ],
    "votes for sale": [
        "We write reviews for your {restaurant|app|clinic}, [nn] stars in a day, no bans so far. Ask [word][nn]@[host]",
        "Need {ratings|upvotes}? Real accounts, {aged|verified}. [url]",
    ],
    "cars": [
        "Sell your car in [city] today, we collect {anywhere|free of charge}, cash on the spot. [phone]",
        "{Rent|Lease} a {BMW|van} from $[nn], {no deposit|full insurance}, airport pick up: [url]",
    ],
    "solar": [
        "Homeowners in [city] {qualify|are eligible} for solar panels at no cost. See if {yours|your roof} does: [url]",
        "Cut your {energy|water} bill by [nn]% with this small device: [url]",
    ],
    "surveys": [
        "Take a {two|five} minute survey and receive a {voucher|phone}, today's winners are from [city]: [url]",
        "You are visitor [nnn],[nnn]! {Claim|Collect} your {iPhone|prize} at [url]",
    ],
    "recruiting": [
        "Our {warehouse|cruise line} in [city] hires {men and women|students}, {passport|no papers} needed, salary [n],[nnn]. Write to hr@[host]",
        "{Models|Actresses} wanted, [nn] to [nn] years, {no experience|photos} please, to casting[nn]@[host]",
    ],
    "prophets": [
        "Pastor [first] [last] prophesied {this war|this election} in 20[nn]. Hear what he says of {your month|the end}: [url]",
        "There is a {secret|code} in scripture that opens {every door|any lock}. I teach it, {no charge|first week free}: [phone]",
    ],
    "words alone": [
        "{Sofas|Curtains} [city], {sofas|curtains} near [city], {leather sofas|blackout curtains} [city], {sofa|curtain} maker [city]",
        "{Everybody|All} should look up [word][nn] [word] on the web, it {changed everything|pays by itself}.",
    ],
}

LAST_GENUINE = {
    "school": [
        "My {daughter|son} had [n] maths teachers in one year. The {school|head} says there are none to be had in [place]. I {teach|help} at home now, with a book from 19[nn].",
        "Pupils from [place] made a {film|map} of all this: https://www.school-[place].example/project. {Watch it|It is better than the council's}.",
    ],
    "trains": [
        "The [n]:[nn] from [place] was cancelled {again|for the [n]th time}. Refund form: eleven pages. {I counted|No joke}.",
        "{Nationalise it|Sell it}, {I don't care|whatever}, but make it {run on time|stop in [place]}!",
    ],
    "language": [
        '"Impact" is not a verb. {Nor is "task".|Please.} {Thank you for listening.|Yours, a pedant from [place].}',
        'The word you want is {"comprise"|"uninterested"}. My {Latin|English} teacher, [last], would have had {a fit|you stay behind}.',
    ],
    "sources": [
        "I keep a {spreadsheet|list} of all the {payments|votes} since 20[nn]: https://[last]-archive.example/payments. Corrections welcome. [tail]",
        "The {minutes|drawings} are in the county archive, shelf [nnn]/[nn]. {Bring a pencil|No photographs}. [claim].",
    ],
    "thanks and money": [
        "I {gave|sent} [nn] euros last {quarter|month} because of {this series|pieces like this}. {Please keep it free for others.|It is not much.}",
        'How do I {change my card|cancel}? The page {says|tells me} "pledge not found". {Sorry to ask here.|I found no telephone number.}',
    ],
    "disagreeing about words": [
        "You call it a {riot|protest}. I was there with my {mother|children}; it was {a picnic|a queue} until {the police|the horses} came. [tail]",
        "> It was a riot\n\n{Was it?|By whose count?} I saw [nn] people and [n] dogs.",
    ],
    "dreams and weather": [
        "{Rain|Fog} again in [place]. The {gulls|swans} have moved into the {new terminal|car park}, at least somebody uses it. 🐦",
        "I dreamt of {the old ferry|my uncle's boat} after reading this. {Odd, I know.|It was green.}",
    ],
    "numbers": [
        "[nn].[n] million / [n],[nnn] households = roughly €[n],[nnn] each. {For what?|Over [nn] years, at [n]%, double that.}",
        "Turnout was [nn].[n]%, in our ward [nn]%. [claim], {and nobody votes|so why vote}?",
    ],
}


def spam(count: int = 400) -> list[Sample]:
    return _spread(Spinner(43, ADVERTISERS), SPAM, count, "[person]")


def genuine(count: int = 400) -> list[Sample]:
    return _spread(Spinner(44, READERS), GENUINE, count, "[name]")


def last_spam(count: int = 400) -> list[Sample]:
    return _spread(Spinner(45, ADVERTISERS), LAST_SPAM, count, "[person]")


def last_genuine(count: int = 400) -> list[Sample]:
    return _spread(Spinner(46, READERS), LAST_GENUINE, count, "[name]")


def _spread(spinner: Spinner, kinds: dict[str, list[str]], count: int, names: str) -> list[Sample]:
    each = count // len(kinds) + 1
    made = [sample for kind, templates in kinds.items() for sample in spinner.samples(kind, templates, each, names)]
    return made[:count]
