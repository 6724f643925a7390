"""scripts/bench read: one page of many, however far down."""

import urllib.parse

from dataset import LARGE, SIZES
from load import median

# As in `sort`; without one the newest come first.
SORTS = ["", "-spend", "name", "ctr", "-impressions"]
SIZE = 500
ENDS = 5
ROUNDS = 5


def pages(bench, report):
    """Every page of 100,000 ads, by following cursors; then the first five and the last five again, in turn."""
    client = bench.uncached()
    for sort in SORTS:
        title = f"page of {SIZE} of 100,000 ads, {'sort=' + sort if sort else 'newest first'}: last beside first"
        try:
            targets, slowest = walk(client, sort)
        except NoPages as reason:
            report.fail("pages", title, reason)
            continue
        first, last = [], []
        for _ in range(ROUNDS):
            for near, far in zip(targets[:ENDS], targets[-ENDS:]):
                first.append(1000 * client.get(near).seconds)
                last.append(1000 * client.get(far).seconds)
        report.add(
            "pages", title, median(last), "ms", beside=median(first), ratio=median(last) / median(first), most=1.5,
            note=f"Uncached. Medians of the last {ENDS} and of the first {ENDS}, each {ROUNDS} times in turn; the slowest of"
            f" all {len(targets)} took {1000 * slowest:.1f} ms.",
        )


def walk(client, sort):
    """Follows cursors to the end. Returns where each page is, and the seconds of the slowest."""
    query = {"adAccountId": "act_" + LARGE, "limit": SIZE} | ({"sort": sort} if sort else {})
    targets, seen, slowest = [], set(), 0
    cursor = None
    while True:
        target = "/api/ads?" + urllib.parse.urlencode(query | ({"cursor": cursor} if cursor else {}))
        answer = client.get(target)
        body = answer.json()
        rows = body["ads"]
        if len(rows) > SIZE:
            raise NoPages(f"the route does not honour limit: {len(rows):,} ads came")
        targets.append(target)
        seen.update(row["id"] for row in rows)
        slowest = max(slowest, answer.seconds)
        cursor = body.get("paging", {}).get("next")
        if not cursor:
            break
        if len(targets) > SIZES[LARGE]["ads"] / SIZE:
            raise NoPages("cursors lead to more pages than there are")
    if len(seen) != SIZES[LARGE]["ads"]:
        raise NoPages(f"{len(targets)} pages had {len(seen):,} of {SIZES[LARGE]['ads']:,} ads")
    return targets, slowest


class NoPages(Exception):
    pass
