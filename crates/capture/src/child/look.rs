//! The visit with a browser: opens the page, lets it load, scrolls through it, and says all of it.

mod frames;
mod gate;
mod gather;
mod screenshot;
mod verdict;
mod worlds;

use std::cell::Cell;
use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use crate::child::browser::Browser;
use crate::child::cdp::CdpFault;
use crate::child::fetch::Fetcher;
use crate::child::plain;
use crate::child::remark::{Signs, remark_on};
use crate::child::sayer::Sayer;
use crate::child::traffic;
use crate::child::watch::{MainAnswer, Manner, Watch};
use crate::wire::{Began, FailedBecause, PageSaid, Remark, Setting, Via, Wanted};

use verdict::{because, verdict_on};

/// How long nothing may load before a page counts as at rest.
pub(super) const QUIET: Duration = Duration::from_millis(500);
/// How often pictures that have arrived are said.
const SAY_EVERY: Duration = Duration::from_millis(50);
/// How long one picture may take that has to be fetched again.
const AGAIN: Duration = Duration::from_secs(5);

/// When each part of a visit has to be over.
struct Times {
    loaded: Instant,
    settled: Instant,
    scrolled: Instant,
    looked: Instant,
    shot: Instant,
    said: Instant,
}

impl Times {
    /// Shares out the time until `until`: half for loading, a quarter for settling and
    /// scrolling, the rest for the screenshot, fetching again and saying.
    fn until(until: Instant) -> Self {
        let now = Instant::now();
        let all = until.saturating_duration_since(now);
        Self {
            loaded: now + all * 50 / 100,
            settled: now + all * 58 / 100,
            scrolled: now + all * 72 / 100,
            looked: now + all * 80 / 100,
            shot: now + all * 96 / 100,
            said: until,
        }
    }
}

/// A browser with an empty page that is watched: ready for one address.
pub struct Ready {
    browser: Browser,
    watch: Result<Watch, CdpFault>,
}

/// Opens the empty page.
pub async fn make_ready(mut browser: Browser, setting: &Setting) -> Ready {
    let (_closed, none) = tokio::sync::mpsc::unbounded_channel();
    let events = std::mem::replace(&mut browser.events, none);
    let manner = Manner {
        user_agent: browser.user_agent.clone(),
        languages: without_weights(&setting.language),
        timezone: setting.timezone.clone(),
        brands: browser.brands.clone(),
    };
    let cdp = browser.cdp.clone();
    let watch = Watch::open(cdp, events, manner, setting.viewport, setting.caps).await;
    Ready { browser, watch }
}

/// Visits with the browser and says what was seen; whether everything found was brought back.
pub async fn visit(
    wanted: &Wanted,
    ready: Ready,
    fetcher: &Fetcher,
    sayer: &mut Sayer,
    until: Instant,
) -> std::io::Result<bool> {
    let Ready { browser, watch } = ready;
    let times = Times::until(until);
    sayer
        .began(&Began {
            via: Via::Browser,
            browser_version: Some(browser.version.clone()),
            browser_sandboxed: Some(browser.sandboxed),
        })
        .await?;
    let complete = match watch {
        Ok(watch) => {
            let complete = look(wanted, &watch, fetcher, sayer, &times).await?;
            let over = watch.seen().traffic.take();
            let shown = tokio::time::timeout_at(times.said, traffic::certificates(&watch, &over));
            let shown = shown.await.unwrap_or_default();
            sayer.traffic(over, shown).await?;
            complete
        }
        Err(fault) => {
            let because = FailedBecause::Browser(fault.to_string());
            sayer.failed(because).await?;
            false
        }
    };
    browser.end();
    Ok(complete)
}

/// An `Accept-Language` list without its weights.
fn without_weights(list: &str) -> String {
    let names = list
        .split(',')
        .map(|one| one.split(';').next().unwrap_or(one).trim());
    names.collect::<Vec<_>>().join(",")
}

