// People and their roles on an account, for its owners.

import { address } from "../lib/requests/api.js";
import { fill, h } from "../lib/page/dom.js";
import { explained } from "../elements/explained.js";
import { errorPanel } from "./states.js";

const roles = [
    ["viewer", "Viewer: can view"],
    ["manager", "Manager: can also sync"],
    ["owner", "Owner: can also manage people"],
];

/** @param {import("../app.js").App} app */
export function people(app, account) {
    const list = h("div", {}, h("div.bone-line", {}, h("span.bone")));
    const problem = h("div.problem", { role: "alert" });
    const email = h("input", { type: "email", required: true, maxlength: 254, spellcheck: "false" });
    const role = h("select", {}, roles.map(([id, label]) => h("option", { value: id }, label)));
    const element = h("div", {},
        h("p", {}, "Account: ", h("strong", {}, h("bdi", {}, account.name))),
        list,
        h("form.inline", { onsubmit: (event) => {
            event.preventDefault();
            change("PUT", { email: email.value.trim(), role: role.value }, `${email.value.trim()} was added.`).then((isDone) => {
                if (isDone) email.value = "";
            });
        } },
        h("label", {}, "Email", email), h("label", {}, "Role", role),
        h("button.button", { type: "submit" }, "Add person")),
        problem);

    async function load() {
        try {
            const { text } = await app.api.get(address("/api/access", { adAccountId: account.facebook_id }));
            draw(JSON.parse(text).access);
        } catch (error) {
            fill(list, errorPanel(error, load));
        }
    }

    async function change(method, body, done) {
        fill(problem);
        try {
            const answer = await app.api.send(method, "/api/access", { adAccountId: account.facebook_id, ...body });
            draw(answer.access);
            app.announce(done);
            if (body.email === app.session.user.email) app.cache.invalidate("-|");
            return true;
        } catch (error) {
            fill(problem, explained(`${error.message} ${error.hint}`));
            return false;
        }
    }

    function draw(access) {
        fill(list, h("ul.people", {}, access.map((person) => h("li", {},
            h("span.long", {}, person.email),
            h("select", {
                "aria-label": `Role of ${person.email}`,
                onchange: async (event) => {
                    const isDone = await change("PUT", { email: person.email, role: event.target.value }, `The role of ${person.email} changed.`);
                    if (!isDone) event.target.value = person.role;
                },
            }, roles.map(([id, label]) => h("option", { value: id, "prop:selected": id === person.role }, label))),
            h("button.button", {
                type: "button", "aria-label": `Remove ${person.email}`,
                onclick: () => change("DELETE", { email: person.email }, `${person.email} was removed.`),
            }, "Remove")))));
    }

    load();
    return element;
}
