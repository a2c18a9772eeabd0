//! The order of work, as configured.

use anyhow::Context as _;
use capture::Politeness;
use casework::Settings;
use ground::WebAddress;
use ground::clock::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use provider::{Country, Registries};
use url::Url;

use crate::config::Config;

/// The order of work, as configured.
///
/// # Errors
/// When a setting makes no sense.
pub fn settings(config: &Config) -> anyhow::Result<Settings> {
    let canary = WebAddress::parse(&config.checks.canary).context("checks.canary")?;
    let hotline = &config.hotline;
    let registries = Registries {
        bootstrap: url(&config.registries.rdap_bootstrap).context("registries.rdap_bootstrap")?,
        ripestat: url(&config.registries.ripestat).context("registries.ripestat")?,
    };
    let mut settings = Settings::usual(
        &hotline.name,
        &hotline.notices_from,
        &hotline.reply_to,
        canary,
        assessment::Scheme::standard()?,
        registries,
    )?;
    settings.home_country =
        Country::parse(&hotline.country).context("hotline.country is no country")?;
    settings.collect_within_ms = i64::from(config.door.collect_within_minutes) * MINUTE_MS;
    settings.likeness = config.likeness.rule();
    settings.head_starts = config.queue.head_starts();
    settings.visits_at_once = config.visits.at_once;
    settings.politeness = Politeness {
        at_once: config.visits.at_once_per_host.max(1),
        pause_ms: i64::from(config.visits.pause_per_host_seconds) * SECOND_MS,
    };
    settings.again_after_ms = i64::from(config.visits.again_after_minutes) * MINUTE_MS;
    settings.time_stamps = config.evidence.authority();
    settings.police_key = config.evidence.police();
    settings.canary_text.clone_from(&config.checks.canary_text);
    settings.checks_at_once = config.checks.at_once;
    settings.window.gather_ms = i64::from(config.mail.gather_minutes) * MINUTE_MS;
    settings.bounces.clone_from(&config.notices.bounces);
    settings.provider_page = config.provider_page.links();
    settings.website.clone_from(&hotline.website);
    settings.police_hold_ms = i64::from(config.police.hold_hours) * HOUR_MS;
    settings.keep_report_ms = i64::from(config.retention.report_days) * DAY_MS;
    settings.keep_not_illegal_ms = i64::from(config.retention.not_illegal_days) * DAY_MS;
    settings.keep_illegal_ms = i64::from(config.retention.illegal_days) * DAY_MS;
    Ok(settings)
}

/// A folder's address, with the slash that joining needs.
fn url(text: &str) -> anyhow::Result<Url> {
    Ok(Url::parse(&format!("{}/", text.trim_end_matches('/')))?)
}
