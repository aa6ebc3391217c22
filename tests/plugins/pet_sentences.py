"""What neighbours type of pets and of people: whose pet it is, who is out with it, and who is missing himself."""

from __future__ import annotations

PETS = (
    "De kat van mijn oma is weg",
    "de kat van mijn lieve oude oma is weg",
    "oma haar kat is weg",
    "mijn moeder haar poes is niet thuisgekomen",
    "de hond van mijn dochter is ontsnapt in de Lindestraat",
    "puppy van de buurman is zoek",
    "hond weggelopen van mijn zoon, kleine bruine teckel",
    "hond weggelopen bij mijn moeder",
    "vermist: rode kater van mevrouw Jansen",
    "mijn dochter is haar hond kwijt",
    "kater kwijt in Meidoornstraat",
    "mijn parkiet is ontsnapt",
    "onze kanarie is weggevlogen",
    "ons katje is al drie dagen zoek",
    "mijn konijn en mijn cavia zijn ontsnapt",
    "heeft iemand mijn kat gezien?",
    "heeft iemand de kat van mijn oma gezien?",
    "wie heeft onze poes gezien in de Lindestraat",
    "iemand een rode kater gezien?",
    "zag iemand onze hond vanmiddag?",
    "ik zoek mijn kat",
    "op zoek naar mijn kat, rood met witte pootjes",
    "my grandma's cat is missing",
    "my mother's old parrot has escaped",
    "the cat of my grandmother is missing",
    "my husband's dog is lost",
    "my son lost his dog",
    "our dog ran away",
    "has anyone seen my cat",
    "has anyone seen a grey kitten near the park?",
    "did anyone see our beagle?",
    "we are looking for our cat",
)

CHILDREN = (
    "het kind met de hond is weg",
    "het meisje met het hondje is nog steeds vermist",
    "de kinderen zijn vermist met de hond van oma",
    "jongetje met puppy vermist bij de speeltuin",
    "hond en kind vermist",
    "mijn zoon is weg met zijn hond",
    "mijn dochter is de hond aan het uitlaten en is niet thuisgekomen",
    "mijn dochter is naar de hond van de buren en nog niet thuisgekomen",
    "heeft iemand mijn zoontje gezien?",
    "the boy with the dog is missing",
    "my daughter went to walk the dog and hasn't come home",
    "my dog and my daughter are missing",
    "our toddler is missing, she has our dog with her",
    "has anyone seen my daughter",
)

GROWN_UPS = (
    "mijn oma is weg",
    "mijn oma is weg met de hond",
    "oma en haar hond zijn vermist",
    "oma is weg en haar kat ook",
    "mijn buurvrouw is weg met haar kat",
    "mijn vader is weg en zijn hond zit nog thuis",
    "de hond van opa kwam alleen thuis, opa is weg",
    "opa ging wandelen met de hond en is niet thuisgekomen",
    "mijn man is de hond gaan zoeken en is vermist",
    "mijn vrouw en onze hond zijn niet thuisgekomen",
    "heeft iemand mijn man gezien?",
    "heeft iemand mijn oma met haar hond gezien?",
    "my dad's missing",
)

#: Something may be the matter: a co-ordinator looks at it.
LOOKED_AT = (
    "iemand heeft mijn kat vergiftigd",
    "someone poisoned our dog",
    "hond van de buren loopt los",
    "hond kwijt en mijn zoontje is hem gaan zoeken en ook weg",
    "mijn hond is weg, mijn dochter is verdrietig",
)

NO_REPORT = (
    "mijn fiets is weg",
    "ik zoek mijn sleutels",
    "heeft iemand mijn sleutels gezien?",
    "heeft iemand de fiets van mijn dochter gezien?",
    "heeft iemand mijn zoon zijn jas gezien?",
    "heeft iemand die man gezien?",
    "heeft iemand de film over de hond gezien?",
    "did you see my daughter on stage?",
    "heeft iemand een oppas voor mijn hond",
    "wie kan mijn hond uitlaten",
    "wie is zijn hond kwijt?",
    "van wie is deze kat?",
    "kat gevonden in de Lindestraat",
    "iemand heeft mijn kat gezien",
    "op zoek naar een hond",
)
