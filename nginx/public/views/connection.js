// Back from Facebook: which of the ad accounts that it showed are to be mirrored.

import { address } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { errorPanel } from "./states.js";

/** Milliseconds between two looks while Facebook is asked. */
const pace = 1_000;

const endings = {
    denied: "Facebook was not given the permission. Nothing was changed.",
    expired: "This connection took too long. Begin again.",
    failed: "The connection failed.",
};

/**
 * @param {import("../app.js").App} app
 * @param {string} id - Of the connection, from the address.
 */
export function connection(app, id) {
    const body = h("div", { "aria-live": "polite" }, h("p", {}, "Asking Facebook for your ad accounts…"));
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
        if (state.status === "done") {
            fill(body, h("p", {}, "The accounts are connected. The first sync brings their data."), close());
            app.cache.invalidate("-|");
            return;
        }
        fill(body, h("p.problem", {}, [endings[state.status] ?? "The connection cannot be used.", state.error].filter(Boolean).join(" ")),
            h("div.actions", {}, h("a.button.primary", { href: "/api/facebook/connect" }, "Try again"), close()));
    }

    function choose({ adAccounts = [], missing_permissions: missing = [] }) {
        const problem = h("p.problem", { role: "alert" });
        const boxes = adAccounts.map((account) => h("input", {
            type: "checkbox", value: account.facebook_id, "prop:checked": true,
        }));
        const button = h("button.button.primary", { type: "submit" }, "Connect the chosen accounts");
        fill(body,
            missing.length > 0 && h("p.problem", {}, `Facebook was not given: ${missing.join(", ")}. Syncs may fail without.`),
            adAccounts.length === 0
                ? h("p", {}, "Facebook shows no ad account to this login.")
                : h("form", { onsubmit: async (event) => {
                    event.preventDefault();
                    const chosen = boxes.filter(({ checked }) => checked).map(({ value }) => value);
                    if (chosen.length === 0) return fill(problem, "Choose at least one account.");
                    button.disabled = true;
                    try {
                        await app.api.send("POST", "/api/facebook/connection", { id, adAccounts: chosen });
                        app.announce("The accounts are connected.");
                        draw({ status: "done" });
                    } catch (error) {
                        button.disabled = false;
                        fill(problem, `${error.message} ${error.hint}`);
                    }
                } },
                h("fieldset.checks", {}, h("legend", {}, "Which accounts are to be mirrored?"),
                    adAccounts.map((account, index) => h("label", {}, boxes[index],
                        h("span", {}, h("bdi", {}, account.name || account.facebook_id), " ",
                            h("small.quiet", {}, [account.facebook_id, account.currency, account.connected && "connected already"].filter(Boolean).join(" · ")))))),
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
