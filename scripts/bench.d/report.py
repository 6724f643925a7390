"""The table that scripts/bench prints, and the same as JSON."""

import json
import os
import time


class Report:
    def __init__(self):
        self.rows = []

    def add(self, figure, what, measured, unit="", most=None, least=None, note=""):
        """Adds a row. With `most` or `least` it has a bar, which it passes or not."""
        passed = None
        if most is not None or least is not None:
            passed = (most is None or measured <= most) and (least is None or measured >= least)
        self.rows.append(
            {"figure": figure, "what": what, "measured": measured, "unit": unit, "most": most, "least": least,
             "passed": passed, "note": note}
        )
        print("  " + "  ".join(filter(None, self.texts(self.rows[-1]))), flush=True)

    @property
    def failed(self):
        return [row for row in self.rows if row["passed"] is False]

    def table(self):
        lines = [("figure", "what", "measured", "bar", "")] + [self.texts(row) for row in self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(4)]
        lines.insert(1, tuple("-" * width for width in widths) + ("----",))
        text = "\n".join(
            " | ".join([cell.ljust(width) for cell, width in zip(line, widths)] + [line[4]]).rstrip() for line in lines
        )
        notes = [f"{row['figure']}, {row['what']}: {row['note']}" for row in self.rows if row["note"]]
        return text + "".join("\n\n" + note for note in notes)

    def texts(self, row):
        bar = ""
        if row["most"] is not None:
            bar = "<= " + number(row["most"], row["unit"])
        elif row["least"] is not None:
            bar = ">= " + number(row["least"], row["unit"])
        verdict = {True: "pass", False: "FAIL", None: ""}[row["passed"]]
        return row["figure"], row["what"], number(row["measured"], row["unit"]), bar, verdict

    def write(self, path):
        told = {
            "measured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "cores": os.cpu_count(),
            "load": os.getloadavg()[0],
            "rows": self.rows,
        }
        with open(path + ".new", "w") as file:
            json.dump(told, file, indent=2)
        os.replace(path + ".new", path)


def number(value, unit):
    """A value as people read it."""
    if isinstance(value, str):
        return value
    if unit == "MB":
        text = f"{value / 1e6:,.1f}"
    elif isinstance(value, float):
        text = f"{value:,.3f}" if abs(value) < 10 else f"{value:,.1f}"
    else:
        text = f"{value:,}"
    return f"{text} {unit}".strip()
