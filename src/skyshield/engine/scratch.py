"""What a block is worked out in: arrays that the steps fill and read, allocated once a block and used day after day.

Nothing here is input; that is `skyshield.engine.world`. Axes are named as there; an array without axes in its comment
has one number for each threat of the day.
"""

from typing import NamedTuple

import numpy as np

from skyshield.core.arrays import Flags, Floats, Indices, Integers
from skyshield.core.vocabulary import INCIDENT_KINDS, N_BOUNDARIES, N_CARGOES, N_CLASSES, N_POSTS, N_STREAMS
from skyshield.engine.tally import AMOUNTS, COUNTS
from skyshield.engine.world import Costs, Forces

CLUSTERED, BY_FIGHTERS = 0, 1  # of `Scratch.engaged`
EVENTS, STRAYS = 0, 1  # the columns of `Ends.occasions`
N_STEP_UNIFORMS = 8  # uniforms of a threat that one step needs at most
N_ALERT_BINS = 90  # of ten minutes: the night from 18:00 to 09:00


class Period(NamedTuple):
    """What a replication's period brings, night by night, before anything is known of an option."""

    counts: Integers  # [replication, phase, day, stream] launches, 0 where nobody is in that phase
    massed: Flags  # [replication, day]
    leak_shift: Floats  # [replication, day] of the logit of the front stream's leak rate
    path: Flags  # [replication, option + 1, day] the phase that holds, last as it would be without any option
    played: Flags  # [replication, phase, day] somebody is in it


class Raid(NamedTuple):
    """The raid of one day: its threats in order of stream and ordinal."""

    threat: Indices  # id: class << 24 | ordinal, from 1 << 22 on in the deep stream
    uniforms: Floats  # [draw, threat] uniforms of the step at work, all drawn before the first is used
    threat_class: Indices
    stream: Indices
    aim: Indices
    route: Indices
    bound: Indices  # the aim that it was launched at; `aim` is another where the attacker's adaptation sends it there
    load: Flags
    jet: Flags
    departure_s: Floats
    pace_s_m: Floats  # seconds per metre of the drawn route
    length_m: Floats
    met_stream: Indices  # the stream whose hazard it meets: its own, or where it is sent elsewhere that of there
    own_stop_due: Flags  # its own stop is still to be worked out on this route
    own_stop_m: Floats  # latent, infinite if own defence would let it through
    own_soft: Flags
    soft_u: Floats  # uniform of its stop being a diversion
    own_margin: Floats  # what its hazard, with full stores, would have to be multiplied by to stop it, or infinity
    stop_u: Floats  # uniform of its own stop
    track_u: Floats  # a shooter can hold a track on it if this lies below the share its kind can; 1 if nobody ...
    identify_u: Floats  # ... looks at it, and then these two are not up to date
    joint_u: Floats
    ring_u: Floats  # where on the ring round its aim it comes in, in turns
    aid_u: Floats  # its uniform against aid
    aid_stop_m: Floats  # latent, infinite if aid would let it through
    crossing: Indices  # those whose route crosses the option's declared zone, if it has anyone: the first ...
    n_crossing: Integers  # [1] ... so many. Of all others what follows, `fate` apart, is not up to date
    opening_s: Floats  # earliest moment any shooter of the option could begin
    first_near: Indices  # who could begin first when that was last asked, a place in `Forces.near_slot` ...
    first_s: Floats  # ... and when
    could_shoot_s: Floats  # earliest moment any could shoot
    fate: Indices
    refused: Indices
    engagements: Indices
    shots: Indices
    shot_m: Floats  # where it was when it was last shot at
    missed: Indices  # missiles fired at it that did not hit
    waiting: Indices  # those that a step has to do with; in engagements those with a turn, a heap of which ...
    turn_s: Floats  # ... this says when each is looked at next, not in order of threats but of the heap


class Ends(NamedTuple):
    """How a day's threats end, added up."""

    counts: Integers  # [count] of the tally
    occasions: Integers  # [column, incident] events as such, and threats that may stray and become one
    leakers: Integers  # [aim, cargo]
    bound: Integers  # [2] armed leakers launched at an aim anywhere, and at one in the protected area
    cover: Integers  # [bin + 1, aim] threats for which the aim's oblast is under alert then; nothing in the last bin
    alert_bins: Integers  # [aim] bins of the night under alert
    alert_person_h: Floats  # [1] people in the aims' oblasts times hours under alert


class Reach(NamedTuple):
    """Where on the routes the shooters of one vector may engage: their reach within the rules' windows."""

    first: Indices  # [near * 3 + class + 1] the spans for an entry of `Forces.near_slot` and a class ...
    start_m: Floats  # ... are these, from first[near * 3 + class] on
    end_m: Floats


