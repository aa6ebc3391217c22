"""The words of descent and religion, of insult and of calls to violence, as parts of patterns on flat text."""

from __future__ import annotations

PERSON = (
    r"(?:man|mannen|vrouw|vrouwen|jongen|jongens|meisje|meisjes|jongeren|gast|gasten|kerel|kerels|vent|gozer|gozers"
    r"|types?|figuur|figuren|persoon|personen|mensen|lui|dude|dudes|guys?|m[ae]n|wom[ae]n|males?|females?|boys?"
    r"|girls?|kids?|people|persons?|youths?|teenagers?|lads?|individuals?|couple|stel|familie|family|inbrekers?|dief"
    r"|dieven|thief|thieves)"
)
ADJECTIVES = (
    r"marokkaanse?|turkse?|antilliaanse?|surinaamse?|poolse?|roemeense?|bulgaarse?|syrische?|somalische?|eritrese?"
    r"|oost-?europese?|noord-?afrikaanse?|zuid-?amerikaanse?|afrikaanse?|arabische?|aziatische?|chinese?"
    r"|islamitische?|joodse?|hindoestaanse?|buitenlandse?|allochtone?|niet-?westerse?|negroide|gekleurde|indische"
    r"|pakistaanse?|koerdische?|afghaanse?|iraanse?|iraakse?|oekraiense|molukse|kaapverdiaanse?|roma|(?:licht ?"
    r"|donker ?)?getinte?|moroccan|turkish|antillean|romanian|bulgarian|syrian|somali|eastern[- ]european"
    r"|north[- ]african|african|arab|arabic|asian|hispanic|latino|muslim|islamic|jewish|foreign|gypsy|gipsy"
    r"|middle[- ]eastern|pakistani|indian|kurdish|afghan|ukrainian|sinti"
    r"|dark[- ]skinned|brown[- ]skinned|coloured|immigrant"
)
NOUNS = (
    r"marokkaan|turk|antilliaan|surinamer|roemeen|bulgaar|syrier|somalier|oost-?europeaan|noord-?afrikaan|afrikaan"
    r"|arabier|aziaat|chinees|moslim|jood|zigeuner|buitenlander|allochtoon|asielzoeker|vluchteling|neger|molukker"
    r"|koerd|afghaan|oekrainer|eritreeer|pakistaan|mocro|kleurling|moslima|islamiet|statushouder|illegaal|migrant"
    r"|azc-?er|oostblokker|marokkaantje|foreigner|immigrant|refugee|asylum seeker|jew"
)
PLURALS = (
    r"marokkanen|marokkaantjes|turken|antillianen|surinamers|roemenen|bulgaren|syriers|somaliers|oost-?europeanen"
    r"|noord-?afrikanen|afrikanen|arabieren|aziaten|chinezen|moslims|joden|zigeuners|buitenlanders|allochtonen"
    r"|asielzoekers|vluchtelingen|negers|molukkers|koerden|afghanen|oekrainers|eritreeers|pakistanen|mocro'?s"
    r"|kleurlingen|moslima'?s|islamieten|statushouders|illegalen|migranten|azc-?ers|oostblokkers|eastern[- ]europeans"
    r"|migrants|moroccans|turks|romanians|bulgarians|arabs|asians|africans|muslims|jews"
    r"|gypsies|gipsies|foreigners|immigrants|refugees|asylum seekers"
)
SKIN = (
    r"(?:,? ?(?:met |with )?(?:een |a |an )?(?:donkere|zwarte|getinte|bruine|lichte|blanke|dark|black|brown"
    r"|white) (?:huid|huidskleur|huidkleur|skin|complexion)(?: colou?r)?|(?:met |with )?(?:een |a "
    r"|an )?(?:buitenlands|getint|noord-?afrikaans|oost-?europees|foreign) (?:uiterlijk|looks?)|van (?:buitenlandse"
    r"|marokkaanse|turkse|poolse|afrikaanse|noord-?afrikaanse|oost-?europese) (?:afkomst|komaf)"
    r"|(?:met |in |with |wearing )?(?:een |a |an )?(?:hoofddoek(?:je|en)?|boerka|burka|nikab|niqab|hijab|djellaba"
    r"|keppel(?:tje)?|tulband|turban|kleurtje|headscarf))"
)
#: What may come from somewhere without anybody being judged by it.
THINGS = (
    r"(?:kenteken\w*|nummerplaat|platen?|plates?|numberplates?|license|licence|winkel\w*|supermarkt|restaurant|pizza\w*"
    r"|keuken|thee|markt|bakker\w*|slager\w*|moskee|kerk|school|shop|store|church|mosque|synagogue|food|vrachtwagen\w*"
    r"|auto|autos|auto's|bus|busje|bestelbus\w*|wagen|stationwagen|vlag|car|van|truck|lorry|vehicle|registered|accent"
    r"|taal|language|speaking|sprekend|sprekende|embassy|ambassade)"
)

