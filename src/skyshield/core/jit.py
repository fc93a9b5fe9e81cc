"""The compiler, and the only file that imports numba.

`kernel` compiles a function without the interpreter lock (so a thread pool scales), without
``fastmath`` (so sums keep their order) and with a disk cache. It allocates no memory: numba's runtime
is off, the compiler refuses a function that would need it, and no array is counted in or out where a
kernel hands it to another. That counting, by atomic instructions on cache lines that threads share,
was 45% of the engine's time. `allocating_kernel` is for functions that make new arrays.

A kernel has two forms. As Python calls it, it is an entry: optimised in full, with a wrapper that takes the arrays
out of Python's tuples, and cached. As another kernel calls it, it is inlined there: else the hundred arrays of a
world would be copied to the stack for every call. That form is only tidied, since it is optimised in its caller; it
has neither a wrapper nor machine code nor a place in the cache. Left to itself numba makes a whole entry of every
function, so that the innermost is optimised anew on each of seven levels: two thirds of the compiler's time. What is
inlined cannot call itself.

Numba's own cache misses a change in a callee that lives in another file; therefore the cache folder is
named by the hash of every kernel source and of the versions of numba and numpy. Where nothing can be kept (the folder
is not writable, the disk is full) every run compiles anew: `cache_fault` says so, and the results are the same.

Set ``NUMBA_DISABLE_JIT=1`` to run the same functions as plain Python.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

from skyshield.core.errors import one_line

Function = TypeVar("Function", bound=Callable[..., Any])

_PACKAGE = Path(__file__).resolve().parents[1]


def kernel_sources() -> list[Path]:
    """Return the files whose text decides what a kernel computes, in a fixed order."""
    rooms = [path for room in ("calibrate", "engine") for path in sorted((_PACKAGE / room).rglob("*.py"))]
    names = ("addresses.py", "normal.py", "streams.py", "vocabulary.py")
    forces = (_PACKAGE / "forces" / name for name in ("aid_search.py", "region_outcomes.py"))
    return [*(_PACKAGE / "core" / name for name in names), *rooms, *forces]


def kernel_sha256() -> str:
    """Return the hash of the kernel sources; part of every study key.

    Examples
    --------
    >>> len(kernel_sha256())
    64
    """
    digest = hashlib.sha256()
    for path in kernel_sources():
        digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def _cache_folder() -> Path:
    from platformdirs import user_cache_path

    versions = f"{version('numba')} {version('numpy')} {sys.version_info[:3]}"
    how = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()  # how kernels are compiled, though not what they say
    name = hashlib.sha256(f"{kernel_sha256()} {how} {versions}".encode()).hexdigest()[:16]
    return user_cache_path("skyshield") / f"kernels-{name}"


class _CacheState:
    """Where compiled kernels are kept, and what stands in the way of that, if anything does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fault: str | None = None
        self.is_used = False  # anything was compiled, or sought there
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.fail(error)
        else:
            if not os.access(folder, os.W_OK | os.X_OK):
                self.fail("is not writable")

    def fail(self, what: OSError | str) -> None:
        """Remember the first thing that goes wrong; nothing is kept from then on."""
        if self.fault is None:
            text = what if isinstance(what, str) else f"cannot be written ({what.strerror or what})"
            self.fault = one_line(f"{self.folder}: {text}, so the engine is compiled anew in every run; "
                                  "make room there or set XDG_CACHE_HOME to a folder that can be written")


_CACHE = _CacheState(_cache_folder())
if _CACHE.fault is None:
    os.environ["NUMBA_CACHE_DIR"] = str(_CACHE.folder)  # read once, when numba is imported

from llvmlite import binding as llvm
from numba import _dynfunc, config, njit
from numba.core.caching import FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import NativeLowering

_OPTIONS = {"nogil": True, "no_cfunc_wrapper": True, "fastmath": False, "error_model": "numpy"}


def cache_fault() -> str | None:
    """Return why what this process compiles is not kept, and the remedy, in one line; None if nothing is lost."""
    return _CACHE.fault if _CACHE.is_used else None


