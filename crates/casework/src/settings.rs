//! How the hotline works: everything an operator may choose about the order of work.

use std::time::Duration;

use capture::Politeness;
use capture::rules::Patience;
use ground::WebAddress;
use ground::clock::{DAY_MS, HOUR_MS, MINUTE_MS};

use crate::LikenessRule;
use crate::provider_page::LinkSetting;

/// How the hotline works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The hotline's own country: providers here get notices.
    pub home_country: provider::Country,
    /// The hotline's name, as it stands in notices.
    pub hotline_name: String,
    /// The address notices come from.
    pub notices_from: String,
    /// The address providers answer to.
    pub reply_to: String,
    /// The scheme of the program: in force until one drawn up at the desk is.
    pub scheme: assessment::Scheme,
    /// Letters are collected in rounds, at random within this many ms: when the work on a report
    /// begins must not tell when its sender wrote (IN-9). 0 collects at once.
    pub collect_within_ms: i64,
    /// What counts as alike.
    pub likeness: LikenessRule,
    /// Whom manifests of evidence are stamped with a time by (RFC 3161); none when nobody is asked.
    pub time_stamps: Option<url::Url>,
    /// To whom whole evidence is sealed; none when nothing can be handed over.
    pub police_key: Option<evidence::PoliceKey>,
    /// What brings a report forward in the queue.
    pub head_starts: report::HeadStarts,
    /// How much somebody may look at, until it is set at the desk.
    pub limits: staff::Limits,
    /// How soon failed visits are tried again.
    pub patience: Patience,
    /// Visits at once.
    pub visits_at_once: u32,
    /// How gently one host is visited.
    pub politeness: Politeness,
    /// An address that is reported again is looked at again when its last look is so old, ms.
    pub again_after_ms: i64,
    /// Checks at once.
    pub checks_at_once: u32,
    /// How often removal is checked.
    pub pace: takedown::Pace,
    /// The hotline's web site, as it stands in notices.
    pub website: String,
    /// How long a first notice may wait for others to the same contact.
    pub window: notice::Window,
    /// After how long who was told and still shows it is reminded, ms, for each reminder in turn since
    /// the last time; empty for never.
    pub remind_after_ms: Vec<i64>,
    /// How patient the sender is with the relay.
    pub resend: notice::Patience,
    /// The Maildir into which reports about the delivery of notices come; none when nobody reads them.
    pub bounces: Option<std::path::PathBuf>,
    /// How providers reach the page of what they were told of; none when there is no such page.
    pub provider_page: Option<LinkSetting>,
    /// Whom hosts are asked of.
    pub registries: provider::Registries,
    /// How long a failed look-up of a host waits, ms; doubles.
    pub relocate_ms: i64,
    /// How long the police may hold, ms, before the liaison is asked.
    pub police_hold_ms: i64,
    /// An address of our own that always answers 200.
    pub canary: WebAddress,
    /// What stands in its answer; empty when any answer with status 200 will do.
    pub canary_text: String,
    /// How long an answer of the canary is believed, ms.
    pub canary_ms: i64,
    /// How long a worker without work sleeps; none for the usual.
    pub nap: Option<Duration>,
    /// Sender's words are shredded so long after the report was closed, ms.
    pub keep_report_ms: i64,
    /// Pictures that are not illegal are shredded so long after they were judged, ms.
    pub keep_not_illegal_ms: i64,
    /// Illegal pictures are shredded so long after their last removal, ms.
    pub keep_illegal_ms: i64,
}

/// The hotline's country cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the hotline's country cannot be used")]
pub struct SettingsFault;

impl Settings {
    /// The usual settings of a Dutch hotline with this name, these addresses and this canary.
    ///
    /// # Errors
    /// [`SettingsFault`] when the country cannot be used.
    pub fn usual(
        name: &str,
        notices_from: &str,
        reply_to: &str,
        canary: WebAddress,
        scheme: assessment::Scheme,
        registries: provider::Registries,
    ) -> Result<Self, SettingsFault> {
        let home_country = provider::Country::parse("NL").ok_or(SettingsFault)?;
        Ok(Self {
            scheme,
            registries,
            home_country,
            hotline_name: name.into(),
            notices_from: notices_from.into(),
            reply_to: reply_to.into(),
            collect_within_ms: 10 * MINUTE_MS,
            likeness: LikenessRule::default(),
            time_stamps: None,
            police_key: None,
            head_starts: report::HeadStarts::USUAL,
            limits: staff::Limits::USUAL,
            patience: Patience::default(),
            visits_at_once: 2,
            politeness: Politeness::default(),
            again_after_ms: HOUR_MS,
            checks_at_once: 24,
            pace: takedown::Pace::real(),
            website: String::new(),
            bounces: None,
            window: notice::Window::real(),
            remind_after_ms: vec![DAY_MS, 2 * DAY_MS, 4 * DAY_MS],
            resend: notice::Patience::real(),
            provider_page: None,
            relocate_ms: 5 * MINUTE_MS,
            police_hold_ms: DAY_MS,
            canary,
            canary_text: String::new(),
            canary_ms: MINUTE_MS,
            nap: None,
            keep_report_ms: 90 * DAY_MS,
            keep_not_illegal_ms: 7 * DAY_MS,
            keep_illegal_ms: 30 * DAY_MS,
        })
    }

    /// What the hotline is, in a sentence for providers.
    #[must_use]
    pub const fn about(&self, language: notice::NoticeLanguage) -> &'static str {
        match language {
            notice::NoticeLanguage::Dutch => {
                "Wij zijn het nationale meldpunt tegen online seksueel misbruik van kinderen."
            }
            notice::NoticeLanguage::English => {
                "We are the national hotline against online child sexual abuse."
            }
            notice::NoticeLanguage::German => {
                "Wir sind die nationale Meldestelle gegen sexuellen Missbrauch von Kindern im Internet."
            }
            notice::NoticeLanguage::French => {
                "Nous sommes le point de contact national contre les abus sexuels d'enfants en ligne."
            }
        }
    }

    /// The same for a demonstration, in which hours pass as seconds.
    #[must_use]
    pub fn for_demo(mut self) -> Self {
        self.collect_within_ms = 0;
        self.limits = staff::Limits::DEMO;
        self.patience = Patience::DEMO;
        self.politeness = Politeness::DEMO;
        self.again_after_ms = MINUTE_MS;
        self.pace = takedown::Pace::demo();
        self.window = notice::Window::demo();
        self.resend = notice::Patience::demo();
        self.relocate_ms = 3_000;
        self.canary_ms = 2_000;
        self.nap = Some(Duration::from_millis(700));
        self.police_hold_ms = HOUR_MS;
        self
    }
}