SWEARING = (
    r"kut|k\*t|kanker|tering|tyfus|tyfes|pleuris|klere|klote|godver\w*|verdomde|verrekte|achterlijke?|fuckin?g?"
    r"|f[*.]?c?king|bloody|goddamn|vieze|vuile|smerige?|filthy|dirty|stinking"
)
#: A curse also before nothing at all; and before what is loud or in the way ("kanker" alone is an illness).
CURSES = (
    r"(?:kut|k\*t|klote|klere|f[*.]?c?king|fucking|godver\w*|verdomde)(?=\s|$|[.,!?])"
    r"|(?:kanker|tering|tyfus|pleuris)(?= ?(?:auto|scooter|herrie|zooi|lawaai|muziek|vuurwerk|bende))"
)
INSULTS = (
    r"klootzak(?:ken)?|hoer(?:en)?|hoerenzo(?:on|nen)|lul(?:len)?|eikels?|mongool|mongolen|tuig|gajes|schorem"
    r"|gespuis|uitschot|schoft(?:en)?|rotzak(?:ken)?|smeerlap(?:pen)?|debiel(?:en)?|idioot(?! veel| hard)|idioten"
    r"|flikkers?|homo's|mietjes?|(?:tering|kanker|tyfus|klere|pleuris)(?:lijers?|hond(?:en)?)|mafkees|mafkezen"
    r"|sukkels?|trut(?:ten)?|teef|teven|aso's|tokkies?|uitvreters?|parasiet(?:en)?|junk(?:ie)?s?"
    r"|kutwij(?:f|ven)|assholes?|a\*+holes?|bastards?|scum|bitch(?:es)?|fuckers?|motherfuckers?|retards?|idiots?|thugs?"
    r"|wankers?|cunts?|pricks?|dickheads?|morons?|scumbags?|lowlifes?|niggers?|kutmarok\w*|kankermarok\w*|wijf|wijven"
    r"|crackheads?|pieces? of shit|sons? of a bitch"
)
#: With a curse before it this is meant for people; alone it is an animal, or nothing bad.
CURSED = r"gek|gekken|rat|ratten|volk|kind|kinderen|hond|honden|varken|varkens|pig|pigs|rats?|dogs?"

