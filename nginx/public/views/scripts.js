// Scripts that load when they are first used. Once the first view is on screen, all of them load, so that few people wait for one.

import { Late } from "../lib/page/late.js";

const objects = new Late(async () => (await import("./objects/objects.js")).objects);

/** By view: the function that makes it of the app, the account and the view's name. */
export const views = {
    overview: new Late(async () => (await import("./overview/overview.js")).overview),
    campaigns: objects,
    "ad-sets": objects,
    ads: objects,
    syncs: new Late(async () => (await import("./syncs.js")).syncs),
    settings: new Late(async () => (await import("./settings.js")).settings),
};

/** Saves rows as a file. */
export const saveRows = new Late(async () => (await import("./objects/export.js")).saveRows);

/** A script that does not load now loads when it is used, and its reader learns of the failure. */
export async function loadAll() {
    await Promise.allSettled([...Object.values(views), saveRows].map((script) => script.load()));
}