class Campaign(NamedTuple):
    """What lasts from day to day of one replication, for every option."""

    down: Floats  # [option] aircraft out of use
    lost: Floats  # [option] aircraft lost for good
    stock: Floats  # [option, store] rounds left
    own_stock: Floats  # [option + 1, class] kills for which Ukraine has rounds; last, as it would be without any option
    grid: Floats  # [option, aim] hits on the grid not yet mended, in those of a UAV
    port: Floats  # [option] the same of ports
    would_come: Floats  # [option, package] armed UAVs to its places' oblasts so far, as Ukraine alone meets them ...
    came: Floats  # [option, package] ... and as they came under the option


class Struck(NamedTuple):
    """Strikes on places with people on one day, by where they are."""

    strikes: Floats  # [post] expected
    mean: Floats  # [post] people that one costs on average ...
    most: Floats  # [post] ... and at most


class Scratch(NamedTuple):
    """What a day is worked out in, allocated once a block."""

    raid: Raid
    own_raid: Raid  # of the option that is played, where the attacker's adaptation makes it another
    raid_ends: Ends  # of `raid`, as Ukraine alone meets it
    own_raid_ends: Ends  # of `own_raid`, likewise
    alone: Ends  # of what of `raid` comes without an option, likewise
    alert_bins: Integers  # [aim] bins under alert, as Ukraine alone meets the raids, of all nights so far
    full: Floats  # [class] 1: what the own defence's hazard is over that of full stores, if they are full ...
    supply_alone: Floats  # [class] ... as Ukraine alone has them tonight ...
    supply: Floats  # [class] ... under the option that is played
    comes: Floats  # [option + 1, class] kills for which rounds come today
    engaged: Integers  # [2] engagements begun while another shooter had a threat in work, and those of fighters
    early_warning: Flags  # [1] airborne early warning is up tonight
    warned: Flags  # [2] tonight is taken for a massed one: if it is none, and if it is one
    ends: Ends  # under the option that is played
    unmanned: Integers  # [1] that option, if it met the drawn raid with nobody manned; else -1
    same_aid: Flags  # [option] aid is that of the option before
    launches: Integers  # [option + 1, stream] that come in the phase of each, last without any option
    sizes: Integers  # [option, stream] the same with what the attacker makes of it
    most: Integers  # [stream] the most that anybody meets
    deep_cdf: Floats  # [aim] tonight
    may_cross: Flags  # [route] it crosses the declared zone of some option, or a threat may be sent to one that does
    p_track: Floats  # [kind] tonight, with the shooters' own sensors
    p_seen: Floats  # [slot, class] tonight, with the option's sensors too; of manned shooters
    active: Flags  # [option, day] any shooter of the option is there
    present: Flags  # [option, day] any package is
    there: Flags  # [slot] the shooter's package is there today
    needs_aircraft: Floats  # [slot] that a patrol takes tonight, 0 if it is not there
    manned: Flags  # [slot]
    kept_up: Floats  # [slot] share of a patrol that the fleet keeps up tonight
    free_s: Floats  # [slot, channel]
    renewal: Integers  # [slot] the last renewal whose weapons it has used
    left: Integers  # [slot, magazine] of these
    fired: Integers  # [kind, weapon] today
    scrambles: Integers  # [slot] today
    sortie_end_s: Floats  # [slot] when the last sortie of a scrambled pair ends
    at_x_m: Floats  # [slot] where such a pair is once it is free
    at_y_m: Floats  # [slot]
    weather: Floats  # [1] share of patrols that tonight's weather leaves
    campaign: Campaign
    struck: Struck
    reach: Reach
    met: Floats  # [stream + 1, piece] strength met by the end of it along the way, and last the share of W near aims
    met_vector: Integers  # [1] the vector that this is of, -1 before there is one
    used: Floats  # [item] today, what has a price
    lines: Floats  # [boundary, line] today, EUR
    day_counts: Integers  # [option, count] of the tally, today
    day_amounts: Floats  # [option, amount] likewise


def new_raid(capacity: int) -> Raid:
    """Allocate scratch for at most `capacity` threats a day."""
    def indices() -> Indices:
        return np.zeros(capacity, np.uint32)

    def reals() -> Floats:
        return np.zeros(capacity, np.float64)

    def flags() -> Flags:
        return np.zeros(capacity, np.uint8)

    return Raid(
        threat=indices(), uniforms=np.zeros((N_STEP_UNIFORMS, capacity)), threat_class=indices(), stream=indices(),
        aim=indices(), route=indices(), bound=indices(), load=flags(), jet=flags(),
        departure_s=reals(), pace_s_m=reals(), length_m=reals(), met_stream=indices(), own_stop_due=flags(),
        own_stop_m=reals(),
        own_soft=flags(), soft_u=reals(), own_margin=reals(), stop_u=reals(), track_u=reals(),
        identify_u=reals(), joint_u=reals(),
        ring_u=reals(), aid_u=reals(), aid_stop_m=reals(),
        crossing=indices(), n_crossing=np.zeros(1, np.int64), opening_s=reals(), first_near=indices(),
        first_s=reals(), could_shoot_s=reals(), fate=indices(), refused=indices(), engagements=indices(),
        shots=indices(), shot_m=reals(), missed=indices(), waiting=indices(), turn_s=reals())


