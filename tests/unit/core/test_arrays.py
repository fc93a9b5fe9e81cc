"""Types of arrays stand once. Shown to fail with one defined again in `theatre`."""

import re
from pathlib import Path

from skyshield.core import arrays

PACKAGE = Path(arrays.__file__).parents[1]
TYPE = re.compile(r"^\w+ = npt\.NDArray\[np\.(float64|int64|uint32|int8|uint8|bool_|datetime64)\]", re.MULTILINE)


def test_no_other_file_defines_a_type_of_array():
    files = [path for path in PACKAGE.rglob("*.py") if TYPE.search(path.read_text("utf-8"))]
    result = {path.relative_to(PACKAGE).as_posix() for path in files}
    assert result == {"core/arrays.py"}
