//! The chat line, as configured: the face to which platforms bring, and the side that speaks.

use std::path::Path;

use anyhow::Context as _;
use casework::{ChatLine, TelegramLine, WhatsAppLine};
use chat::Wording;
use chat::store::Gathering;
use egress::{Guard, HttpClient, Policy, Resolver};
use ground::clock::{DAY_MS, MINUTE_MS, SECOND_MS};
use ground::{Chance, Clock};
use letterbox::{Inlet, Slot};
use line::{Platforms, Secret, WhatsApp};
use pages::{HelpLine, Language, Rewording};
use tokio::task::JoinSet;
use url::Url;
use vault::HotlineKeys;
use zeroize::Zeroizing;

use crate::config::Config;
use crate::config_chat::api;
use crate::face::{Patience, face};
use crate::{house, say, serve};

/// Shows the face to which platforms bring what people write. It needs the intake's public key and the
/// files by which it knows the platforms, and nothing else.
///
/// # Errors
/// A full sentence when it is not configured, or its port, a file or the letterbox cannot be had.
pub async fn show(config: &Config, faces: &mut JoinSet<anyhow::Result<()>>) -> anyhow::Result<()> {
    let at = config
        .chat
        .listen
        .context("There is no chat line in this configuration. Set listen under [chat].")?;
    let platforms = platforms(config)?;
    anyhow::ensure!(
        platforms.whatsapp.is_some() || platforms.telegram.is_some(),
        "No platform may bring anything: give [chat.whatsapp] app_secret_file, or [chat.telegram] secret_file."
    );
    let listener = serve::listen(at, "chat.listen").await?;
    say(&format!(
        "The chat line listens on http://{}/\n",
        listener.local_addr()?
    ));
    let public = HotlineKeys::load_intake(&config.keys())?;
    let db = house::letterbox(&config.letterbox()).await?;
    let inlet = Inlet::open(db, public, Clock::system(), Chance::system());
    faces.spawn(face(
        listener,
        line::router(inlet, platforms),
        Patience::DOOR,
    ));
    Ok(())
}

fn platforms(config: &Config) -> anyhow::Result<Platforms> {
    let whatsapp = &config.chat.whatsapp;
    let whatsapp = match (&whatsapp.app_secret_file, &whatsapp.verify_token_file) {
        (Some(app), Some(word)) => Some(WhatsApp {
            app_secret: secret(app, "chat.whatsapp.app_secret_file")?,
            verify_token: secret(word, "chat.whatsapp.verify_token_file")?,
        }),
        _ => None,
    };
    let telegram = config.chat.telegram.secret_file.as_ref();
    let telegram = telegram.map(|file| secret(file, "chat.telegram.secret_file"));
    Ok(Platforms {
        whatsapp,
        telegram: telegram.transpose()?,
    })
}

fn read(file: &Path, setting: &str) -> anyhow::Result<Zeroizing<String>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{setting}: {} cannot be read", file.display()))?;
    Ok(Zeroizing::new(text.trim().to_owned()))
}

fn secret(file: &Path, setting: &str) -> anyhow::Result<Secret> {
    Secret::new(&read(file, setting)?).with_context(|| {
        format!(
            "{setting}: {} must hold at least 16 characters",
            file.display()
        )
    })
}

/// The side that speaks; none when the hotline speaks on no platform.
///
/// # Errors
/// A full sentence when a file cannot be read or the letterbox cannot be opened.
pub async fn speaking(config: &Config) -> anyhow::Result<Option<ChatLine>> {
    let settings = &config.chat;
    if !settings.speaks() {
        return Ok(None);
    }
    let address = |text: &str| api(text).context("An address under [chat] cannot be used");
    let mut apis = Vec::new();
    let whatsapp = match (&settings.whatsapp.number_id, &settings.whatsapp.token_file) {
        (Some(number), Some(file)) => {
            let api = address(&settings.whatsapp.api)?;
            apis.push(api.clone());
            Some(WhatsAppLine {
                api,
                number: number.clone(),
                token: read(file, "chat.whatsapp.token_file")?,
            })
        }
        _ => None,
    };
    let telegram = match &settings.telegram.token_file {
        Some(file) => {
            let api = address(&settings.telegram.api)?;
            apis.push(api.clone());
            Some(TelegramLine {
                api,
                token: read(file, "chat.telegram.token_file")?,
                poll: settings.telegram.poll,
            })
        }
        None => None,
    };
    let wording = Wording {
        hotline: config.hotline.name.clone(),
        page: settings.page.clone(),
        help: HelpLine::dutch_defaults(),
        own: own_words(settings.phrases.as_deref())?,
    };
    let web = serve::web(&way_to(&apis, config)?)?;
    let spoken = (whatsapp, telegram);
    Ok(Some(line_of(config, spoken, wording, web).await?))
}

/// The side that speaks, over this way out.
///
/// # Errors
/// When the letterbox or its public key cannot be opened.
pub async fn line_of(
    config: &Config,
    (whatsapp, telegram): (Option<WhatsAppLine>, Option<TelegramLine>),
    wording: Wording,
    web: HttpClient,
) -> anyhow::Result<ChatLine> {
    let settings = &config.chat;
    let public = HotlineKeys::load_intake(&config.keys())?;
    let db = house::letterbox(&config.letterbox()).await?;
    let (clock, chance) = (Clock::system(), Chance::system());
    Ok(ChatLine {
        slot: Slot::open(db.clone(), public.clone(), clock.clone(), chance.clone()),
        inlet: Inlet::open(db, public, clock, chance),
        web,
        wording,
        usual: Language::from_tag(&settings.language).unwrap_or_default(),
        whatsapp,
        telegram,
        gathering: Gathering {
            quiet_ms: i64::from(settings.gather_seconds) * SECOND_MS,
            most_ms: i64::from(settings.gather_seconds) * 5 * SECOND_MS,
        },
        silence_ms: i64::from(settings.silence_minutes) * MINUTE_MS,
        forget_ms: i64::from(settings.forget_days) * DAY_MS,
    })
}

/// A way out of its own: it leads to the ports of the platforms, and to a server on this machine only
/// when one is named. Reported addresses never go this way.
fn way_to(apis: &[Url], config: &Config) -> anyhow::Result<Guard> {
    let ports = apis.iter().filter_map(Url::port_or_known_default);
    let mut policy = Policy::public().with_ports(ports);
    for api in apis {
        policy = match api.host() {
            Some(url::Host::Ipv4(ip)) if ip.is_loopback() => policy.with_named_service(ip.into()),
            Some(url::Host::Ipv6(ip)) if ip.is_loopback() => policy.with_named_service(ip.into()),
            _ => policy,
        };
    }
    let resolver: Resolver = crate::outside::resolver(config)?;
    Ok(Guard::new(policy, resolver))
}

fn own_words(folder: Option<&Path>) -> anyhow::Result<Rewording> {
    let mut own = Rewording::default();
    let Some(folder) = folder else { return Ok(own) };
    for language in Language::ALL {
        let file = folder.join(format!("{}.ftl", language.tag()));
        if !file.is_file() {
            continue;
        }
        let text = read(&file, "chat.phrases")?;
        own = own
            .with(language, &format!("{}\n", *text), chat::PREFIX)
            .map_err(|fault| anyhow::anyhow!("chat.phrases: {} {fault}.", file.display()))?;
    }
    Ok(own)
}
