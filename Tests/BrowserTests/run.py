"""Runs the browser tests. scripts/test calls it.

    run.py                  all tests
    run.py Sorting drill    tests whose name contains one of these words, in any case
"""

import os
import shutil
import signal
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, f"{HERE}/support")

from browser import Browser
from case import BrowserCase
from stack import ROOT, Stack

FOLDERS = ("freshness", "pages", "tables")


def main(words):
    # An exception lets the servers and the browser end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    tests = [test for folder in FOLDERS for test in flat(found(f"{HERE}/{folder}"))]
    chosen = [test for test in tests if not words or any(word.lower() in test.id().lower() for word in words)]
    if not chosen:
        print(f"error: no browser test is called {' or '.join(words)}", file=sys.stderr)
        return 64
    root = os.environ["ADMIRROR_TEST_ROOT"]
    # scripts/test stops the stacks in folders of this name.
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


def found(folder):
    return unittest.defaultTestLoader.discover(folder, "test_*.py", top_level_dir=folder)


def flat(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from flat(each)
        else:
            yield each


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
