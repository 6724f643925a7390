"""Runs the browser tests. scripts/test calls it.

    run.py                  all of them
    run.py Sorting drill    those whose name holds one of these, in small letters or not
"""

import os
import shutil
import signal
import sys
import unittest

from browser import Browser
from case import BrowserCase
from stack import ROOT, Stack


def main(wishes):
    # As an exception, so that what was started is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    tests = list(flat(unittest.defaultTestLoader.discover(".", "test_*.py")))
    chosen = [test for test in tests if not wishes or any(wish.lower() in test.id().lower() for wish in wishes)]
    if not chosen:
        print(f"error: no browser test is called {' or '.join(wishes)}", file=sys.stderr)
        return 64
    root = os.environ["ADMIRROR_TEST_ROOT"]
    # scripts/test ends what lies in folders of this kind.
    stack = Stack(root + "/stack-browser")
    try:
        browser = Browser(root + "/browser", stack.address)
        try:
            BrowserCase.stack, BrowserCase.browser = stack, browser
            BrowserCase.failures = f"{ROOT}/.admirror/screenshots/failures"
            shutil.rmtree(BrowserCase.failures, ignore_errors=True)
            outcome = unittest.TextTestRunner(verbosity=2).run(unittest.TestSuite(chosen))
        finally:
            browser.quit()
    finally:
        stack.stop()
    return 0 if outcome.wasSuccessful() else 1


def flat(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from flat(each)
        else:
            yield each


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
