"""The words by which a report is known, per category, in Dutch and English, each with its weight from 0 to 1.

A phrase is up to five plain words (no accents, lower case); its weight is what it is worth on its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from buurtwacht_alerts.words import bag


def _phrases(weights: Mapping[float, str]) -> dict[str, float]:
    return {phrase.strip(): weight for weight, line in weights.items() for phrase in line.split(",")}


#: Words of something suspicious, before it is known whether it is about a person or a vehicle.
SUSPICIOUS = _phrases(
    {
        0.6: "verdacht,verdachte,verdachts,suspicious,suspiciously,onguur,ongure,sketchy,shady,insluiper,insluipers,"
        "prowler,prowlers,bivakmuts,bivakmutsen,gemaskerd,gemaskerde,masked,balaclava,balaclavas,stelen,steelt,"
        "stealing,steals,fietsendief,los te knippen,los knippen,losknippen,los aan het knippen,slot doorknippen,"
        "slot door te knippen,knipt een slot,knippen een slot,fiets stelen,fietsen stelen,fiets te stelen,"
        "bike being stolen,bikes being stolen,stealing a bike,cutting a lock,cutting the lock,cut the lock,"
        "cutting locks,fietsendieven,koperdieven,autokraker,autokrakers,inbraakalarm,burglar alarm,alarm gaat af,"
        "alarm is going off",
        0.5: "glasgerinkel,glas gerinkel,brekend glas,breaking glass,sound of glass,vertrouw het niet,"
        "vertrouw dit niet,vertrouwen het niet,niet pluis,ziet er verdacht uit,up to no good,rijdt stapvoets,"
        "rijden stapvoets,stapvoets,voelt aan,voelen aan,voelde aan,aan deuren,aan de deuren,aan alle deuren,"
        "aan autodeuren,deurklinken,autodeuren,deurkrukken,door handles,car doors,trying doors,crawling past,"
        "creeping past,lichten uit,zonder licht,zonder lichten,licht uit,verlichting uit,lights off,no lights,"
        "without lights,loert,loeren,gluurt,gluren,gluurder,spiekt,peering,peeping,casing,scouting,sluipt,sluipen,"
        "sneaking,creeping,over de schutting,over schuttingen,over het hek,over de heg,over the fence,climbing over,"
        "klimt over,klimmen over,kijkt naar binnen,kijken naar binnen,naar binnen kijken,binnen te kijken,"
        "naar binnen probeerde,naar binnen probeert,naar binnen te kijken,looking into,looking in windows,"
        "into windows,in auto's,into cars,in de auto's,morrelt,morrelen,aan het slot,aan sloten,rommelt,rommelen aan,"
        "tampering,fiddling,koevoet,breekijzer,betonschaar,crowbar,slijptol,bolt cutters,filmt huizen,huizen filmen,"
        "filmt de huizen,fotografeert huizen,foto's van huizen,foto's van de huizen,filming houses,"
        "photographing houses,pictures of houses,op de uitkijk,staat op wacht,lookout,trying handles,"
        "trying door handles,door to door,van deur tot deur,verstopt zich,verschuilt zich,hiding,verstoppen zich,"
        "in de bosjes,in the bushes,in tuinen,in achtertuinen,in back gardens,in het donker,rijdt rondjes,"
        "rijden rondjes,circling,driving around slowly,heen en weer,back and forth,up and down,dealen,dealt,drugsdeal,"
        "drug deal,dealing drugs,siphoning,onder de auto,under cars,under the car,under a car,katalysator,"
        "catalytic converter",
        0.35: "in mijn tuin,in de achtertuin,in onze tuin,in my garden,in the back garden,in my yard",
        0.4: "bij de achterdeur,aan de achterdeur,at the back door,at my back door,bij auto's,verward,verwarde,"
        "harde knal,harde knallen,loud bang,loud bangs,bij de auto's,bij mijn auto,langs auto's,langs de auto's,"
        "near cars,near the cars,near my car,vreemd,vreemde,raar,rare,strange,weird,dodgy,odd,onbekende,onbekend,"
        "unknown,hangt rond,hangen rond,loitering,hanging around,hanging about,zwerft,scharrelt,snuffelt,langzaam,"
        "heel langzaam,very slowly,slowly,belt aan bij,bellen aan,aan te bellen,belt overal aan,ringing doorbells,"
        "knocking on doors,zaklamp,met een zaklamp,zaklampje,zaklampen,zaklampjes,flashlight,flashlights,torch,"
        "torches,observeert,houdt huizen in de gaten,in de gaten,watching houses,watching the house,capuchon op,"
        "hood up,al een uur,urenlang,draaiende motor,engine running,kijkt in,kijken in,looking in,staring,gestolen,"
        "stolen,diefstal,theft,vlucht,vluchten,rent weg,rennen weg,ran off,running away,achtervolgt,volgt mij,"
        "volgt mensen,following me,following people,alarm",
    }
)

BURGLARY = _phrases(
    {
        0.65: "inbraak,inbraken,inbreker,inbrekers,ingebroken,inbreken,inbraakpoging,breken in,breekt in,burglary,"
        "burglar,burglars,burgled,break-in,break in,breaking in,breaking into,broken into,broke into,insluiping,"
        "te breken,poging tot inbraak",
        0.55: "leeggeroofd,leeggehaald,leeggestolen,er is iemand binnen geweest,ze zijn binnen geweest,"
        "zijn binnen geweest,iemand binnen geweest,someone has been inside,been broken in",
        0.5: "door kicked in,openbreken,openbreekt,openwrikken,opengewrikt,jemmied,deur ingetrapt,slot geforceerd,"
        "slot opengebroken,lock forced,ruit ingeslagen,ruit ingetikt,raam ingeslagen,raam ingetikt,deur opengebroken,"
        "deur geforceerd,opengebroken,geforceerd,smashed window,smashed the window,window smashed,door forced,"
        "forced open,forced the door,forcing the door,breken de deur,breekt de deur,breken het slot,kicking in,"
        "trapt de deur,trappen de deur",
    }
)

#: Words that put a burglary at this moment, and words that put it before.
BURGLARY_NOW = bag(
    "nu bezig wordt worden breken breekt proberen probeert heterdaad trapt trappen now"
    " progress breaking forcing kicking"
    " trying"
)
#: "Ze zijn binnen geweest" is over.
BURGLARY_INSIDE = re.compile(r"\b(?:nog|zijn|is) binnen\b(?! geweest)|\b(?:still|are|is) inside\b")
BURGLARY_PAST = bag(
    "ingebroken geweest ontdekt opengebroken geforceerd ingeslagen ingetikt sporen inbraken poging inbraakpoging"
    " leeggeroofd leeggehaald leeggestolen thuiskomst gestolen meegenomen stolen geboord overhoop doorzocht ransacked"
    " ingetrapt kapotgeslagen kapot ingegooid kwamen thuiskwamen broken broke was were burgled smashed forced attempted"
    " found"
)
FLEEING = bag("vluchten vlucht rennen rent weggerend ervandoor fled fleeing running escaping gevlucht")

#: Words of a category, by category id. Burglary and the suspicious pair are told apart in the reading.
WORDS: Mapping[str, Mapping[str, float]] = {
    "violence": _phrases(
        {
            0.7: "steekpartij,schietpartij,neergestoken,gestoken met,steekt in op,beroofd,beroving,straatroof,overval,"
            "overvallen,gewapend,gewapende,mishandeling,mishandelt,mishandeld,in elkaar geslagen,"
            "in elkaar geslagen wordt,schoten,geschoten,schieten,stabbing,stabbed,shooting,shots fired,gunshots,"
            "robbery,robbed,mugged,mugging,assault,assaulted,being attacked,is attacked,wordt aangevallen,bedreigt,"
            "bedreigd,bedreigen,bedreiging,threatening,threatened,gegijzeld,ontvoering,kidnapping,aanranding,"
            "verkrachting,huiselijk geweld,lastiggevallen,aangerand,betast,harassed,harassing,groped",
            0.5: "fight",
            0.6: "geweld,violence,violent,mes,messen,knife,machete,pistool,vuurwapen,wapen,gun,pistol,"
            "weapon,honkbalknuppel,"
            "vechtpartij,vechten,vecht,knokpartij,fighting,slaan elkaar,schoppen elkaar,hitting,beating,"
            "beaten,punching,gilt om hulp,schreeuwt om hulp,roept om hulp,screaming for help,calling for help",
        }
    ),
    "fire": _phrases(
        {
            0.65: "brand,brandje,woningbrand,schuurbrand,autobrand,buitenbrand,containerbrand,keukenbrand,"
            "uitslaande brand,brandstichting,arson,brandweer nodig,need the fire brigade,in brand,staat in brand,"
            "in de fik,in de hens,lichterlaaie,in lichterlaaie,vlammen,uitslaande,fire,on fire,flames,burning house,"
            "house is burning,burning down,explosie,ontploffing,explosion",
            0.5: "rookontwikkeling,veel rook,heel veel rook,lots of smoke,brandalarm,rook uit,dikke rook,zwarte rook,"
            "rookwolk,smoke coming,thick smoke,black smoke,smoke from,brandlucht,ruik brand,ruik rook,smell smoke,"
            "smells of smoke,rookmelder,rookalarm,smoke alarm",
        }
    ),
    "gas": _phrases(
        {
            0.7: "gaslucht,gaslek,gaslekkage,gas lucht,gas lek,gas lekkage,gas leak,gas leaking,ruik gas,"
            "ruikt gas,ruiken gas,ruikt naar gas,ruikt iemand gas,"
            "stinkt naar gas,gas ruiken,gas geroken,smell gas,smell of gas,"
            "smells of gas,smelling gas,"
            "gas smell,smells like gas,gaslek geraakt,gasleiding,gas pipe,koolmonoxide,carbon monoxide,gas main",
            0.5: "gevaarlijke stof,chemische lucht,chemical smell",
        }
    ),
    "medical": _phrases(
        {
            0.7: "aed,aed nodig,hartstilstand,hartaanval,reanimatie,reanimeren,bewusteloos,buiten bewustzijn,onwel,"
            "ademt niet,ademt niet meer,krijgt geen lucht,geen lucht meer,ademt moeilijk,kan niet ademen,"
            "niet goed ademen,can't breathe,cannot breathe,struggling to breathe,flauwgevallen,fainted,stikt,choking,"
            "pijn op de borst,chest pain,chest pains,overdosis,overdose,having a heart attack,niet aanspreekbaar,"
            "cardiac arrest,heart attack,unconscious,not breathing,collapsed,cpr,seizure,epileptische aanval,beroerte,"
            "having a stroke,ambulance nodig,need an ambulance,needs an ambulance,hulp nodig reanimatie,"
            "in elkaar gezakt,ineengezakt",
            0.5: "ligt op straat,ligt op de grond,ligt op de stoep,lying on the ground,lying in the street,ambulance,"
            "zwaargewond,gewond,injured,hulp gevraagd,medische hulp,medical help,bloedt,bloedend,bleeding",
        }
    ),
    "accident": _phrases(
        {
            0.65: "ongeval,ongeluk,scooterongeluk,fietsongeluk,motorongeluk,auto-ongeluk,scooterongeval,"
            "eenzijdig ongeval,van de fiets gereden,van de weg geraakt,knocked off his bike,knocked off her bike,"
            "came off his bike,kettingbotsing,kop-staartbotsing,aanrijding,aangereden,botsing,gebotst,verkeersongeluk,"
            "verkeersongeval,accident,car crash,crash,crashed,collision,hit and run,knocked over,knocked down,"
            "hit by a car,tegen een boom,tegen boom,tegen de boom,tegen een paal,tegen paal,tegen een lantaarnpaal,"
            "into a tree,hit a tree,in de sloot gereden,onder een auto,overreden,run over,te water geraakt,"
            "auto te water,in het water gereden",
        }
    ),
    "doorstep_scam": _phrases(
        {
            0.7: "babbeltruc,babbeltrucs,nepagent,nepagenten,neppolitie,nep agent,nep-agent,nep politie,valse agent,"
            "zogenaamde agent,zogenaamde politie,zogenaamd van de politie,zogenaamd van de bank,fake policeman,"
            "fake police,fake officer,fake cop,doorstep scam,doet zich voor als,doen zich voor als,"
            "geeft zich uit voor,"
            "geven zich uit voor,pretending to be,pretends to be,posing as,bankhelpdeskfraude",
            0.55: "zegt van de bank te zijn,zegt dat hij van de bank is,zegt dat ze van de bank is,"
            "zegt van de politie,"
            "zegt dat hij van de politie,komt van de bank,van de bank,pinpas ophalen,pinpas op te halen,"
            "sieraden ophalen,sieraden op te halen,bankpas,bank cards,bank card,collect your card,claims to be from,"
            "claiming to be from,says he is from the,says she is from the,scammer,scammers,oplichter,oplichters,"
            "oplichting,scam,con man,smoesje,wil naar binnen,willen naar binnen,collect jewellery,nepmonteur,"
            "zogenaamd van het waterbedrijf,meterstand opnemen,fake engineer,energie verkopers,"
            "colporteur,colporteurs",
        }
    ),
    "flooding": _phrases(
        {
            0.6: "wateroverlast,overstroming,overstroomd,overstroomt,flooding,flooded,flood,waterleiding gesprongen,"
            "gesprongen waterleiding,gesprongen leiding,leiding gesprongen,waterleidingbreuk,burst pipe,water main,"
            "burst water main,dijkdoorbraak,straat blank,staat blank,lekkage,loopt vol,loopt over,loopt onder,"
            "lopen onder,ondergelopen,volgelopen,onder water,under water,kelder vol water,water in de kelder,"
            "basement full of water",
        }
    ),
    "power_cut": _phrases(
        {
            0.6: "stroomstoring,stroomuitval,stroom uitgevallen,stroom is uitgevallen,stroom ligt eruit,geen stroom,"
            "zonder stroom,stroom weg,stroom is weg,geen elektriciteit,power cut,power outage,power is out,no power,"
            "blackout,no electricity,power failure",
        }
    ),
    "street_defect": _phrases(
        {
            0.55: "lantaarn kapot,lantaarnpaal kapot,lantaarnpaal,straatlantaarn,straatverlichting,"
            "lamp kapot,lampen kapot,"
            "straatlamp,streetlight,street light,street lamp,losse stoeptegel,losse tegel,losse tegels,stoeptegel,"
            "stoeptegels,gat in de weg,pothole,loose tile,loose tiles,afval gedumpt,gedumpt afval,illegaal gestort,"
            "zwerfafval,grofvuil,dumped waste,fly-tipping,container vol,omgevallen boom,boom omgewaaid,"
            "boom omgevallen,"
            "fallen tree,broken bench,verkeersbord,openbare ruimte",
        }
    ),
    "nuisance": _phrases(
        {
            0.55: "overlast,geluidsoverlast,jongerenoverlast,hangjongeren,lawaai,herrie,harde muziek,loud music,"
            "noise nuisance,nuisance,vuurwerk,fireworks,vandalisme,vandalism,vandals,vernieling,vernielingen,"
            "vernielen,graffiti,bekladden,bekladt,spray painting,spraying graffiti,met spuitbussen,wildplassen,"
            "dronken,drunk,racing,straatrace,straatraces,antisocial,wildgeparkeerd,fietsen omgegooid,ruiten ingooien,"
            "gooien met stenen,throwing stones,schelden,uitgescholden",
        }
    ),
    "lost_pet": {},
    "missing_child": {},
    "missing_person": {},
}

MISSING = _phrases(
    {
        0.65: "vermist,vermiste,vermissing,missing,weggelopen,wandered off,ran away,niet thuisgekomen,"
        "niet thuis gekomen,not come home,hasn't come home,didn't come home,never came home,not come back,gone missing",
        0.45: "kwijt,zoek,zoekgeraakt,verdwenen,ontsnapt,disappeared,lost,escaped,is weg,spoorloos",
    }
)
CHILDREN = bag(
    "kind kindje kinderen dochter dochtertje zoon zoontje peuter kleuter meisje meisjes"
    " jongetje jongetjes jongen baby"
    " child son daughter toddler girl boy kid kleinzoon kleindochter kleinkind grandson granddaughter"
)
PETS = bag(
    "hond hondje kat katje poes poesje kater kitten konijn cavia papegaai parkiet paard dog"
    " cat puppy pup rabbit parrot"
    " pony beagle labrador teckel herder herdershond golden retriever poedel terrier kitten kittens poezen honden"
    " katten dogs cats puppies schildpad tortoise huisdier pet katje hondjes poesjes katers kanarie hamster fret budgie"
    " canary parakeet cockatiel ferret kitty tabby tekkel spaniel collie husky bouvier konijntje"
)
ADULTS = bag(
    "man vrouw moeder vader oma opa mevrouw meneer bejaarde oudere persoon buurvrouw buurman dementie dementerende"
    " demente woman mother father grandmother grandfather grandma grandpa person lady gentleman husband wife mum dad"
    " gran granny nan nana dad's neighbour patient bewoner bewoonster schoonmoeder schoonvader"
)
PERSONS = (
    bag(
        "mannen vrouwen jongens jongeren personen persoon mensen gasten gast types type figuur"
        " figuren kerel kerels vent"
        " iemand iem lui dader daders guy guys men women people persons someone somebody"
        " individual individuals youths"
        " youth teenagers teenager teen tiener tieners bestuurder inzittenden driver duo groep"
        " group stel koppel couple"
        " bloke blokes lad lads dude dudes gozer gozers knul knullen knaap jochie jochies jeugd puber pubers dame dames"
        " heer heren mens mens individu indringer intruder intruders gedaante stranger strangers mannetje groepje"
        " fietser fietsers cyclist cyclists collectant boys girls kids males male female inbreker inbrekers"
    )
    | ADULTS
    | CHILDREN
) - bag("buurman buurvrouw neighbour patient")

#: Texts that talk about a report, ask something or chat: each takes certainty away.
CHAT = bag(
    "lenen leen geleend koop huur gezocht bedankt dank thanks thank gefeliciteerd verjaardag"
    " oppas barbecue bbq borrel"
    " feest feestje film serie nieuws tv grapje borrow sale babysitter party birthday news movie welkom welcome leuk"
    " gezellig haha hahaha lol koffie ladder demonstratie voorlichting cursus collecte rommelmarkt"
    " speelgoed recept mooi mooie prachtig prachtige beautiful lovely kampvuur campfire funda marktplaats"
)
CHAT_PHRASES = _phrases(
    {
        # Something done without meaning to is no accident on the road.
        0.1: "per ongeluk,by accident",
        0.5: "weet iemand,heeft iemand,wie heeft,wie weet,hoe laat,te leen,te koop,anyone know,does anyone,"
        "anybody know,what time,can i borrow,wie wil,wil iemand,zoekt iemand,looking for a,op zoek naar,"
        "gratis af te halen,loos alarm,vals alarm,false alarm,het was mijn zoon,het was mijn dochter,het was mijn man,"
        "het was mijn vrouw,het was de buurman,het was de buurvrouw,it was my son,it was my daughter,"
        "it was my husband,it was my wife,niks aan de hand,niets aan de hand,geen paniek,nothing wrong,"
        "heeft er iemand,valt mee,verdacht weinig,verdacht veel,verdacht stil,suspiciously quiet,has anyone,"
        "did anyone,wie gaat er mee,have a nice,fijne avond,fijne dag,op het journaal,in het nieuws,on the news",
    }
)
#: What speaks of a thing in general: how to prevent it, a test, a course, an article. It takes all its certainty away.
TALK = _phrases(
    {
        0.6: "tips,tip,advies,advice,voorkom,voorkomen,preventie,inbraakpreventie,prevent,prevention,preventing,"
        "tegen inbraak,tegen inbrekers,tegen diefstal,against burglary,doen bij brand,doen bij een brand,"
        "doen bij inbraak,doen bij een inbraak,in geval van,in case of,wat te doen,what to do,wat als er,what if,"
        "alarmtest,alarm test,alarm wordt getest,wordt getest,is being tested,testen van,brandoefening,fire drill,"
        "verzekering,insurance,insured,verzekerd,open dag,open day,cursus,course,artikel,article,in de krant,"
        "in the paper,newspaper,podcast,documentaire,documentary,aflevering,episode,vacature,jaar geleden,years ago,"
        "cijfers,statistieken,statistics,gedroomd,dreamt,ik zoek een,ik zoek iemand,wij zoeken een,we zoeken een,"
        "read about,gelezen over,film over,serie over,boek over,verhaal over,had a fight,ruzie gehad,doet het weer,"
        "doen het weer,werkt weer,is weer terug,back on,gerepareerd,repaired,is weer gemaakt,mag ik,may i,toegestaan,"
        "allowed",
    }
)
QUESTION_WORDS = bag(
    "wat wie waar waarom wanneer hoe hoezo welke is zijn heeft hebben moet moeten mag kan kun"
    " kunnen kunt weet wordt gaat"
    " zal zullen what who where why when how which are has have should may can could do does did will would shall"
)
NEGATIONS = bag("geen niet niks zonder nooit no not never without isn't wasn't nothing")