/// Opens the address, looks at what comes, and says it.
async fn look(
    wanted: &Wanted,
    watch: &Watch,
    fetcher: &Fetcher,
    sayer: &mut Sayer,
    times: &Times,
) -> std::io::Result<bool> {
    let failed = match navigate(wanted, watch, times).await {
        Arrival::There => None,
        // A file the browser would save may be a picture all the same: it is fetched plainly.
        Arrival::File => return plain::visit_begun(wanted, fetcher, sayer, times.said).await,
        Arrival::Failed(because) => Some(because),
    };
    let mut found = Found::default();
    let over = Cell::new(false);
    let looking = async {
        if failed.is_none() {
            // Whatever a page does to the browser: what was found until then is said in time.
            tokio::select! {
                () = settle(wanted, watch, times, &mut found) => {}
                () = watch.fell_over() => {}
                () = tokio::time::sleep_until(times.looked) => {}
            }
        }
        over.set(true);
    };
    // What has arrived is said meanwhile: it is not held here, and the time of waiting is used.
    let ((), said) = tokio::join!(looking, say_received(watch, sayer, &over));
    said?;
    let main = watch.seen().main.clone();
    let (final_address, title) = where_it_is(watch, main.as_ref()).await;
    let rested = found.rested;
    let said = page_said(watch, final_address, title, found);
    sayer.page(&said).await?;
    let failed = failed.or_else(|| verdict_on(watch, main.as_ref()));
    // The proxy's own words are no page to keep a picture of.
    let answered = main.is_some() && failed != Some(FailedBecause::NotReached);
    if let Some(because) = failed {
        sayer.failed(because).await?;
    }
    if answered && !watch.seen().crashed {
        let shot = tokio::time::timeout_at(times.shot, screenshot::taken(watch)).await;
        if let Some(png) = shot.ok().flatten() {
            sayer.screenshot(&png).await?;
        }
    }
    let brought = say_pictures(watch, fetcher, sayer, times).await?;
    Ok(rested && brought)
}

/// Says pictures as they arrive, until the page has been looked at.
async fn say_received(watch: &Watch, sayer: &mut Sayer, over: &Cell<bool>) -> std::io::Result<()> {
    while !over.get() {
        let next = watch.seen().next_received();
        match next {
            Some(picture) => sayer.picture(picture).await?,
            None => tokio::time::sleep(SAY_EVERY).await,
        }
    }
    Ok(())
}

/// How the page's way to the address ended.
enum Arrival {
    /// It is there, or an answer at least has begun.
    There,
    /// The answer is nothing to be shown: a file to be saved, or nothing at all.
    File,
    /// It did not get there.
    Failed(FailedBecause),
}

/// Sends the page to the address.
async fn navigate(wanted: &Wanted, watch: &Watch, times: &Times) -> Arrival {
    let patience = times.loaded.saturating_duration_since(Instant::now());
    let to = json!({ "url": wanted.address });
    let answer = watch
        .cdp
        .call(&watch.session, "Page.navigate", to, patience)
        .await;
    let answered = watch.seen().main.is_some();
    match answer {
        Ok(answer) if answer["isDownload"] == true => Arrival::File,
        Ok(answer) => match answer["errorText"].as_str() {
            Some("net::ERR_ABORTED") => Arrival::File,
            // An answer that came says more than the browser's word for it.
            Some(error) if !answered => Arrival::Failed(because(error)),
            _ => Arrival::There,
        },
        // The server has begun and does not come to the point.
        Err(CdpFault::Late(_)) if answered => Arrival::There,
        Err(CdpFault::Late(_)) => Arrival::Failed(FailedBecause::TimedOut),
        Err(fault) => Arrival::Failed(FailedBecause::Browser(fault.to_string())),
    }
}

/// What a page turned out to be when it was looked through.
#[derive(Default)]
struct Found {
    /// Whether it came to rest.
    rested: bool,
    gate: Option<String>,
    remark: Option<Remark>,
    links: Vec<String>,
}

