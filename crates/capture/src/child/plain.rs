//! The plain visitor: fetches the page and what it names, without running anything.

use futures_util::StreamExt;
use tokio::time::Instant;
use url::Url;

use crate::child::fetch::{Answer, Fetcher};
use crate::child::html::{self, Named};
use crate::child::remark::remark_on;
use crate::child::sayer::Sayer;
use crate::child::{Received, data_address, magic};
use crate::wire::{Began, FailedBecause, FoundBy, PageSaid, Redirect, RedirectBy, Via, Wanted};

/// Pictures fetched at the same time.
const AT_ONCE: usize = 6;
/// Most frames and style sheets that are opened.
const FURTHER_MAX: usize = 40;
/// Most refresh tags that are followed.
const REFRESHES_MAX: usize = 3;

/// Visits plainly and says what was found; whether everything found was brought back.
pub async fn visit(
    wanted: &Wanted,
    fetcher: &Fetcher,
    sayer: &mut Sayer,
    until: Instant,
) -> std::io::Result<bool> {
    sayer
        .began(&Began {
            via: Via::Plain,
            browser_version: None,
            browser_sandboxed: None,
        })
        .await?;
    visit_begun(wanted, fetcher, sayer, until).await
}

/// The same, when it has been said already with what the address is looked at.
pub async fn visit_begun(
    wanted: &Wanted,
    fetcher: &Fetcher,
    sayer: &mut Sayer,
    until: Instant,
) -> std::io::Result<bool> {
    let Ok(address) = Url::parse(&wanted.address) else {
        let because = FailedBecause::Child("the address cannot be read".to_owned());
        sayer.failed(because).await?;
        return Ok(false);
    };
    match fetch_page(fetcher, address, until).await {
        Err(because) => {
            sayer.failed(because).await?;
            Ok(false)
        }
        Ok(answer) => said(answer, fetcher, sayer, until).await,
    }
}

/// Fetches the main document, and where its refresh tags lead.
async fn fetch_page(
    fetcher: &Fetcher,
    address: Url,
    until: Instant,
) -> Result<Answer, FailedBecause> {
    let mut answer = fetcher.get(&address, None, until).await?;
    for _ in 0..REFRESHES_MAX {
        let refresh = is_page(&answer)
            .then(|| html::named_by(&text_of(&answer), &answer.address).refresh)
            .flatten();
        let next = refresh.and_then(|to| Url::parse(&to).ok());
        let Some(next) = next.filter(|next| *next != answer.address) else {
            break;
        };
        let mut redirects = std::mem::take(&mut answer.redirects);
        redirects.push(Redirect {
            from: answer.address.to_string(),
            to: next.to_string(),
            status: None,
            by: RedirectBy::Page,
        });
        let referer = answer.address.to_string();
        answer = fetcher.get(&next, Some(&referer), until).await?;
        redirects.append(&mut answer.redirects);
        answer.redirects = redirects;
    }
    Ok(answer)
}

/// Says the main document and everything it names.
async fn said(
    answer: Answer,
    fetcher: &Fetcher,
    sayer: &mut Sayer,
    until: Instant,
) -> std::io::Result<bool> {
    let is_picture = magic::is_material(&answer.bytes);
    let named = if is_picture {
        Named::default()
    } else {
        html::named_by(&text_of(&answer), &answer.address)
    };
    sayer
        .page(&PageSaid {
            final_address: Some(answer.address.to_string()),
            redirects: answer.redirects.clone(),
            status: Some(answer.status),
            loaded_ms: None,
            headers: answer.header_lines(),
            title: named.title.clone(),
            gate: None,
            remark: (!is_picture).then(|| remark_on(&named.signs)).flatten(),
            links: named.links.clone(),
        })
        .await?;
    if let Some(because) = failure_of(&answer, is_picture) {
        sayer.failed(because).await?;
    }
    let mut complete = !answer.cut_short && (is_picture || answer.bytes.len() <= READ_MAX);
    if is_picture {
        let address = answer.address.to_string();
        let received = received(answer, address, FoundBy::Address);
        sayer.picture(received).await?;
        return Ok(complete);
    }
    let found = gather(named, &answer.address, fetcher, until).await;
    let fetched = futures_util::stream::iter(found)
        .map(|(address, found_by, referer)| async move {
            let fetched = fetch_picture(fetcher, &address, &referer, found_by, until).await;
            (address, fetched)
        })
        .buffer_unordered(AT_ONCE);
    let mut fetched = std::pin::pin!(fetched);
    while let Some((address, fetched)) = fetched.next().await {
        match fetched {
            Ok(received) => {
                complete &= !received.cut_short;
                sayer.picture(received).await?;
            }
            Err(why) => {
                complete &= why != LATE;
                sayer.missed(&address, &why).await?;
            }
        }
    }
    Ok(complete && Instant::now() < until)
}

/// Why a main document is no captured page, if so (law 6).
pub fn failure_of(answer: &Answer, is_picture: bool) -> Option<FailedBecause> {
    match answer.status {
        204 | 205 => Some(FailedBecause::NothingThere),
        200..300 if answer.bytes.is_empty() => Some(FailedBecause::NothingThere),
        200..300 if is_picture || is_page(answer) => None,
        200..300 => Some(FailedBecause::NotAPage(answer.named_type())),
        status => Some(FailedBecause::HttpStatus(status)),
    }
}

