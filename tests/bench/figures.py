"""How figures are written, on the terminal and in the documentation."""


import math


def number(value):
    if math.isinf(value):
        return "∞"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}" if abs(value) >= 0.1 else f"{value:.3f}"


def spread(row):
    return f"{number(row['low'])}–{number(row['high'])}"


def compared(row):
    """The ratio to another row; nothing for a row that is compared with itself, or with what is lost in the noise."""
    return f"× {row['ratio']:.2f}" if row["reference"] != row["what"] and row["ratio"] is not None else ""
