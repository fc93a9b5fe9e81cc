"""What areas, acts and restrictions are called: messages of the catalogue, by the codes of the ledger."""

from collections.abc import Mapping

from skyshield.monitoring.attribution.words import UNDETERMINED
from skyshield.monitoring.daily.areas import OUTSIDE
from skyshield.monitoring.daily.day import NO_ACT
from skyshield.report.daily.language import N_

AREAS: Mapping[str, str] = {
    "Cherkasy": N_("Cherkasy oblast"), "Chernihiv": N_("Chernihiv oblast"), "Chernivtsi": N_("Chernivtsi oblast"),
    "Crimea": N_("Crimea"), "Dnipropetrovsk": N_("Dnipropetrovsk oblast"), "Donetsk": N_("Donetsk oblast"),
    "Ivano-Frankivsk": N_("Ivano-Frankivsk oblast"), "Kharkiv": N_("Kharkiv oblast"), "Kherson": N_("Kherson oblast"),
    "Khmelnytskyi": N_("Khmelnytskyi oblast"), "Kirovohrad": N_("Kirovohrad oblast"), "Kyiv": N_("Kyiv oblast"),
    "Kyiv City": N_("Kyiv (city)"), "Luhansk": N_("Luhansk oblast"), "Lviv": N_("Lviv oblast"),
    "Mykolaiv": N_("Mykolaiv oblast"), "Odesa": N_("Odesa oblast"), "Poltava": N_("Poltava oblast"),
    "Rivne": N_("Rivne oblast"), "Sevastopol": N_("Sevastopol (city)"), "Sumy": N_("Sumy oblast"),
    "Ternopil": N_("Ternopil oblast"), "Vinnytsia": N_("Vinnytsia oblast"), "Volyn": N_("Volyn oblast"),
    "Zakarpattia": N_("Zakarpattia oblast"), "Zaporizhzhia": N_("Zaporizhzhia oblast"),
    "Zhytomyr": N_("Zhytomyr oblast"), OUTSIDE: N_("at sea or beyond the borders")}
ACTS: Mapping[str, str] = {
    "V1": N_("air attack"), "V2": N_("indirect fire"), "V3": N_("small arms"), "V4": N_("movement, weapons too near"),
    "V5": N_("fortification or mines"), "V6": N_("reconnaissance in closed airspace"),
    "V7": N_("attack on infrastructure"), "V8": N_("at sea"), "V9": N_("obstruction of monitors"),
    "V10": N_("cyber or electronic"), "V11": N_("attack on coalition personnel"),
    "V12": N_("incursion into a third state"), NO_ACT: N_("no act named")}
PARTIES: Mapping[str, str] = {
    "RU": N_("Russia"), "UA": N_("Ukraine"), "CO": N_("the coalition"), "OTHER": N_("the formations"),
    UNDETERMINED: N_("undetermined")}
RESTRICTIONS: Mapping[str, str] = {
    "access_denied": N_("access denied"), "jamming": N_("jamming"), "cloud": N_("cloud"), "night": N_("night"),
    "fire_at_monitors": N_("fire at monitors"), "mines": N_("mines"), "failure": N_("equipment failed"),
    "other": N_("other")}
# As the map of the theatre has them.
PLACES: Mapping[str, str] = {name: name for name in (
    N_("Kyiv"), N_("Lviv"), N_("Odesa"), N_("Uzhhorod"), N_("Vinnytsia"), N_("Rivne"), N_("Kharkiv"), N_("Dnipro"),
    N_("Izmail"), N_("Mykolaiv"), N_("RUSSIA"), N_("BELARUS"), N_("POLAND"), N_("ROMANIA"), N_("MOLDOVA"),
    N_("Crimea (Ukraine)"), N_("Black Sea"))}
