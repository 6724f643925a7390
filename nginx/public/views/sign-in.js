// The sign-in form.

import { fill, h } from "../lib/page/dom.js";
import { explanation } from "../lib/text/explanation.js";
import { duration } from "../lib/text/format.js";

/**
 * @param {object} options
 * @param {import("../lib/requests/api.js").Api} options.api
 * @param {string} options.reason - Shown above the form, such as "Your session expired."
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
            fill(problem, problemText(error));
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
            h("label", {}, "Email", email),
            h("label", {}, "Password", password),
            button,
            problem));
    return { element, focus: () => email.focus() };
}

/** What went wrong, and what to do. */
export function problemText(error) {
    switch (error.code) {
        case "SIGN_IN_REFUSED":
            return "The email address or password is wrong. Try again, or ask your administrator to reset the password.";
        case "SIGN_IN_THROTTLED":
        case "TOO_MANY_REQUESTS":
            return `Too many attempts. Try again in ${duration(error.retryAfter ?? 60)}.`;
        case "OFFLINE":
            return "Can't reach the server. Check your network connection, then try again.";
        default:
            return explanation(`${error.message} ${error.hint ?? ""}`).summary;
    }
}