fn is_page(answer: &Answer) -> bool {
    let named = answer.named_type();
    named.is_empty() || named.starts_with("text/") || named.ends_with("xml")
}

/// Most bytes of a document that are read for what they name. Reading cannot be interrupted, and a
/// packed page may be far more than can be read within a visit.
const READ_MAX: usize = 8 << 20;

fn text_of(answer: &Answer) -> std::borrow::Cow<'_, str> {
    let read = answer.bytes.len().min(READ_MAX);
    String::from_utf8_lossy(&answer.bytes[..read])
}

/// Everything the page, its style sheets and its frames (one level) name, each address once,
/// with the page that named it.
async fn gather(
    named: Named,
    page: &Url,
    fetcher: &Fetcher,
    until: Instant,
) -> Vec<(String, FoundBy, String)> {
    let mut found: Vec<(String, FoundBy, String)> = Vec::new();
    let mut add = |address: String, by: FoundBy, referer: &Url| {
        if !found.iter().any(|(known, ..)| *known == address) {
            found.push((address, by, referer.to_string()));
        }
    };
    let mut sheets: Vec<(String, Url)> = Vec::new();
    for (address, by) in named.pictures {
        add(address, by, page);
    }
    sheets.extend(named.sheets.into_iter().map(|sheet| (sheet, page.clone())));
    for inner in &named.inner_pages {
        let inner = html::named_by(inner, page);
        for (address, _) in inner.pictures {
            add(address, FoundBy::Frame, page);
        }
        sheets.extend(inner.sheets.into_iter().map(|sheet| (sheet, page.clone())));
    }
    for frame in named.frames.iter().take(FURTHER_MAX) {
        let Some(answer) = open(fetcher, frame, page, until).await else {
            continue;
        };
        if magic::is_material(&answer.bytes) {
            add(frame.clone(), FoundBy::Frame, page);
            continue;
        }
        let inner = html::named_by(&text_of(&answer), &answer.address);
        for (address, _) in inner.pictures {
            add(address, FoundBy::Frame, &answer.address);
        }
        let at = &answer.address;
        sheets.extend(inner.sheets.into_iter().map(|sheet| (sheet, at.clone())));
    }
    for (sheet, from) in sheets.iter().take(FURTHER_MAX) {
        let Some(answer) = open(fetcher, sheet, from, until).await else {
            continue;
        };
        for address in html::named_by_sheet(&text_of(&answer), &answer.address) {
            if !address
                .split(['?', '#'])
                .next()
                .is_some_and(|path| path.ends_with(".css"))
            {
                add(address, FoundBy::Style, &answer.address);
            }
        }
    }
    found
}

async fn open(fetcher: &Fetcher, address: &str, from: &Url, until: Instant) -> Option<Answer> {
    let address = Url::parse(address).ok()?;
    let answer = fetcher
        .get(&address, Some(from.as_str()), until)
        .await
        .ok()?;
    (200..300).contains(&answer.status).then_some(answer)
}

/// Why a picture is missing when the visit's time was over.
pub const LATE: &str = "the visit's time was over";

/// Fetches one picture; the reason in a few words when there is none.
pub async fn fetch_picture(
    fetcher: &Fetcher,
    address: &str,
    referer: &str,
    found_by: FoundBy,
    until: Instant,
) -> Result<Received, String> {
    if let Some(bytes) = data_address::bytes_of(address) {
        return Ok(Received {
            address: address.to_owned(),
            found_by: FoundBy::Data,
            status: None,
            cut_short: false,
            bytes,
        });
    }
    let target = Url::parse(address).map_err(|_| "its address cannot be read".to_owned())?;
    if Instant::now() >= until {
        return Err(LATE.to_owned());
    }
    let answer = match fetcher.get(&target, Some(referer), until).await {
        Ok(answer) => answer,
        Err(FailedBecause::TimedOut) => return Err(LATE.to_owned()),
        Err(because) => return Err(in_words(&because)),
    };
    let named = answer.named_type();
    if magic::is_material(&answer.bytes) {
        return Ok(received(answer, address.to_owned(), found_by));
    }
    match answer.status {
        200..300
            if (named.starts_with("image/") || named.starts_with("video/"))
                && !answer.bytes.is_empty() =>
        {
            Ok(received(answer, address.to_owned(), found_by))
        }
        200..300 => Err(format!("{named} is no picture")),
        status => Err(format!("http status {status}")),
    }
}

fn received(answer: Answer, address: String, found_by: FoundBy) -> Received {
    Received {
        address,
        found_by,
        status: Some(answer.status),
        cut_short: answer.cut_short,
        bytes: answer.bytes,
    }
}

fn in_words(because: &FailedBecause) -> String {
    match because {
        FailedBecause::TlsFailed => "no trusted TLS connection".to_owned(),
        FailedBecause::TooManyRedirects => "too many redirects".to_owned(),
        _ => "its host could not be reached".to_owned(),
    }
}