/// Lets the page load, passes a gate, scrolls through it, and asks for what it names.
async fn settle(wanted: &Wanted, watch: &Watch, times: &Times, found: &mut Found) {
    let loaded = watch.loaded(times.loaded).await;
    if !loaded {
        // Endless pages and endless scripts are stopped, so that the rest can be looked at.
        watch
            .cdp
            .tell(&watch.session, "Page.stopLoading", json!({}));
        watch
            .cdp
            .tell(&watch.session, "Runtime.terminateExecution", json!({}));
    }
    let settled = watch.quiet(QUIET, times.settled).await;
    found.gate = gate::pass(watch, &wanted.gates, times.scrolled).await;
    found.remark = remark(watch).await;
    frames::scroll_through(watch, times.scrolled).await;
    let rested = watch.quiet(QUIET, times.looked).await;
    found.links = gather::gather(watch, times.looked).await.links;
    watch.bodies(times.looked).await;
    found.rested = loaded && settled && rested;
}

/// What kind of page it is, by what it shows.
async fn remark(watch: &Watch) -> Option<Remark> {
    let page = worlds::worlds(watch).await.into_iter().next()?;
    let signs = worlds::run(watch, &page, include_str!("look/signs.js")).await?;
    remark_on(&serde_json::from_value::<Signs>(signs).ok()?)
}

/// Where the page is now, and its title, as the browser's address bar would show them.
async fn where_it_is(watch: &Watch, main: Option<&MainAnswer>) -> (Option<String>, Option<String>) {
    let about = json!({ "targetId": watch.target });
    let info = watch
        .cdp
        .call("", "Target.getTargetInfo", about, Duration::from_secs(2))
        .await
        .unwrap_or_default();
    let text = |name: &str| info["targetInfo"][name].as_str().map(str::to_owned);
    let shown = text("url").filter(|address| address.starts_with("http"));
    let answered = main.map(|main| main.address.clone());
    // Without an answer the browser shows an error page of its own under the address.
    let title = text("title").filter(|_| main.is_some());
    (shown.filter(|_| main.is_some()).or(answered), title)
}

fn page_said(
    watch: &Watch,
    final_address: Option<String>,
    title: Option<String>,
    found: Found,
) -> PageSaid {
    let seen = watch.seen();
    let main = seen.main.clone();
    PageSaid {
        final_address,
        redirects: seen.redirects.clone(),
        status: main.as_ref().map(|main| main.status),
        loaded_ms: seen.loaded_ms(),
        headers: main.map(|main| main.headers).unwrap_or_default(),
        title,
        gate: found.gate,
        remark: found.remark,
        links: found.links,
    }
}

/// Says every picture, fetching again what the browser could not hand over.
async fn say_pictures(
    watch: &Watch,
    fetcher: &Fetcher,
    sayer: &mut Sayer,
    times: &Times,
) -> std::io::Result<bool> {
    let (again, missed, left_out, referer) = {
        let mut seen = watch.seen();
        (
            seen.unfinished(),
            std::mem::take(&mut seen.missed),
            seen.left_out,
            seen.main.clone().unwrap_or_default().address,
        )
    };
    sayer.leave_out(left_out);
    loop {
        // Not in the condition: the book must not stay open while a picture is said.
        let Some(picture) = watch.seen().next_received() else {
            break;
        };
        if Instant::now() < times.said {
            sayer.picture(picture).await?;
        } else {
            sayer.leave_out(1);
        }
    }
    let mut complete = true;
    for (address, found_by) in again {
        let until = times.said.min(Instant::now() + AGAIN);
        match plain::fetch_picture(fetcher, &address, &referer, found_by, until).await {
            Ok(picture) => {
                complete &= !picture.cut_short;
                sayer.picture(picture).await?;
            }
            Err(why) => {
                complete &= why != plain::LATE;
                sayer.missed(&address, &why).await?;
            }
        }
    }
    for (address, why) in missed {
        sayer.missed(&address, &why).await?;
    }
    Ok(complete)
}
