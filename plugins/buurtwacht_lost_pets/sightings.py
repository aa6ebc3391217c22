"""Who said that he saw a pet: the owner is told once of each neighbour, and reads a few words of his after that."""

from buurtwacht import Context, PersonId, Record

#: So often one neighbour's words go to the owner, after the tap that he saw it.
WORDS = 3


class Sighting(Record, plugin="lost_pets", index=(("pet", "person"), ("person",))):
    """Something about a pet that a neighbour had brought to its owner."""

    pet: int
    person: PersonId


def is_known(ctx: Context, pet: int) -> bool:
    """Return whether the owner was told that whoever speaks saw it."""
    return ctx.records.first(Sighting, pet=pet, person=ctx.person.id) is not None


def may_say_more(ctx: Context, pet: int) -> bool:
    """Return whether the owner is brought more of whoever speaks."""
    return len(ctx.records.find(Sighting, pet=pet, person=ctx.person.id)) <= WORDS
