"""The table that scripts/bench prints, and the same as JSON."""

import contextlib
import json
import os
import time
import traceback


class Report:
    def __init__(self):
        self.rows = []
        self.crashed = False

    def add(self, figure, what, measured, unit="", most=None, least=None, note="", beside=None, ratio=None):
        """Adds a row. With `most` or `least` it has a bar, which it passes or not.

        A row may have what was measured beside it, and how many times as much or as long one is as the other: the bar then
        is one for that ratio.
        """
        judged = measured if ratio is None else ratio
        passed = None
        if most is not None or least is not None:
            passed = (most is None or judged <= most) and (least is None or judged >= least)
        self.append(figure, what, measured, unit, most, least, passed, note, beside, ratio)

    def fail(self, figure, what, reason):
        """Adds a row for what could not be measured."""
        self.append(figure, what, None, "", None, None, False, f"Not measured: {reason}.", None, None)

    @contextlib.contextmanager
    def or_failure(self, figure):
        """What goes wrong inside costs this figure and not those after it."""
        try:
            yield
        except Exception as error:
            traceback.print_exc()
            self.crashed = True
            self.fail(figure, "all of it", f"{type(error).__name__}: {error}")

    def append(self, figure, what, measured, unit, most, least, passed, note, beside, ratio):
        self.rows.append(
            {"figure": figure, "what": what, "measured": measured, "beside": beside, "ratio": ratio, "unit": unit,
             "most": most, "least": least, "passed": passed, "note": note}
        )
        row = self.rows[-1]
        print("  " + "  ".join(filter(None, [*self.texts(row), note if measured is None else ""])), flush=True)

    @property
    def failed(self):
        return [row for row in self.rows if row["passed"] is False]

    def table(self):
        lines = [("figure", "what", "measured", "ratio", "bar", "")] + [self.texts(row) for row in self.rows]
        # An empty column is omitted; the column of the verdict has no head.
        columns = [number for number in range(6) if number == 5 or any(line[number] for line in lines[1:])]
        widths = [max(4, *(len(line[column]) for line in lines)) for column in columns]
        lines.insert(1, ["-" * 99] * 6)
        text = "\n".join(
            " | ".join(line[column][:width].ljust(width) for column, width in zip(columns, widths)).rstrip()
            for line in lines
        )
        notes = [f"{row['figure']}, {row['what']}: {row['note']}" for row in self.rows if row["note"]]
        return text + "".join("\n\n" + note for note in notes)

    def texts(self, row):
        measured, ratio, unit = row["measured"], row["ratio"], row["unit"]
        text = "not measured" if measured is None else number(measured, unit)
        if row["beside"] is not None:
            text = f"{number(measured, '')} beside {number(row['beside'], unit)}"
        bar_unit = unit if ratio is None else "x"
        bar = ""
        if row["most"] is not None:
            bar = "<= " + number(row["most"], bar_unit)
        elif row["least"] is not None:
            bar = ">= " + number(row["least"], bar_unit)
        verdict = {True: "pass", False: "FAIL", None: ""}[row["passed"]]
        return row["figure"], row["what"], text, "" if ratio is None else number(ratio, "x"), bar, verdict

    def write(self, path):
        document = {
            "measured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "cores": os.cpu_count(),
            "load": os.getloadavg()[0],
            "rows": self.rows,
        }
        with open(path + ".new", "w") as file:
            json.dump(document, file, indent=2)
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
