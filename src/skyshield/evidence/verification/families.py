"""What each family of cases shows, and what it does not, in plain words."""

from typing import NamedTuple


class Family(NamedTuple):
    """A family: its name in cases, what its cases show, and what they leave open."""

    name: str
    shows: str
    leaves_open: str


FAMILIES: tuple[Family, ...] = (
    Family("binomial layers",
           "That a threat has to get past the own defence and every shot, each with the probability it is given, and "
           "that threats of one night do so independently where nothing is shared: a night without a leaker is as "
           "rare as the binomial law says.",
           "Whether the probabilities are right, and whether real shots are independent: a night's shared luck is a "
           "matter of calibration."),
    Family("shoot, look, shoot",
           "That a shooter looks after each shot or salvo, goes on while the threat lives and the doctrine allows, and "
           "that every round is counted.",
           "How long a look takes in practice, and whether a kill is seen as one."),
    Family("salvo mean",
           "That salvos, of shots and of ballistic missiles, have the mean they should, and that a ballistic salvo "
           "meets a defence with the probability that its size gives.",
           "Where Patriots stand: cover and kill probability trade off in the record, and no case can tell them "
           "apart."),
    Family("Erlang B",
           "That who finds every channel busy is lost and nobody else is: shooters and channels of a battery are "
           "servers, in the order of time.",
           "What happens in raids that come in waves: Erlang's formula is for threats that come at random."),
    Family("competing risks",
           "That the coalition, aid and Ukraine's own defence are rivals along the way, not layers one after another: "
           "a full magazine prevents M p P(S > aim | alive when engaged), not M p, and what Ukraine would have stopped "
           "later is counted as redundant.",
           "Where along the way Ukraine stops threats. Two rival models of that are played in every study."),
    Family("patrol arithmetic",
           "That patrols, sorties, tankers' fuel and the state of a fleet follow the published arithmetic, in a plan "
           "and when days are drawn.",
           "Whether air forces would keep the rates: those are numbers of the catalogue, with their ranges."),
    Family("a year's raids",
           "That levels revert to the window's average and spread about it as the catalogue's factor says, and that "
           "launches have grown after so many days by what the growth of a year gives.",
           "Whether raids revert or grow: the record is shorter than what would tell, so both are swept."),
    Family("own rounds",
           "That Ukraine's stores are fired from, rationed and filled again as published, night after night, and that "
           "what redundant stops save is counted.",
           "How many rounds there are: stores are secret, and the numbers judgements."),
    Family("posture and losses",
           "That shooters meet what comes by their part of a ring and in their time on duty, that patrols surge on "
           "nights taken for massed, that who is sent elsewhere is not kept from an aim, and that engagements cost "
           "fighters and friends as often as they should.",
           "Whether warnings come so often, and what an engagement beside another one really risks."),
    Family("harm",
           "That warheads delivered are those of armed leakers, and that hits on the grid accumulate and are mended.",
           "What a hit does: shares and hours are numbers that nobody knows."),
    Family("coverage",
           "That distances, zones, discs and chords on the plane are those on the earth, and that a shooter begins "
           "only what it can finish within reach.",
           "Terrain, and the error of coarse borders, which is stated with every zone."),
    Family("radar horizon",
           "That sensors see as far as a straight line over an earth of four thirds of its radius.",
           "Hills, clutter and weather, and what the radar makes of what it could see."),
    Family("nested variance",
           "That lo and hi are about the expected outcome over parameters with the noise of replications taken off, "
           "mcse about simulating too little, and the spread about single periods.",
           "Whether the parameters' distributions are wide enough."),
    Family("aid's money",
           "That returns decrease as the formula says: the first euro buys what its price and yield say, and no money "
           "adds more than the ceiling.",
           "The yields and the ceiling: they are judgements, swept over their ranges."),
    Family("conservation",
           "That in the shipped month every launched threat of every class and option ends exactly once, and that "
           "an option takes leakers away one for one.",
           "That the ends are the right ones: that is for the families above."),
    Family("empty option",
           "That an option without aircraft is the baseline, byte for byte: what differs between options is caused by "
           "what they bring.",
           "Nothing about options that bring something."),
    Family("stream independence",
           "That nobody's draws move when an option, a day, a vector, a shooter or a missile is added, so that paired "
           "differences are of the same raids.",
           "The quality of the generator: known answers of Philox are compared elsewhere in the tests."))
