"""What compiling has worked out and other settings may take: numbers, map and fit are one, scenarios come and go."""

from typing import cast

from skyshield.compile.context import CompileContext
from skyshield.compile.kept import Kept
from skyshield.compile.parameters import ParameterTable
from skyshield.compile.reuse import Parts
from skyshield.compile.world import ArmCompiler, Laid, context_of
from skyshield.scenario import Resolved, Scenario

_LATEST = 3  # parts of each kind: a move that is taken back finds them


class Warm:
    """Compiles settings that are resolved with the same numbers, map and fit.

    Parameters
    ----------
    resolved
        Any scenario, resolved with them.
    most_bytes
        That what is kept may take, about.

    Examples
    --------
    >>> from skyshield.catalogue import load_catalogue
    >>> from skyshield.raids.fit import embedded_fit
    >>> from skyshield.scenario import load, resolve
    >>> from skyshield.theatre import load_theatre
    >>> month = load("month").chosen(("region",))
    >>> warm = Warm(resolve(month, load_catalogue(), load_theatre(), embedded_fit()), 50_000_000)
    >>> one, other = (warm.compiler(warm.context(asked), 1, 2).compile({}).world for asked in (month, month.first(9)))
    >>> one.own.p_leak is other.own.p_leak, one.rules.window_start_m is other.rules.window_start_m
    (True, False)
    """

    def __init__(self, resolved: Resolved, most_bytes: int) -> None:
        _, self.fit, self.catalogue, self.theatre = resolved.parts()
        self._shared: Kept[object] = Kept(most_bytes)

    def context(self, asked: Scenario) -> CompileContext:
        """Return the context of a scenario."""
        return context_of(asked, self.fit, self.catalogue, self.theatre, self._shared)

    def compiler(self, context: CompileContext, seed: int, vectors: int) -> ArmCompiler:
        """Return a compiler that takes what options do not change from the settings before."""
        key = ("laid", seed, vectors)
        laid = cast("Laid", self._shared.get(key, lambda: Laid(
            ParameterTable(self.catalogue, self.fit, seed, vectors, {}), Parts(_LATEST))))
        self._shared.put(key, laid, laid.parts.bytes)  # with what the setting before has added
        return ArmCompiler(context, seed, vectors, like=laid)

    @property
    def bytes(self) -> int:
        """Bytes that are kept, about."""
        return self._shared.bytes
