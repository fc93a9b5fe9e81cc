"""Claims: what the op-ed and its rivals say, one by one, and the rule that turns a study's figures into verdicts."""

from skyshield.claims.document import claim_json, claims_json, judged, named
from skyshield.claims.judge import (
    CONTRADICTED,
    NOT_TESTABLE,
    PARTLY,
    SUPPORTED,
    VERDICTS,
    InArm,
    Judged,
    PartJudged,
    Tried,
    holm,
    judge_all,
    judge_part,
)
from skyshield.claims.read import load_claims, load_thresholds, read_claims, read_thresholds
from skyshield.claims.table import SIDES, Claim, Claims, Figure, Part, Place, Threshold

__all__ = [
    "CONTRADICTED", "NOT_TESTABLE", "PARTLY", "SIDES", "SUPPORTED", "VERDICTS", "Claim", "Claims", "Figure", "InArm",
    "Judged", "Part", "PartJudged", "Place", "Threshold", "Tried", "claim_json", "claims_json", "holm", "judge_all",
    "judge_part", "judged", "load_claims", "load_thresholds", "named", "read_claims", "read_thresholds",
]
