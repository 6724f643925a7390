// Accounts and their connection to Facebook, people and roles, and the own session.

import { fill, h } from "../lib/page/dom.js";
import { isolated } from "../lib/text/format.js";
import { accountFreshness, isExpired, reconnect, tokenNotice } from "../lib/status/freshness.js";
import { format as formatPlace } from "../lib/page/router.js";
import { detailsOf, explained } from "../elements/explained.js";
import { connection } from "./connection.js";
import { people } from "./people.js";
import { emptyPanel } from "./states.js";

/** @param {import("../app.js").App} app */
export function settings(app) {
    const formats = app.formats(null);
    const hasLogin = Boolean(app.session.facebookLogin);
    const connecting = h("div");
    const accounts = h("div.list-body");
    const access = h("div.list-body");
    let choosing = null;
    let choosingID = null;
    let asked = null;
    const element = h("div.view.scrolls", {},
        h("div.bar", {}, h("h1", {}, "Settings")),
        connecting,
        h("section.card", { "aria-labelledby": "accounts" },
            h("div.section-head", {}, h("h2", { id: "accounts" }, "Ad accounts"),
                hasLogin ? h("a.button.primary", { href: "/api/facebook/connect" }, "Connect with Facebook")
                    : h("div.quiet", {}, "Your administrator connects accounts.", detailsOf("Command: admirror account add"))),
            accounts),
        h("section.card", { "aria-labelledby": "people" }, h("h2", { id: "people" }, "People"), access),
        h("section.card", { "aria-labelledby": "you" }, h("h2", { id: "you" }, "You"), yourself()));

    function yourself() {
        const { user, via } = app.session;
        if (via !== "session") return h("p", {}, `Signed in as ${user.email} through your organization's sign-on. Sign out there.`);
        return h("div", {}, h("p", {}, "Signed in as ", h("strong", {}, user.email), "."),
            h("div.actions", {},
                h("button.button", { type: "button", onclick: () => app.signOut() }, "Sign out"),
                h("button.button", { type: "button", onclick: () => app.signOut({ everywhere: true }) }, "Sign out everywhere")));
    }

    function draw() {
        if (app.accounts.length === 0) {
            fill(accounts, emptyPanel("No ad accounts yet", "Connect one with Facebook, or ask an account's owner to add you."));
        } else {
            fill(accounts, h("ul.accounts", {}, app.accounts.map((account) => {
                const { state, label } = accountFreshness(account, app.serverTime(), app.accountsAt);
                const token = tokenNotice(account, app.serverTime(), formats.day, reconnect(hasLogin, account.facebook_id));
                return h("li", {},
                    h("div", {}, h("a.strong", { href: formatPlace({ account: account.facebook_id, view: "overview", params: app.lasting }) }, h("bdi", {}, account.name)),
                        h("p.quiet", {}, [account.facebook_id, account.currency, account.time_zone, account.role && `your role: ${account.role}`].filter(Boolean).join(" · "))),
                    h("div", {}, h("p", {}, h("span", { class: `dot ${state}`, "aria-hidden": "true" }), ` ${label}`),
                        account.sync_error && h("div.problem", {}, explained(account.sync_error)),
                        // The error of an expired token contains the same.
                        token && !(account.sync_error && account.hold === "TOKEN_EXPIRED")
                            && h("div", { class: token.isUrgent ? "problem" : "quiet" }, token.text, detailsOf(token.details))),
                    h("div.actions", {}, account.role === "owner" && h("button.button", {
                        type: "button", "aria-pressed": String(asked === account.facebook_id),
                        "aria-label": `People of ${isolated(account.name)}`, onclick: () => showPeople(account),
                    }, "People"),
                    (token?.isUrgent || isExpired(account, app.serverTime())) && hasLogin
                        && h("a.button", { href: "/api/facebook/connect" }, "Reconnect")));
            })));
        }
        const owned = app.accounts.filter(({ role }) => role === "owner");
        if (asked === null && owned.length > 0) showPeople(owned[0]);
        if (owned.length === 0) fill(access, emptyPanel("You don't own any accounts", "An account's owners add and remove people."));
    }

    function showPeople(account) {
        asked = account.facebook_id;
        fill(access, people(app, account));
        draw();
    }

    return {
        element,
        title: "Settings",
        update(place) {
            const id = place.params.connection ?? null;
            if (id !== choosingID) {
                choosing?.destroy();
                choosingID = id;
                choosing = id && connection(app, id);
                fill(connecting, choosing && choosing.element);
            }
            draw();
        },
        onAccounts: draw,
        destroy: () => choosing?.destroy(),
    };
}
