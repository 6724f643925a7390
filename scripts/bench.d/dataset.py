"""The accounts that scripts/bench reads, and somebody who may see them."""

import os
import time

# Facebook's ids: one account of usual size that has the days of each ad, and one of 100,000 ads.
USUAL, LARGE = "2001", "2002"
SIZES = {
    USUAL: {"campaigns": 500, "ad_sets": 500, "ads": 5_000, "days": 35},
    LARGE: {"campaigns": 50, "ad_sets": 500, "ads": 100_000, "days": 0},
}
# The simulator knows the accounts; their data is made by SQL.
SIMULATOR_OPTIONS = " ".join(f"--account {account}:1:1:1:USD:UTC" for account in SIZES)
PERSON = "bench@localhost.localdomain"


class Dataset:
    def __init__(self, stack, accounts=tuple(SIZES), days={}):
        """`days`: by account, how many days of each ad there are, if not as many as `SIZES` has."""
        self.stack = stack
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inputs", "dataset.sql")
        for account in accounts:
            size = SIZES[account] | ({"days": days[account]} if account in days else {})
            variables = [word for name, number in size.items() for word in ("-v", f"{name}={number}")]
            stack.psql("-1", "-v", "account=" + account, *variables, "-f", script)
        stack.add_running_sums()
        stack.tidy()
        stack.sql("VACUUM ANALYZE insights_days, ad_accounts")

        stack.admirror("user", "add", PERSON)
        for account in SIZES:
            stack.admirror("access", "grant", PERSON, "act_" + account, "--role", "viewer")
        self.token = stack.admirror("token", "create", "--user", PERSON, "--label", "bench").strip()
        self.token_file = stack.state + "/secrets/bench_token"
        with open(os.open(self.token_file, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(self.token + "\n")

    def id(self, account):
        return self.stack.value(f"SELECT id FROM ad_accounts WHERE facebook_account_id = '{account}'")

    def raise_versions(self):
        """What a committed sync does to cached answers: no authorization leads to them any more."""
        self.stack.sql(RAISE)
        time.sleep(2.1)  # nginx keeps an authorization for a second, and counts whole ones: nearly two at worst


RAISE = f"""
    UPDATE ad_accounts SET campaigns_version = campaigns_version + 1, ad_groups_version = ad_groups_version + 1,
        creatives_version = creatives_version + 1
    WHERE facebook_account_id = '{USUAL}'
"""
