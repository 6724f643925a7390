// The way back from Facebook's login: the choice of ad accounts to connect.

import { address } from "../lib/requests/api.js";
import { fill, h } from "../lib/page/dom.js";
import { explained } from "../elements/explained.js";
import { errorPanel } from "./states.js";

/** Milliseconds between two status requests while the server calls Facebook. */
const pace = 1_000;

const endings = {
    denied: "You did not allow the connection at Facebook. Nothing changed.",
    expired: "The connection took too long. Start again.",
    failed: "The connection failed.",
};

/**
 * @param {import("../app.js").App} app
 * @param {string} id - The connection's id, from the address.
 */
export function connection(app, id) {
    const body = h("div", { "aria-live": "polite" }, h("p", {}, "Loading your ad accounts from Facebook…"));
    const element = h("section.card", { "aria-labelledby": "connection" }, h("h2", { id: "connection" }, "Connection to Facebook"), body);
    let isEnded = false;
    let timer;

    async function look() {
        try {
            const { text } = await app.api.get(address("/api/facebook/connection", { id }));
            if (!isEnded) draw(JSON.parse(text).connection);
        } catch (error) {
            if (!isEnded) fill(body, errorPanel(error, look));
        }
    }

    function draw(state) {
        if (state.status === "waiting" || state.status === "exchanging") {
            timer = setTimeout(look, pace);
            return;
        }
        if (state.status === "ready") return choose(state);
        if (state.status === "done") return conclude(state.hasNew ?? false);
        fill(body, h("div.problem", {}, explained([endings[state.status] ?? "This connection can't be used.", state.error].filter(Boolean).join(" "))),
            h("div.actions", {}, h("a.button.primary", { href: "/api/facebook/connect" }, "Try again"), close()));
    }

    /** @param {boolean} hasNew - An account was not connected before. A sync of the others starts only if their data is old. */
    function conclude(hasNew) {
        fill(body, h("p", {}, hasNew ? "Accounts connected. The first sync of new accounts is loading their data." : "Accounts connected."), close());
        app.cache.invalidate("-|");
        // The new token ends the notice about the old one.
        app.look();
    }

    function choose({ adAccounts = [], missing_permissions: missing = [], error: leftOut }) {
        const problem = h("div.problem", { role: "alert" });
        const boxes = adAccounts.map((account) => h("input", {
            type: "checkbox", value: account.facebook_id, "prop:checked": true,
        }));
        const button = h("button.button.primary", { type: "submit" }, "Connect selected accounts");
        fill(body,
            missing.length > 0 && h("p.problem", {}, `Permissions missing at Facebook: ${missing.join(", ")}. Syncs may fail without them.`),
            leftOut && h("p.problem", {}, leftOut),
            adAccounts.length === 0
                ? h("p", {}, "Your Facebook login has no ad accounts.")
                : h("form", { onsubmit: async (event) => {
                    event.preventDefault();
                    const chosen = boxes.filter(({ checked }) => checked).map(({ value }) => value);
                    if (chosen.length === 0) return fill(problem, "Select at least one account.");
                    button.disabled = true;
                    try {
                        await app.api.send("POST", "/api/facebook/connection", { id, adAccounts: chosen });
                        app.announce("Accounts connected.");
                        draw({ status: "done", hasNew: adAccounts.some((account) => chosen.includes(account.facebook_id) && !account.connected) });
                    } catch (error) {
                        button.disabled = false;
                        fill(problem, explained(`${error.message} ${error.hint}`));
                    }
                } },
                h("fieldset.checks", {}, h("legend", {}, "Choose accounts to connect"),
                    adAccounts.map((account, index) => h("label", {}, boxes[index],
                        h("span", {}, h("bdi", {}, account.name || account.facebook_id), " ",
                            h("small.quiet", {}, [`act_${account.facebook_id.replace(/^act_/, "")}`, account.currency, account.connected && "already connected"].filter(Boolean).join(" · ")))))),
                button, problem));
    }

    function close() {
        return h("button.button", { type: "button", onclick: () => app.router.adjust({ connection: "" }) }, "Close");
    }

    look();
    return {
        element,
        destroy() {
            isEnded = true;
            clearTimeout(timer);
        },
    };
}
