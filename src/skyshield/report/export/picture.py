"""The chart of the answer as a picture, for documents and slides."""

from skyshield.study.view import StudyView


def answer_picture(_: StudyView) -> bytes | None:
    """Return the chart of the answer as PNG at slide size; None as long as no chart is drawn as a picture."""
    return None
