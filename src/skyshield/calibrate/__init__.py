"""Record to fit: the raid model and Ukraine's own defence, calibrated."""

from skyshield.calibrate.fit import fit_observations, fit_record, profile_raids
from skyshield.calibrate.observations import Observations, observe

__all__ = ["Observations", "fit_observations", "fit_record", "observe", "profile_raids"]