THEM = (
    r"(?:hem|haar|ze|hen|hun|die (?:\w+ )?(?:gast|gasten|vent|gozer|gozers|kerel|kerels|dief|dieven|lui|mannen"
    r"|jongens|man|inbrekers?|types?)|dat tuig|het tuig|him|her|them|that (?:guy|man|bastard)|those (?:guys|men|kids"
    r"|people|bastards))"
)
_LET_US = (
    r"(?:laten we|zullen we|kom op|kom|jullie|iedereen|(?:we|wij) (?:moeten|gaan|zullen)|erop af|erheen"
    r"|let's|lets|let us|we should|we must|we'll|everyone|go|please)"
)
#: What is only ever said as a call, and what may as well describe what somebody is doing to another.
_CATCH = (
    r"(?:pakken|grijpen|opwachten|afmaken|vermoorden|lynchen|klemrijden|aftuigen|afrossen|uitroken|ophangen|afschieten"
    r"|afknallen)"
)
_HURT = rf"(?:{_CATCH}|slaan|schoppen|trappen|rammen|neerslaan|klappen geven)"
_BODY = r"(?:benen|poten|nek|botten|bek|kop|smoel|handen|legs|neck|face|head|knees|arms)"
_BATS = r"(?:een |a )?(?:honkbal)?(?:knuppels?|bats?|baseball bats?)"
_STOP = r"(?=\s*(?:[.,!?;]|$))"
CALLS = (
    rf"(?:opsporen en \w+|(?:pak|grijp|sla|schop|ram|trap|beuk|schiet|knal|maak|hang|steek|lynch) (?:{THEM}|m)\b"
    rf"|{_LET_US},? (?:\w+ ){{0,4}}(?:{_HURT}|(?:met|with) {_BATS})\b"
    rf"|(?:neem|jaag|bring|get|take) (?:\w+ ){{0,3}}{_BATS}\b"
    rf"|{_CATCH} (?:{THEM}\b|die (?:handel|hap))|en {_CATCH}{_STOP}|{_CATCH}\s*!|(?:moeten|moet|zullen"
    rf"|mogen) (?:{THEM}|we|wij|jullie) (?:\w+ ){{0,2}}{_HURT}\b|klappen geven|(?:een|n) lesje (?:te )?leren"
    rf"|afrekenen met {THEM}\b|(?:verrot|kapot|dood|in elkaar) (?:slaan|maken|schieten|rammen|trappen)"
    rf"(?: {THEM}\b|{_STOP})|(?:breek|sla|trap|schop|ram) (?:\w+ ){{0,3}}{_BODY}\b|pak slaag|te grazen nemen"
    rf"|neem {THEM} te grazen|(?:sla|slaan|schop|trap|steek|schiet) (?:ik|we|wij) {THEM}\b"
    rf"|(?:ik|we|wij) (?:sla|slaan|schop|trap|steek|schiet) {THEM}\b|knokploeg|eigen rechter spelen"
    r"|steek (?:zijn|z'n|hun|haar) \w+ in brand|burn (?:his|her|their) \w+"
    rf"|teach {THEM} a lesson|hunt(?: him| her| them)? down|manhunt|klopjacht|knuppels? mee"
    rf"|(?:break|smash|kick|punch) (?:his|her|their) {_BODY}|(?:should|must|let's|gonna) (?:\w+ )?(?:beat|kill|shoot"
    rf"|hang|catch|grab) {THEM}\b)"
)
#: Said as an order, at the beginning of a clause; within one it tells what somebody does.
ORDERS = (
    rf"(?:^|[.!?,;:]\s*|\band |\bor |\b{_LET_US} )(?:all )?(?:go )?(?:get|catch|grab|beat|hit|smash|kill|kick|shoot"
    rf"|hang|lynch|punch|string)(?: down| up)? {THEM}\b(?: up| down)?"
)

_BEGIN = (
    r"(?:^|[.!?,;:\n]\s*|\b(?:en|dus|of|nu|snel|and|or|so|now|please|let's|iedereen|allemaal|jullie|everyone|everybody"
    r"|we gaan|we moeten|we should|we must) )(?:(?:nu|snel|allemaal|please|all|quickly|go) )*"
)
_THITHER = r"(?:naar(?! (?:buiten|binnen))|hierheen|hiernaartoe|erheen|daarheen|er ?op ?af|kijken)\b"
#: Members are never sent to a scene, nor after, in front of or in the way of anybody, nor paid for it.
CHASES = (
    rf"{_BEGIN}(?:(?:rij|ren|loop|fiets|ga)(?:den)? (?:\w+ )?achter {THEM} aan"
    rf"|(?:achtervolg|volg|stop|omsingel|vang|follow|chase|go after|run after|corner|tail|surround|block) {THEM}\b"
    r"(?! niet)"
    rf"|houd? {THEM} (?:\w+ )?(?:tegen|vast|staande|aan)\b|(?:rij|zet) {THEM} (?:klem|vast)|snijd? {THEM} de pas af"
    rf"|(?:blokkeer|versper) (?:de|het|die|hun|zijn|haar|hem|ze)\b|jaag (?:\w+ )?op {THEM}\b"
    r"|block (?:the|his|her|their) \w+|ga (?:er )?(?:allemaal |snel )?(?:op af|heen)\b|erop af\b"
    r"|come (?:over )?(?:here|to the)\b)"
    rf"|\b(?:iedereen|allemaal|jullie|met z'n allen) (?:\w+ )?{_THITHER}"
    rf"|\bkom (?:allemaal|met z'n allen|snel|nu) {_THITHER}"
    r"|\b(?:everybody|everyone|all of you) (?:come|go|get|head) (?:\w+ )?(?:to|here|there|after|over)\b"
    r"|\b(?:beloning|tipgeld) (?:van|voor|als|bij|uit)\b|\bloof(?:t|den|ven)? (?:\w+ ){1,4}uit\b"
    r"|\b(?:reward|bounty) (?:of|for|if|to|on)\b|\beuro (?:voor|for) (?:wie|degene|iedereen|whoever|anyone|the one)\b"
)
