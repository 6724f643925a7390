// Signing in.

import { fill, h } from "../lib/dom.js";
import { duration } from "../lib/format.js";

/**
 * @param {object} options
 * @param {import("../lib/api.js").Api} options.api
 * @param {string} options.reason - Why one has to, if that is not plain.
 * @param {(session: object) => void} options.onSignedIn
 */
export function signIn({ api, reason, onSignedIn }) {
    const email = h("input", {
        type: "email", name: "email", autocomplete: "email", required: true, maxlength: 254, autocapitalize: "none",
        spellcheck: "false",
    });
    const password = h("input", {
        type: "password", name: "password", autocomplete: "current-password", required: true, maxlength: 1000,
    });
    const problem = h("p.problem", { role: "alert", id: "sign-in-problem" });
    const button = h("button.button.primary.wide", { type: "submit" }, "Sign in");

    async function submit(event) {
        event.preventDefault();
        fill(problem);
        button.disabled = true;
        try {
            onSignedIn(await api.send("POST", "/api/session", { email: email.value.trim(), password: password.value }));
        } catch (error) {
            fill(problem, inWords(error));
            if (error.code === "SIGN_IN_REFUSED") {
                password.value = "";
                password.focus();
            }
        } finally {
            button.disabled = false;
        }
    }

    const element = h("main.sign-in", { id: "main", tabindex: "-1" },
        h("form.card", { onsubmit: submit, "aria-describedby": "sign-in-problem" },
            h("h1", {}, "AdMirror"),
            h("p.quiet", {}, reason || "Sign in to see your ad accounts."),
            h("label", {}, "E-mail address", email),
            h("label", {}, "Password", password),
            button,
            problem));
    return { element, focus: () => email.focus() };
}

/** What went wrong, and what to do. */
export function inWords(error) {
    switch (error.code) {
        case "SIGN_IN_REFUSED":
            return "The e-mail address or the password is wrong. Try again, or ask your operator to set the password anew.";
        case "SIGN_IN_THROTTLED":
        case "TOO_MANY_REQUESTS":
            return `There were too many tries. Wait ${duration(error.retryAfter ?? 60)}, then try again.`;
        case "OFFLINE":
            return "The server cannot be reached. Check the network, then try again.";
        default:
            return `${error.message} ${error.hint ?? ""}`.trim();
    }
}
