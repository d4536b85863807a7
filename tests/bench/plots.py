"""Bars with their spread, as SVG: a group of bars for each case."""

import math
from html import escape

from figures import number

WIDTH, LEFT, RIGHT, BAR, GAP, TOP = 860, 300, 90, 13, 12, 34
COLOURS = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#999999"]
STYLE = ("text{font:11px system-ui,sans-serif;fill:#24292f}line{stroke:#57606a}.grid{stroke:#d0d7de}"
         "@media(prefers-color-scheme:dark){text{fill:#e6edf3}line{stroke:#9198a1}.grid{stroke:#3d444d}}")


class Scale:
    """From values to places; logarithmic where linear would show the largest only."""

    def __init__(self, rows):
        values = [value for row in rows for value in (row["low"], row["median"], row["high"])]
        self.is_log = min(values) > 0 and max(values) > 30 * min(values)
        if self.is_log:
            self.low, self.high = 10 ** math.floor(math.log10(min(values))), 10 ** math.ceil(math.log10(max(values)))
        else:
            self.low, self.high = min(0, *values), max(values)

    def place(self, value):
        low, high, value = (map(math.log10, (self.low, self.high, value)) if self.is_log else (self.low, self.high, value))
        return LEFT + (WIDTH - LEFT - RIGHT) * (value - low) / (high - low)

    def ticks(self):
        if self.is_log:
            return [10.0 ** power for power in range(round(math.log10(self.low)), round(math.log10(self.high)) + 1)]
        step = 10 ** math.floor(math.log10(self.high - self.low))
        step = step / 2 if (self.high - self.low) / step < 3 else step
        return [step * count for count in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]


def text(x, y, words, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def bar(row, scale, y, colour):
    start, end = sorted((scale.place(scale.low if scale.is_log else 0), scale.place(row["median"])))
    low, high, middle = scale.place(row["low"]), scale.place(row["high"]), y + BAR / 2
    return (f'<rect x="{start:.1f}" y="{y:.1f}" width="{end - start:.1f}" height="{BAR - 2}" fill="{colour}"/>'
            f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{middle - 1:.1f}" y2="{middle - 1:.1f}"/>'
            + text(max(end, high) + 5, y + BAR - 4, number(row["median"])))


def svg(title, rows):
    """Of rows of one unit."""
    scale, whats = Scale(rows), list(dict.fromkeys(row["what"] for row in rows))
    colours = {what: COLOURS[number % len(COLOURS)] for number, what in enumerate(whats)}
    body, y = [], TOP + 16 * len(whats)
    for number_of, what in enumerate(whats):
        body.append(f'<rect x="{LEFT}" y="{TOP + 16 * number_of - 8}" width="10" height="10" fill="{colours[what]}"/>'
                    + text(LEFT + 16, TOP + 16 * number_of + 1, what))
    first = y
    for case in dict.fromkeys(row["case"] for row in rows):
        of_case = [row for row in rows if row["case"] == case]
        body.append(text(LEFT - 8, y + BAR * len(of_case) / 2 + 3, case, "end"))
        for row in of_case:
            body.append(bar(row, scale, y, colours[row["what"]]))
            y += BAR
        y += GAP
    axis = [f'<line class="grid" x1="{scale.place(tick):.1f}" x2="{scale.place(tick):.1f}" y1="{first - 6}" y2="{y - 6}"/>'
            + text(scale.place(tick), y + 8, f"{tick:g}", "middle") for tick in scale.ticks()]
    unit = rows[0]["unit"] + (", logarithmic" if scale.is_log else "")
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 30}" width="{WIDTH}" height="{y + 30}" role="img">'
            f"<title>{escape(title)}</title><style>{STYLE}</style>" + "\n".join([*axis, *body])
            + text(WIDTH - RIGHT, y + 24, unit, "end") + "</svg>\n")
