package import Model
internal import Postgres

// What a sync has fetched waits in temporary tables of its connection, page by page, until all of it is there. They go
// with the connection, so a sync that ends early leaves nothing behind.

extension Store {
    package func openStaging() throws {
        try connection.runScript(
            """
            DROP TABLE IF EXISTS staged_campaigns, staged_ad_sets, staged_ads, staged_metrics;
            CREATE TEMPORARY TABLE staged_campaigns (
                id text COLLATE "C", name text, status text, effective_status text, objective text,
                daily_budget numeric, lifetime_budget numeric, created_at timestamptz, updated_at timestamptz);
            CREATE TEMPORARY TABLE staged_ad_sets (
                id text COLLATE "C", campaign_id text COLLATE "C", name text, status text, effective_status text,
                optimization_goal text, daily_budget numeric, lifetime_budget numeric,
                created_at timestamptz, updated_at timestamptz);
            CREATE TEMPORARY TABLE staged_ads (
                id text COLLATE "C", ad_set_id text COLLATE "C", campaign_id text COLLATE "C", name text, status text,
                effective_status text, format text, created_at timestamptz, updated_at timestamptz);
            CREATE TEMPORARY TABLE staged_metrics (
                level text, id text COLLATE "C", spent numeric, impressions bigint, clicks bigint, reach bigint,
                frequency numeric, engagement numeric, conversions numeric, conversion_value numeric);
            """
        )
    }

    package func stage(_ campaigns: [Campaign]) throws {
        try connection.copy(
            into: "staged_campaigns",
            rows: campaigns.lazy.map {
                [
                    $0.id, $0.name, $0.status, $0.effectiveStatus, $0.objective, $0.dailyBudget?.description,
                    $0.lifetimeBudget?.description, $0.createdAt?.description, $0.updatedAt?.description,
                ]
            }
        )
    }

    package func stage(_ adSets: [AdSet]) throws {
        try connection.copy(
            into: "staged_ad_sets",
            rows: adSets.lazy.map {
                [
                    $0.id, $0.campaignID, $0.name, $0.status, $0.effectiveStatus, $0.optimizationGoal,
                    $0.dailyBudget?.description, $0.lifetimeBudget?.description, $0.createdAt?.description,
                    $0.updatedAt?.description,
                ]
            }
        )
    }

    package func stage(_ ads: [Ad]) throws {
        try connection.copy(
            into: "staged_ads",
            rows: ads.lazy.map {
                [
                    $0.id, $0.adSetID, $0.campaignID, $0.name, $0.status, $0.effectiveStatus, $0.format,
                    $0.createdAt?.description, $0.updatedAt?.description,
                ]
            }
        )
    }

    package func stage(_ metrics: [Metrics], level: Level) throws {
        try connection.copy(
            into: "staged_metrics",
            rows: metrics.lazy.map {
                [
                    level.rawValue, $0.objectID, $0.spent.description, "\($0.impressions)", "\($0.clicks)",
                    $0.reach.map(String.init), $0.frequency?.description, $0.engagement.description,
                    $0.conversions.description, $0.conversionValue.description,
                ]
            }
        )
    }
}