def new_ends(n_aims: int) -> Ends:
    """Allocate the totals of a raid's ends."""
    return Ends(np.zeros(len(COUNTS), np.int64), np.zeros((2, len(INCIDENT_KINDS)), np.int64),
                np.zeros((n_aims, N_CARGOES), np.int64), np.zeros(2, np.int64),
                np.zeros((N_ALERT_BINS + 1, n_aims), np.int32),
                np.zeros(n_aims, np.int32), np.zeros(1))


def active_days(forces: Forces) -> Flags:
    """Return u1[option, day]: any package of the option that fires is there."""
    return np.asarray((forces.presence * forces.fires[:, :, None]).max(axis=1, initial=0), np.uint8)


def new_reach(forces: Forces, n_windows: int) -> Reach:
    """Allocate room for the spans of two parts of each route near each shooter; what is not used takes no memory."""
    n_entries = len(forces.near_slot) * N_CLASSES
    n_spans = n_entries * 2 * n_windows
    return Reach(np.zeros(n_entries + 1, np.uint32), np.empty(n_spans), np.empty(n_spans))


def new_scratch(forces: Forces, costs: Costs, raid: Raid, own_raid: Raid, n_aims: int, n_windows: int,
                n_pieces: int = 0) -> Scratch:
    """Allocate what a block needs besides its raids."""
    n_options, n_slots = forces.shooter_kind.shape
    n_kinds, n_weapons = forces.munition.shape
    n_channels = int(forces.n_channels.max())
    campaign = Campaign(np.zeros(n_options), np.zeros(n_options), np.zeros((n_options, forces.store_most.shape[2])),
                        np.zeros((n_options + 1, N_CLASSES)), np.zeros((n_options, n_aims)), np.zeros(n_options),
                        *(np.zeros(forces.presence.shape[:2]) for _ in range(2)))
    return Scratch(
        raid=raid, own_raid=own_raid, raid_ends=new_ends(n_aims), own_raid_ends=new_ends(n_aims),
        alone=new_ends(n_aims), alert_bins=np.zeros(n_aims, np.int64),
        full=np.ones(N_CLASSES), supply_alone=np.ones(N_CLASSES), supply=np.ones(N_CLASSES),
        comes=np.zeros((n_options + 1, N_CLASSES)),
        engaged=np.zeros(2, np.int64), early_warning=np.ones(1, np.uint8), warned=np.zeros(2, np.uint8),
        ends=new_ends(n_aims), unmanned=np.zeros(1, np.int64), same_aid=np.zeros(n_options, np.uint8),
        launches=np.zeros((n_options + 1, N_STREAMS), np.int64),
        sizes=np.zeros((n_options, N_STREAMS), np.int64), most=np.zeros(N_STREAMS, np.int64),
        deep_cdf=np.zeros(n_aims), may_cross=np.ones(forces.near_first.shape[1] - 1, np.uint8),
        p_track=np.zeros(n_kinds), p_seen=np.zeros((n_slots, N_CLASSES)),
        active=active_days(forces), present=forces.presence.max(axis=1), there=np.zeros(n_slots, np.uint8),
        needs_aircraft=np.zeros(n_slots), manned=np.zeros(n_slots, np.uint8), kept_up=np.zeros(n_slots),
        free_s=np.zeros((n_slots, n_channels)),
        renewal=np.zeros(n_slots, np.int64), left=np.zeros((n_slots, forces.store.shape[2]), np.int64),
        fired=np.zeros((n_kinds, n_weapons), np.int64), scrambles=np.zeros(n_slots, np.int64),
        sortie_end_s=np.zeros(n_slots), at_x_m=np.zeros(n_slots), at_y_m=np.zeros(n_slots), weather=np.ones(1),
        campaign=campaign, struck=Struck(*(np.zeros(N_POSTS) for _ in range(3))),
        reach=new_reach(forces, n_windows), met=np.zeros((N_STREAMS + 1, n_pieces)),
        met_vector=np.full(1, -1, np.int64), used=np.zeros(len(costs.line)),
        lines=np.zeros((N_BOUNDARIES, costs.standing_eur.shape[4])),
        day_counts=np.zeros((n_options, len(COUNTS)), np.int64), day_amounts=np.zeros((n_options, len(AMOUNTS))))
