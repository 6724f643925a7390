SELECT t.facebook_campaign_id AS id, t.name, t.status, t.effective_status, t.objective,
       coalesce(t.daily_budget, t.lifetime_budget) AS budget, t.daily_budget, t.lifetime_budget,
       t.spent, t.impressions, t.clicks, t.ctr, t.cpc, t.cpm, t.reach, t.frequency, t.conversions, t.cost_per_conversion,
       a.metrics_since AS date_start, a.metrics_until AS date_end, t.created_at, t.updated_at
FROM campaigns t JOIN ad_accounts a ON a.id = t.ad_account_id
WHERE t.ad_account_id = :account
  AND t.status NOT IN ('DELETED', 'ARCHIVED') AND t.effective_status NOT IN ('DELETED', 'ARCHIVED')
ORDER BY t.created_at DESC, t.facebook_campaign_id DESC
