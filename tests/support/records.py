"""A small made-up raid record that can be fitted: front-line nights, some massed ones, missiles now and then."""

import datetime as dt
import random

HEADER = "time_start,time_end,model,launched,destroyed,not_reach_goal,source"
EVERY = 6


def record(nights: int = 30, last: dt.date = dt.date(2025, 12, 31)) -> str:
    """Return a record as CSV text whose last night ends on the day given."""
    draw, lines = random.Random(5), [HEADER]
    for night in range(nights):
        day = last - dt.timedelta(days=nights - 1 - night)
        window = f"{day - dt.timedelta(days=1)} 19:00,{day} 08:00"
        massed = night % EVERY == 0
        launched = draw.randint(18, 42) + (draw.randint(70, 130) if massed else 0)
        stopped = launched - draw.randint(4, 9)
        lost = stopped // 3
        lines.append(f"{window},Shahed-136/131,{launched},{stopped - lost},{lost},kpszsu/posts/a")
        if massed:
            lines.append(f"{window},X-101/X-555,{draw.randint(4, 9)},{draw.randint(2, 4)},,kpszsu/posts/a")
        if night % 3 == 0:
            lines.append(f"{window},Iskander-M/KN-23,{draw.randint(1, 4)},{draw.randint(0, 1)},,kpszsu/posts/a")
    return "\n".join(lines) + "\n"


def alerts() -> str:
    """Return an hour or two of alert in every oblast that a fit looks at, on some nights of the record, as CSV text."""
    from skyshield.record.names import reading

    oblasts = [oblast for side in reading()["alert_oblasts"].values() for oblast in side]
    nights = [(month, day) for month in (11, 12) for day in range(1, 31, 3)]
    rows = [f"{oblast},2025-{month}-{day:02d}T20:00:00Z,2025-{month}-{day:02d}T2{1 + day % 2}:30:00Z"
            for oblast in oblasts for month, day in nights]
    return "\n".join(["region,started_at,finished_at", *rows]) + "\n"
