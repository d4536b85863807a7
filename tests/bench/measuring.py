"""What the groups in Python share, and what becomes of the rows of all groups.

A group is a program that prints rows as JSON, one a line: { case, what, unit, values, reference }. `values` has a figure
for each round; `reference` is the `what` of the row of the same case with which it is compared.
"""

import json
import statistics


def emit(case, what, unit, values, reference=None):
    print(json.dumps({"case": case, "what": what, "unit": unit, "values": values, "reference": reference or what},
                     ensure_ascii=False), flush=True)


def share_of(values, share):
    """The value below which that share of all lies."""
    ordered = sorted(values)
    return ordered[round(share * (len(ordered) - 1))]


def ratio(value, reference):
    return value / reference if reference > 0 else None


def summed(group, rows):
    """Rows with median, low (a tenth is below) and high (a tenth is above), and the ratio to their reference; none to one that is
    lost in the noise, at or below nothing."""
    medians = {(row["case"], row["what"]): statistics.median(row["values"]) for row in rows}
    return [{
        "group": group, "case": row["case"], "what": row["what"], "unit": row["unit"],
        "median": medians[row["case"], row["what"]], "low": share_of(row["values"], 0.1), "high": share_of(row["values"], 0.9),
        "rounds": len(row["values"]), "reference": row["reference"],
        "ratio": ratio(medians[row["case"], row["what"]], medians[row["case"], row["reference"]]),
    } for row in rows]
