"""What scripts/bench calls for each of its subjects."""

import os
import signal
import sys
import traceback

from report import Report


def main(arguments, known, simulator_options, measure):
    """
    SUBJECT.py --simulator-options [FIGURE…]   what the stack's simulator has to be started with
    SUBJECT.py RESULT.json [FIGURE…]           measures, prints the table, writes it
    """
    path, *figures = arguments
    unknown = [figure for figure in figures if figure not in known]
    if unknown:
        print(f"error: there is no figure {unknown[0]}: {', '.join(known)}", file=sys.stderr)
        return 64
    if path == "--simulator-options":
        print(simulator_options)
        return 0
    # As an exception, so that what was started is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report = Report()
    try:
        measure(report, figures or known)
    except Exception:
        traceback.print_exc()
        return 70
    report.write(path)
    print(f"\n{report.table()}\n\nThe same as JSON: {os.path.relpath(path)}")
    return 70 if report.crashed else 1 if report.failed else 0