class _Cache(FunctionCache):  # type: ignore[misc]
    """Numba's disk cache of one function, which a full disk or a folder that has gone does not stop."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return what is kept for a signature, None if there is nothing or it cannot be read."""
        try:
            return super().load_overload(sig, target_context)
        except (OSError, EOFError) as error:
            _CACHE.fail(error if isinstance(error, OSError) else "holds a file that is cut short")
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled signature if that can be done."""
        if _CACHE.fault is None:
            try:
                super().save_overload(sig, data)
            except OSError as error:
                _CACHE.fail(error)

    def holds_any(self) -> bool:
        """Return whether anything is kept."""
        return any(Path(self.cache_path).glob(f"{self._impl.filename_base}*.nbc"))


class _Compiled(CPUDispatcher):  # type: ignore[misc]
    """A function that is compiled when it is first called, and kept in the cache folder if that can be written."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        super().__init__(function, targetoptions={**_OPTIONS, **options, "nopython": True, "boundscheck": None})
        if _CACHE.fault is None:
            try:
                self._cache = _Cache(function)
            except OSError as error:
                _CACHE.fail(error)
            except RuntimeError:  # numba finds no place for a cache, and does not say why
                _CACHE.fail("cannot be used")

    def compile(self, sig: Any) -> Any:
        """Compile for a signature or load what is kept of it."""
        _CACHE.is_used = True
        return super().compile(sig)

    def is_ready(self) -> bool:
        """Return whether it was compiled before, here or in an earlier run that kept it."""
        return bool(self.overloads) or (isinstance(self._cache, _Cache) and self._cache.holds_any())


class _Entry(_Compiled):
    """A kernel as Python calls it; other kernels that name it find its inlined form."""

    inlined: Any

    @property
    def _numba_type_(self) -> Any:
        return self.inlined._numba_type_


class _InlinedLibrary(JITCodeLibrary):  # type: ignore[misc]
    """The code of a function for its callers alone: callees inlined and tidied, no machine code."""

    def _optimize_final_module(self) -> None:
        builder = llvm.create_pass_builder(self._codegen._tm, llvm.create_pipeline_tuning_options(speed_level=0))
        passes = builder.getModulePassManager()  # of level 0: inlines what must be
        passes.add_loop_rotate_pass()
        passes.add_instruction_combine_pass()
        passes.add_jump_threading_pass()
        passes.run(self._final_module, builder)

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class _InlinedLowering(NativeLowering):  # type: ignore[misc]
    """Lower a function into such a library and register it for kernels to call."""

    _name = "inlined_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = _InlinedLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        lowered = state.cr
        key = _dynfunc.make_function(lowered.fndesc.lookup_module(), state.func_id.func_name,
                                     "inlined, not to be called", 0, lowered.env, (state.library,))
        state.targetctx.insert_user_function(key, lowered.fndesc, [state.library])
        state.reload_init.extend(state.library._reload_init)
        state.cr = lowered._replace(cfunc=key)
        return True


class _InlinedCompiler(CompilerBase):  # type: ignore[misc]
    """Numba's own passes but for the last."""

    def define_pipelines(self) -> list[Any]:
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_InlinedLowering, NativeLowering)
        passes.passes = [item for item in passes.passes if item[0] is not NativeLowering]
        passes.finalize()
        return [passes]


def kernel(function: Function) -> Function:
    """Compile `function` to machine code that runs outside the interpreter lock and allocates nothing."""
    if config.DISABLE_JIT:
        return function
    entry = _Entry(function, _nrt=False)
    entry.inlined = njit(function, **_OPTIONS, _nrt=False, forceinline=True, no_cpython_wrapper=True,
                         pipeline_class=_InlinedCompiler)
    return cast("Function", entry)


def allocating_kernel(function: Function) -> Function:
    """Compile `function` likewise, but let it make new arrays."""
    return function if config.DISABLE_JIT else cast("Function", _Compiled(function))


def is_ready(function: Callable[..., Any]) -> bool:
    """Return whether a kernel need not be compiled: it was called before, here or in an earlier run that kept it."""
    return function.is_ready() if isinstance(function, _Compiled) else True
