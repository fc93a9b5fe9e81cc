"""Menus, boxes and games of the response dilemma for tests: the specification's, and random ones."""

from dataclasses import replace

import numpy as np

from skyshield.strategy.response import Answer, Losses
from skyshield.strategy.response_box import Box

MENU = {"none": Answer(0.0, 0.6, 0.0, 0.0, 0.0), "sanctions": Answer(0.3, 0.5, 0.01, 0.01, 0.1),
        "aid": Answer(0.5, 0.4, 0.03, 0.03, 0.2), "wider_rules": Answer(0.8, 0.25, 0.1, 0.05, 0.8),
        "in_kind": Answer(1.0, 0.1, 0.3, 0.1, 2.0)}
LOSSES = Losses(0.5, 1.0)


def random_box(rng, width=0.3):
    """Return a box around random answers; with width 0 a point."""
    def ends(value, top=1.0):
        reach = width * rng.random() * top
        return max(0.0, value - reach), min(top, value + reach)

    answers = {}
    for name in MENU:
        each = [ends(rng.random()) for _ in range(3)] + [ends(0.3 * rng.random(), 0.5), ends(3 * rng.random(), 4.0)]
        answers[name] = tuple(Answer(*(one[end] for one in each)) for end in range(2))
    losses = ends(rng.random()), ends(2 * rng.random(), 3.0), ends(rng.random(), 2.0), ends(0.4 * rng.random())
    return Box(answers, (0.8, 1.0), (5.0, 9.0), *losses)


def inside(box, rng, corner=False):
    """Return a point of a box: answers, losses, gain, tolerance."""
    def pick(low, high):
        return rng.choice([low, high]) if corner else rng.uniform(low, high)

    answers = {name: Answer(*(pick(a, b) for a, b in zip(*ends, strict=True))) for name, ends in box.answers.items()}
    return (answers, Losses(pick(*box.next_attack), pick(*box.wider_war)), pick(*box.gain), pick(*box.tolerance))


def point(box, answers=None):
    """Return a box that is the middle of another."""
    middle = {name: (Answer(*np.mean(ends, axis=0)),) * 2 for name, ends in (answers or box.answers).items()}
    sides = {name: (float(np.mean(getattr(box, name))),) * 2
             for name in ("most", "scale", "next_attack", "wider_war", "gain", "tolerance")}
    return replace(box, answers=middle, **sides)
