"""What words say together, in whatever order: who does what to what ("aan mijn voordeur staat iemand te rommelen").

One phrase says it alone (`lexicon`); a scene is made of words of several kinds that stand in one sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from buurtwacht_alerts.lexicon import CHILDREN, PERSONS, PETS
from buurtwacht_alerts.things import KINDS
from buurtwacht_alerts.words import bag

#: So many words are looked at together; in a longer sentence they may belong to different things.
_REACH = 18

_KINDS: dict[str, frozenset[str]] = {
    "who": PERSONS | bag("ze zij hij ie they he she onbekende onbekenden"),
    "stranger": bag(
        "iemand ze zij vent kerel kerels gast gasten gozer gozers figuur figuren types onbekende onbekenden lui"
        " mannen jongens someone somebody stranger gedaante bloke blokes men guys lads intruder insluiper they"
    ),
    "vehicle": KINDS - {"van"},
    "child": CHILDREN,
    "pet": PETS,
    "every": bag("elk elke ieder iedere alle overal steeds telkens each every all everywhere"),
    "all": bag("alle alles hele heel overal whole entire all every iedereen everyone"),
    "try": bag(
        "probeert proberen probeerde probeerden trying tries tried wil willen bezig aan attempting wilde wilden"
    ),
    "open": bag("open openen openmaken opende opening"),
    "door": bag(
        "deur deuren voordeur achterdeur portier portieren klink klinken deurkruk slot sloten raam ramen poort kozijn"
        " rolluik brievenbus door doors window windows lock locks handle handles gate gates letterbox latch"
    ),
    "tamper": bag(
        "voelt voelen voelde voelden rommelt rommelen rommelde morrelt morrelen morrelde wrikt wrikken peutert peuteren"
        " rammelt rammelen rammelde rukt rukken sleutelt prutst fiddling tampering rattling rattles prying pulling"
        " messing jiggling friemelt"
    ),
    "look": bag(
        "kijkt kijken keek keken kijk loert loeren gluurt gluren koekeloert koekeloeren tuurt turen staart staren"
        " spiedt spieden looking looks looked staring stares peering peers watching peeking peeks filmt filmen"
        " fotografeert filming photographing"
    ),
    "works": bag(
        "werk werken klussen schilder schildert hovenier tuinman dakdekker glazenwasser monteur gardener painter"
    ),
    "roof": bag("dak balkon aanbouw dakgoot ladder roof balcony"),
    "walk": bag("loopt lopen liep liepen fietst fietsen walks walking walked keeps"),
    "into": bag(
        "binnen buren overburen huizen woningen ramen raam auto's opritten oprit tuinen inside into cars houses windows"
        " homes"
    ),
    "steal": bag(
        "stelen steelt stal jatten jat jatte pikken pikt gappen steal steals stealing nicking nick pinching rifling"
        " doorzoekt graait"
    ),
    "goods": bag(
        "fiets fietsen scooter scooters brommer pakket pakketje pakketten pakje bakfiets fatbike fatbikes katalysator"
        " koper buitenboordmotor auto auto's gereedschap bike bikes bicycle parcel parcels package packages post"
        " moped motorbike tools tas"
    ),
    "climb": bag(
        "klimt klimmen klom klommen springt springen sprong sprongen kruipt kruipen klauterde klautert climbing climbs"
        " climbed jumping jumps jumped"
    ),
    "fence": bag(
        "hek hekje schutting schuttingen muur muurtje heg poort dak balkon tuinhek fence fences wall gate hedge roof"
        " balcony regenpijp drainpipe"
    ),
    "yard": bag(
        "tuin tuinen achtertuin achtertuinen voortuin erf oprit opritten carport garden gardens backyard yard driveway"
        " driveways schuur shed garage porch achterom"
    ),
    "light": bag("licht lichten verlichting koplampen lampen lights light headlights"),
    "unlit": bag("uit zonder gedoofd gedoofde geen off no without"),
    "drive": bag(
        "rijdt rijd rijden reed rondrijden rondrijdt stopt stoppen drives driving driven drove cruising going rolling"
    ),
    "parked": bag(
        "langs past huis huizen oprit opritten geparkeerde auto's houses house cars driveway driveways parked"
    ),
    "again": bag("steeds telkens keer rondjes rondje again times rounds laps circles"),
    "sit": bag("zit zitten erin inzittenden binnenin sitting sat waiting"),
    "linger": bag(
        "tijdje uur uren halfuur kwartier minuten lang urenlang steeds motor stationair while hour hours minutes ages"
        " engine running hele stil"
    ),
    "glass": bag("ruit ruiten autoruit autoruiten raam ramen zijruit achterruit keukenraam window windows windscreen"),
    "smash": bag(
        "ingeslagen ingetikt ingegooid kapot kapotgeslagen stuk stukgeslagen ingeslaan tikken tikt slaan slaat smashed"
        " smashing smashes broken shattered inslaan inslaat geslagen"
    ),
    "forced": bag("geboord uitgeboord eruitgeboord ontwricht geforceerd opengebroken forced drilled jemmied"),
    "follow": bag("volgt volgen volgde achtervolgt achtervolgen follows following followed lokt lokken"),
    "home": bag("huis thuis woning thuiskomst house home flat appartement apartment kamer kamers"),
    "turned over": bag("overhoop doorzocht leeggeroofd leeggehaald leeggestolen ransacked leegroven upside"),
    "public": bag(
        "bushokje bushalte abri speeltoestel speeltoestellen speeltuin prullenbak prullenbakken bankje bankjes"
        " glasbak lantaarnpaal verkeersbord boompjes spiegels autospiegels bus-stop playground bench benches bins"
    ),
    "wreck": bag(
        "slopen sloopt gesloopt vernielen vernielt vernield trappen trapt kapot wrecking smashing trashing kicking"
        " vandalising breken"
    ),
    "smoke": bag("rook rookwolk rookwolken rookpluim smoke"),
    "burn": bag("brandt branden brandde fikt fikken fik burning burns burnt ablaze alight aangestoken vlam"),
    "building": bag(
        "huis woning flat dak raam schuur keuken garage meterkast container vuilcontainer papiercontainer kliko gebouw"
        " school balkon heg struik struiken bos berm zolder kelder boel schuurtje loods stal house roof window shed"
        " kitchen building chimney bin bins hedge attic bushes balcony barn bush"
    ),
    "cosy": bag(
        "bbq barbecue barbecueen vuurkorf kachel haard openhaard kampvuur schoorsteen lamp lampje lampen licht lichten"
        " kaars kaarsen buitenlamp buitenlicht lantaarn light lights lamp candle candles campfire sigaret roken"
    ),
    "smell": bag(
        "ruik ruikt ruiken lucht stank stinkt geur lek lekt smell smells smelling smelt stinks reek whiff"
        " leak leaking geroken"
    ),
    "gas": bag("gas aardgas"),
    "water": bag("water rioolwater"),
    "gush": bag("spuit spuiten stroomt stromen gutst borrelt omhoog gushing pouring streaming spurting spraying"),
    "low": bag("straat weg stoep kelder put putten huis huizen garage souterrain street road basement cellar house"),
    "confused": bag("war verward verwarde dement dementie alzheimer alzheimers dementia confused geheugen"),
    "gone": bag(
        "weg gelopen weggelopen kwijt zoek dwaalt dwalen ronddwalen wandered wandering gone missing vertrokken"
        " verdwenen uitgelopen"
    ),
    "runs off": bag("off away ervandoor ontsnapt losgebroken weggerend weggevlogen gevlucht escaped loose los"),
    "maltreat": bag("vergiftigd vergiftigt vergiftigen vergif mishandeld gemarteld poisoned poisoning poison tortured"),
    "pretends": bag(
        "zogenaamd zogenaamde beweert beweren beweerde nep neppe valse fake claims claiming claimed pretending"
        " pretends bogus voordeed voordoen voordoet"
    ),
    "says": bag("zegt zeggen zei zeiden says saying said"),
    "trusted": bag(
        "politie politieman politieagent agent agenten bank bankmedewerker meterstand energie energiebedrijf"
        " waterbedrijf thuiszorg gemeente monteur ggd glasvezel kpn ziggo postnl postbode bezorger pakketbezorger"
        " courier postman workers enexis stedin rechercheur police policeman officer engineer council meter electric"
        " employee repairman inspector plumber nurse"
    ),
    "valuables": bag(
        "geld pinpas pas bankpas bankpassen sieraden goud contant pincode jewellery jewelry money cash card cards"
        " savings pin valuables juwelen spaargeld"
    ),
    "doorstep": bag("deur deuren aanbellen aan-de-deur belt bellen aanbelt door doors doorbell bell doorstep binnen"),
    "falls": bag("gevallen valt viel fell fallen falls uitgegleden gestruikeld"),
    "hurt": bag(
        "bloedt bloed bloeden bloedend hoofdwond hoofd gewond heup beweegt reageert opstaan bleeding blood hurt"
        " unresponsive"
    ),
    "street user": bag("fietser fietsster voetganger cyclist motorcyclist pedestrian biker scooterrijder motorrijder"),
    "off bike": bag("geschept overreden knocked hit onderuit gelanceerd"),
    "current": bag("stroom elektriciteit elektra power electricity"),
    "cut off": bag(
        "geen weg zonder uitgevallen eruit storing storingen nog ook valt no out off gone lost without cut down"
    ),
    "dark": bag("uit donker out dark off"),
    "quarter": bag("straat buurt wijk flat huizenblok dorp street block neighbourhood estate road"),
    "back again": bag("weer terug hersteld back restored opgelost"),
    "fixture": bag(
        "straatlantaarn lantaarnpaal lantaarnpalen straatverlichting stoeptegel stoeptegels tegel tegels wegdek"
        " putdeksel verkeerslicht stoplicht bankje prullenbak container containers ondergrondse vuilniszakken boom tak"
        " takken glas glasscherven gat kuil streetlight streetlights lamppost pavement manhole bin bins tree branch"
        " glass hole mattress matras koelkast bankstel"
    ),
    "faulty": bag(
        "kapot stuk los losse defect vol propvol overvol omgevallen omgewaaid scheef verzakt gevaarlijk"
        " levensgevaarlijk ligt liggen ernaast gedumpt broken loose full overflowing fallen dumped missing dangerous"
        " afgebroken knippert flickering uitgevallen down blocking blokkeert verspert"
    ),
    "noise": bag("muziek feest geschreeuw geblaf blaffen blaft gedreun bas music party shouting barking bass yelling"),
    "loud": bag("hard harde keihard keiharde luid luide loud blasting blaring nacht night hele bonkende dreunende"),
    "throw": bag("gooien gooit gooide bekogelen throwing throws threw chucking pelting"),
    "thrown": bag(
        "eieren stenen vuurwerk flessen rotjes eggs stones rocks bottles fireworks sneeuwballen ruiten windows"
    ),
    "hit": bag(
        "slaat slaan sloeg geslagen schopt schoppen steekt steken stak schiet beukt mept wurgt hits"
        " hitting punching punches punched kicking kicked kicks beats stabbing attacks attacking strangling"
    ),
    "victim": bag(
        "iemand vrouw man jongen meisje kind kinderen mensen jongens mannen vrouwen elkaar hem haar hen voorbijganger"
        " agent bezorger buschauffeur someone somebody woman boy girl child people him her them vriendin vriend"
        " girlfriend boyfriend"
    ),
    "aside": bag(
        "linksaf rechtsaf af alarm over oversteken vuurwerk sleutel hand handen duim vlag deur deuren ruit ruiten raam"
        " ramen bal ballen prullenbak bushokje fiets fietsen auto auto's container brand fik kaars sigaret bladzijde"
        " window windows door doors bins football ball hek"
    ),
    "scream": bag("gilt gillen gegil krijst krijsen schreeuwt hulpgeroep screams screaming shrieking"),
    "play": bag("spelen speelt spelende voetbal voetballen zwembad feest feestje playing party football pool"),
    "threaten": bag("bedreigt bedreigen bedreigd dreigt threatening threatens threatened waving zwaait zwaaien"),
    "arm": bag("mes hamer bijl machete pistool wapen knuppel stok schroevendraaier knife axe hammer gun bat machete"),
}
#: A compound is what its last part is: "schuurdeur", "zolderraam", "scooterongeluk".
_ENDINGS = {
    "deur": "door", "deuren": "door", "klink": "door", "klinken": "door", "raam": "door", "ramen": "door",
    "ruit": "glass", "ruiten": "glass", "tuin": "yard", "tuinen": "yard", "busje": "vehicle", "bus": "vehicle",
    "wagen": "vehicle", "container": "building", "containers": "fixture", "kelder": "low", "schuur": "yard",
    "fiets": "goods",
}  # fmt: skip

#: Before a person these say that nobody knows him.
_SOME = bag("een a twee two drie three vier four paar some enkele several vreemde rare gemaskerde masked")
_OURS = bag("mijn mn m'n onze ons my our jouw je uw your")
_BIT = {kind: 1 << at for at, kind in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True)
class Scene:
    """Kinds of words that say something together. The first is the one that is said or denied ("geen rook")."""

    family: str
    weight: float
    needs: int
    unless: int
    core: int


def _scene(family: str, weight: float, needs: str, unless: str = "") -> Scene:
    kinds = [kind.strip() for kind in needs.split("+")]
    barred = [kind.strip() for kind in unless.split("+")] if unless else []
    return Scene(family, weight, sum(_BIT[one] for one in kinds), sum(_BIT[one] for one in barred), _BIT[kinds[0]])


_SCENES = (
    _scene("suspicious", 0.5, "tamper + door"),
    _scene("suspicious", 0.5, "try + door + open + who"),
    _scene("suspicious", 0.45, "look + into + who"),
    _scene("suspicious", 0.5, "steal + goods"),
    _scene("suspicious", 0.5, "climb + fence + who"),
    _scene("suspicious", 0.45, "stranger + yard", "play + works"),
    _scene("suspicious", 0.45, "stranger + roof", "play + works"),
    _scene("suspicious", 0.4, "who + walk + again + parked", "works"),
    _scene("suspicious", 0.45, "who + yard + every"),
    _scene("suspicious", 0.45, "light + unlit + vehicle", "quarter"),
    _scene("suspicious", 0.4, "drive + again + vehicle"),
    _scene("suspicious", 0.4, "sit + who + vehicle + linger"),
    _scene("suspicious", 0.4, "sit + who + look + linger"),
    _scene("suspicious", 0.4, "drive + every + vehicle + parked"),
    _scene("suspicious", 0.5, "follow + victim + who"),
    _scene("burglary", 0.5, "glass + smash", "public"),
    _scene("burglary", 0.5, "turned over + home"),
    _scene("burglary", 0.5, "forced + door"),
    _scene("violence", 0.6, "hit + victim", "aside"),
    _scene("violence", 0.65, "threaten + arm"),
    _scene("violence", 0.6, "scream + who", "play + child"),
    _scene("fire", 0.5, "smoke + building", "cosy"),
    _scene("fire", 0.6, "burn + building", "cosy"),
    _scene("fire", 0.6, "burn + vehicle", "cosy"),
    _scene("gas", 0.65, "gas + smell"),
    _scene("flooding", 0.5, "water + gush + low"),
    _scene("medical", 0.6, "falls + hurt"),
    _scene("accident", 0.65, "off bike + street user"),
    _scene("missing", 0.5, "gone + confused"),
    _scene("missing", 0.5, "pet + runs off"),
    # No pet is lost here: what is done to it makes it a report that somebody looks at (`pets.weighed`).
    _scene("lost_pet", 0.5, "pet + maltreat"),
    _scene("doorstep_scam", 0.5, "pretends + trusted"),
    _scene("doorstep_scam", 0.55, "pretends + trusted + valuables"),
    _scene("doorstep_scam", 0.55, "says + who + trusted + doorstep"),
    _scene("power_cut", 0.5, "current + cut off", "back again"),
    _scene("power_cut", 0.55, "all + light + dark + quarter", "vehicle"),
    _scene("street_defect", 0.45, "fixture + faulty"),
    _scene("nuisance", 0.5, "noise + loud"),
    _scene("nuisance", 0.55, "throw + thrown"),
    _scene("nuisance", 0.5, "wreck + public"),
)


def _of_words() -> dict[str, int]:
    known: dict[str, int] = {}
    for kind, words in _KINDS.items():
        for word in words:
            known[word] = known.get(word, 0) | _BIT[kind]
    return known


#: Every word that belongs to a scene, and the kinds it is of, as bits.
KNOWN = _of_words()
_LONGEST_ENDING = max(map(len, _ENDINGS))


@lru_cache(maxsize=4096)
def _kinds(word: str) -> int:
    """Return the kinds of a word; a compound that is not known itself is what it ends in."""
    if len(word) < 4 and word[-1:] == "x" and word[:-1].isdigit():
        return _BIT["again"]
    known = KNOWN.get(word) or KNOWN.get(word.removesuffix("'s"))
    if known is not None or len(word) < 7:
        return known or 0
    for length in range(min(_LONGEST_ENDING, len(word) - 3), 2, -1):
        kind = _ENDINGS.get(word[-length:])
        if kind is not None:
            return _BIT[kind]
    return 0


def find_scenes(words: Sequence[str], sentences: Sequence[int], vehicle: int | None) -> Iterator[tuple[Scene, int]]:
    """Yield the scenes in these (flat) words, and the word that each turns on.

    `sentences` says in which sentence each word stands; at word `vehicle` a vehicle is named, by its make perhaps.
    """
    masks = [_kinds(word) for word in words]
    for at in range(1, len(masks)):
        if words[at - 1] in _OURS:
            # What my own husband does is nothing to report.
            masks[at] &= ~_BIT["who"]
        elif masks[at] & _BIT["who"] and (words[at - 1] in _SOME or words[at - 1].isdigit()):
            masks[at] |= _BIT["stranger"]
    if vehicle is not None:
        masks[vehicle] |= _BIT["vehicle"]
    start = 0
    while start < len(words):
        end = start + 1
        while end < len(words) and end - start < _REACH and sentences[end] == sentences[start]:
            end += 1
        seen = 0
        for mask in masks[start:end]:
            seen |= mask
        if seen:
            for scene in _SCENES:
                if scene.needs & seen == scene.needs and not scene.unless & seen:
                    yield scene, next(at for at in range(start, end) if masks[at] & scene.core)
        start = end
