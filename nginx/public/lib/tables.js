// The three tables: their columns, and what can be filtered.

/**
 * @typedef {object} Column
 * @property {string} id - The member of a row.
 * @property {string} label
 * @property {"text"|"words"|"status"|"money"|"count"|"percent"|"times"|"ratio"|"moment"} kind
 * @property {number} width - Pixels, at least.
 * @property {boolean} [isHidden] - Unless chosen.
 * @property {{of: string, by: string}} [cost] - The members that it divides: money by results.
 * @property {(sums: Record<string, number>) => number|null} [total] - Of the sums of all rows; without it the column's own sum,
 *     or nothing where rows cannot be added up.
 */

const ratio = (above, below, factor = 1) => (below > 0 && above !== null ? (above * factor) / below : null);

/** What differs: the name of a row's spend. */
const metrics = (spend) => ({
    spend: { id: spend, label: "Spend", kind: "money", width: 128, total: (sums) => sums[spend] },
    impressions: { id: "impressions", label: "Impressions", kind: "count", width: 116, total: (sums) => sums.impressions },
    clicks: { id: "clicks", label: "Clicks", kind: "count", width: 100, total: (sums) => sums.clicks },
    ctr: { id: "ctr", label: "CTR", kind: "percent", width: 80, total: (sums) => ratio(sums.clicks, sums.impressions, 100) },
    cpc: { id: "cpc", label: "CPC", kind: "money", width: 88, cost: { of: spend, by: "clicks" }, total: (sums) => ratio(sums[spend], sums.clicks) },
    cpm: { id: "cpm", label: "CPM", kind: "money", width: 88, cost: { of: spend, by: "impressions" }, total: (sums) => ratio(sums[spend], sums.impressions, 1_000) },
    reach: { id: "reach", label: "Reach", kind: "count", width: 100 },
    frequency: { id: "frequency", label: "Frequency", kind: "ratio", width: 100, isHidden: true },
    conversions: { id: "conversions", label: "Conversions", kind: "count", width: 112, total: (sums) => sums.conversions },
    cost: {
        id: "cost_per_conversion",
        label: "Cost / conv.",
        kind: "money",
        width: 112,
        cost: { of: spend, by: "conversions" },
        total: (sums) => ratio(sums[spend], sums.conversions),
    },
    engagement: { id: "engagement", label: "Engagement", kind: "count", width: 112, isHidden: true, total: (sums) => sums.engagement },
    roas: { id: "roas", label: "ROAS", kind: "times", width: 88, total: (sums) => ratio(sums.value, sums[spend]) },
});

const id = { id: "id", label: "ID", kind: "text", width: 168, isHidden: true };
const name = (label) => ({ id: "name", label, kind: "text", width: 248 });
const parent = (id, label, isHidden = false) => ({ id, label, kind: "text", width: 176, isHidden });
const status = { id: "effective_status", label: "Status", kind: "status", width: 128 };
const budget = { id: "budget", label: "Budget", kind: "money", width: 120 };
const dates = [
    { id: "created_at", label: "Created", kind: "moment", width: 168, isHidden: true },
    { id: "updated_at", label: "Updated", kind: "moment", width: 168, isHidden: true },
];

const ofCampaigns = metrics("spent");
const ofAdSets = metrics("spent");
const ofAds = metrics("spend");

/** By view. `child` is the view that a row leads to, `param` names the row there. */
export const tables = {
    campaigns: {
        path: "/api/campaigns",
        member: "campaigns",
        level: "campaign",
        totalsPart: "campaignTotals",
        title: "Campaigns",
        one: "campaign",
        child: "ad-sets",
        param: "campaign",
        spend: "spent",
        columns: [
            name("Campaign"),
            id,
            status,
            { id: "objective", label: "Objective", kind: "words", width: 148, isHidden: true },
            budget,
            ofCampaigns.spend,
            ofCampaigns.impressions,
            ofCampaigns.clicks,
            ofCampaigns.ctr,
            ofCampaigns.cpc,
            { ...ofCampaigns.cpm, isHidden: true },
            ofCampaigns.reach,
            ofCampaigns.frequency,
            ofCampaigns.conversions,
            ofCampaigns.cost,
            ...dates,
        ],
    },
    "ad-sets": {
        path: "/api/ad-sets",
        member: "adSets",
        level: "adset",
        totalsPart: "adSetTotals",
        title: "Ad sets",
        one: "ad set",
        child: "ads",
        param: "adset",
        spend: "spent",
        columns: [
            name("Ad set"),
            id,
            parent("campaign_name", "Campaign"),
            status,
            { id: "optimization_goal", label: "Optimized for", kind: "words", width: 168, isHidden: true },
            budget,
            ofAdSets.spend,
            ofAdSets.impressions,
            ofAdSets.clicks,
            ofAdSets.ctr,
            ofAdSets.cpc,
            { ...ofAdSets.cpm, isHidden: true },
            ofAdSets.reach,
            ofAdSets.conversions,
            ...dates,
        ],
    },
    ads: {
        path: "/api/ads",
        member: "ads",
        level: "ad",
        totalsPart: "adTotals",
        title: "Ads",
        one: "ad",
        child: null,
        param: null,
        spend: "spend",
        columns: [
            name("Ad"),
            id,
            parent("ad_set_name", "Ad set"),
            parent("campaign_name", "Campaign", true),
            status,
            { id: "format", label: "Format", kind: "words", width: 112, isHidden: true },
            ofAds.spend,
            ofAds.impressions,
            ofAds.clicks,
            ofAds.ctr,
            ofAds.conversions,
            ofAds.roas,
            ofAds.engagement,
            ...dates,
        ],
    },
};

const pausedWords = ["PAUSED", "CAMPAIGN_PAUSED", "ADSET_PAUSED"];
const troubleWords = ["WITH_ISSUES", "DISAPPROVED", "PENDING_BILLING_INFO"];
const reviewWords = ["IN_PROCESS", "PENDING_REVIEW", "PREAPPROVED"];

/**
 * Choices of the status filter. `words` are values of the API's `status` and mean the same. `asked` is the `status` of the
 * request: the page loads all rows that are not archived once and filters them here.
 */
export const statusFilters = [
    { id: "", label: "Not archived", asked: "", words: null },
    { id: "active", label: "Active", asked: "", words: ["ACTIVE"] },
    { id: "paused", label: "Paused", asked: "", words: pausedWords },
    { id: "trouble", label: "Needs attention", asked: "", words: troubleWords },
    { id: "review", label: "In review", asked: "", words: reviewWords },
    { id: "archived", label: "Archived", asked: "ALL", words: ["ARCHIVED"] },
    { id: "deleted", label: "Deleted", asked: "ALL", words: ["DELETED"] },
    { id: "all", label: "All", asked: "ALL", words: null },
];

export const statusFilter = (id) => statusFilters.find((filter) => filter.id === (id ?? "")) ?? statusFilters[0];

/** The tone of a status: `good`, `quiet`, `bad` or `waiting`. */
export function statusTone(word) {
    if (word === "ACTIVE") return "good";
    if (troubleWords.includes(word)) return "bad";
    if (reviewWords.includes(word)) return "waiting";
    return "quiet";
}
