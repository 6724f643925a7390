"""Runs axe-core, from a package of PyPI."""

import functools
import json
import os

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@functools.cache
def source():
    with open(os.environ["ADMIRROR_AXE"], encoding="utf-8") as file:
        return file.read()


def problems(browser):
    """What is seriously wrong with the page as it is, by WCAG 2.2 AA: a line for each."""
    found = browser.isolated(
        f"{source()}; axe.run(document, {{runOnly: {json.dumps(TAGS)}, resultTypes: ['violations']}}).then((result) => result.violations"
        ".map(({id, impact, help, nodes}) => ({id, impact, help, nodes: nodes.map(({html, failureSummary}) => [html, failureSummary])})))"
    )
    return [
        f"{rule['impact']} {rule['id']}: {rule['help']}: " + "; ".join(f"{html[:150]} – {why[:200]}" for html, why in rule["nodes"][:3])
        for rule in found if rule["impact"] in ("serious", "critical")
    ]
