import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("../../nginx/public/", import.meta.url));
const files = listed("");
const text = (name) => readFileSync(root + name, "utf8");
const scripts = files.filter((name) => name.endsWith(".js"));

/** All files below the folder. Early versions of Node 18 have no `recursive`. */
function listed(folder) {
    return readdirSync(root + folder, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? listed(`${folder}${entry.name}/`) : [folder + entry.name]);
}

/** The files that a script imports before it runs. */
const importsIn = (name, pattern) => [...text(name).matchAll(pattern)].map(([, path]) => new URL(path, `file:///${name}`).pathname.slice(1));
const importsOf = (name) => importsIn(name, /^(?:import|export) [^;]*?from "(.+?)";/gms);
/** Imports of scripts that are needed later. */
const laterImportsOf = (name) => importsIn(name, /import\("(.+?)"\)/g);

/** The script, and all that it imports before it runs. */
function needed(name, seen = new Set()) {
    if (seen.has(name)) return seen;
    seen.add(name);
    for (const imported of importsOf(name)) needed(imported, seen);
    return seen;
}

/** What every view needs: the first script, and what it imports once it has requested the session. */
const shared = new Set(["dashboard.js", ...laterImportsOf("dashboard.js")].flatMap((name) => [...needed(name)]));

test("every imported file exists", () => {
    assert.ok(scripts.length > 20);
    for (const name of scripts) {
        for (const imported of [...importsOf(name), ...laterImportsOf(name)]) assert.ok(scripts.includes(imported), `${name} imports ${imported}`);
    }
    assert.ok(scripts.flatMap(laterImportsOf).some((name) => name === "views/settings.js"));
});

const preloadsIn = (html) => [...html.matchAll(/rel="modulepreload" href="\/v\/0\/(.+?)"/g)].map(([, path]) => path);
const templates = [...text("index.html").matchAll(/<template data-views="(.+?)">(.+?)<\/template>/gs)];

test("the page preloads exactly the scripts that every view needs", () => {
    const ahead = preloadsIn(text("index.html").replace(/<template.+<\/template>/s, ""));
    assert.ok(shared.has("app.js") && shared.has("lib/requests/ahead.js") && !shared.has("views/objects/objects.js"));
    assert.deepEqual(ahead.sort(), [...shared].filter((name) => name !== "dashboard.js").sort());
});

test("the page has a template for the scripts that the overview or a table needs besides", () => {
    assert.deepEqual(templates.map(([, views]) => views), ["overview", "campaigns ad-sets ads"]);
    for (const [[, , html], script] of [[templates[0], "views/overview/overview.js"], [templates[1], "views/objects/objects.js"]]) {
        assert.deepEqual(preloadsIn(html).sort(), [...needed(script)].filter((name) => !shared.has(name)).sort(), script);
    }
});

test("the page names all files under the address that nginx replaces", () => {
    const addresses = [...text("index.html").matchAll(/ (?:href|src)="(.+?)"/g)].map(([, address]) => address);
    assert.ok(addresses.length > 20);
    for (const address of addresses) assert.match(address, /^(\/v\/0\/|\/api\/(docs|session)$)/);
});

test("scripts and styles are less than 100 KB compressed", () => {
    const size = files.filter((name) => /\.(js|css)$/.test(name)).reduce((sum, name) => sum + gzipSync(text(name), { level: 5 }).length, 0);
    assert.ok(size < 100_000, `${size} bytes`);
});

test("no data becomes markup or code, and no style is inline", () => {
    for (const name of scripts) {
        assert.doesNotMatch(text(name), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|setAttribute\("style"/, name);
    }
    assert.doesNotMatch(text("index.html"), /<style|<script(?![^>]* src=)| on[a-z]+=| style=/);
});

test("no file names another host", () => {
    for (const name of files) {
        const addresses = [...text(name).matchAll(/(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}/gi)].map(([address]) => address);
        assert.deepEqual(addresses.filter((address) => address !== "http://www.w3.org"), [], name);
    }
});
