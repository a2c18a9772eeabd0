//! Answering as one of the hosts: its front page, its pages, the documents in its frames, its picture files.

use askama::Template;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::BASE64;

use super::Site;
use super::catalogue::{Behaviour, Manner, Page, Picture, Shop};
use super::standing::Standing;
use crate::host::{CANARY_BODY, CANARY_HOST, DemoHost};
use crate::rendered;

/// Answers a request to this host. `base` stands before every path in the page; it is empty unless
/// the page is looked at through the provider's buttons.
pub(super) async fn answer(
    site: &Site,
    host: &DemoHost,
    base: &str,
    method: &Method,
    path: &str,
) -> Response {
    if host.name == CANARY_HOST {
        return CANARY_BODY.into_response();
    }
    let Some(shop) = Shop::of(host.name) else {
        return word(
            StatusCode::NOT_FOUND,
            "Not found",
            "There is nothing at this address.",
        );
    };
    if !matches!(*method, Method::GET | Method::HEAD) {
        let words = "This site can only be read.";
        return word(StatusCode::METHOD_NOT_ALLOWED, "Read only", words);
    }
    if let Some(file) = path
        .strip_prefix('/')
        .and_then(|path| path.strip_prefix(shop.folder))
    {
        return picture(site, shop, file.trim_start_matches('/')).await;
    }
    if path == "/" {
        return front(site, shop, host, base);
    }
    if let Some(page) = path.strip_suffix("/frame").and_then(|path| shop.page(path)) {
        let standing = site.standings(|standings| standings.of_page(shop, page));
        return barred(standing).unwrap_or_else(|| framed(shop, page, base));
    }
    match shop.page(path) {
        Some(page) => shown(site, shop, page, base).await,
        None => word(
            StatusCode::NOT_FOUND,
            "Not found",
            "There is no page at this address.",
        ),
    }
}

/// The page shown instead when the provider removed a page or put a wall before it.
fn barred(standing: Standing) -> Option<Response> {
    match standing {
        Standing::Online => None,
        Standing::Walled => {
            let words = "Please sign in to see this page. Signing in is out of order.";
            Some(word(
                StatusCode::SERVICE_UNAVAILABLE,
                "Please sign in",
                words,
            ))
        }
        Standing::Removed => Some(word(
            StatusCode::GONE,
            "Removed",
            "The provider removed this page.",
        )),
    }
}

#[derive(Template)]
#[template(path = "word.html")]
struct Word<'a> {
    title: &'a str,
    words: &'a str,
}

/// A small page with one sentence.
pub(super) fn word(status: StatusCode, title: &str, words: &str) -> Response {
    (status, rendered(&Word { title, words })).into_response()
}

async fn picture(site: &Site, shop: &Shop, file: &str) -> Response {
    let missing = || {
        word(
            StatusCode::NOT_FOUND,
            "Not found",
            "There is no picture at this address.",
        )
    };
    if shop.pages_with(file).next().is_none() {
        return missing();
    }
    match site.standings(|standings| standings.of_file(shop, file)) {
        Standing::Removed => return missing(),
        walled @ Standing::Walled => return barred(walled).unwrap_or_else(missing),
        Standing::Online => {}
    }
    let Some(picture) = Picture::named(file) else {
        return missing();
    };
    let headers = [
        (header::CONTENT_TYPE, picture.coding.media_type()),
        (header::CACHE_CONTROL, "no-store"),
    ];
    match site.bytes_of(picture).await {
        Some(bytes) => (headers, bytes).into_response(),
        None => word(
            StatusCode::INTERNAL_SERVER_ERROR,
            "Error",
            "The picture could not be drawn.",
        ),
    }
}

#[derive(Template)]
#[template(path = "front.html")]
struct Front<'a> {
    title: &'a str,
    hue: u16,
    provider: &'a str,
    base: &'a str,
    pages: &'a [Page],
}

fn front(site: &Site, shop: &Shop, host: &DemoHost, base: &str) -> Response {
    let standing = site.standings(|standings| standings.of_host(shop));
    let page = Front {
        title: shop.title,
        hue: shop.hue,
        provider: host.provider,
        base,
        pages: shop.pages,
    };
    barred(standing).unwrap_or_else(|| rendered(&page).into_response())
}

/// One picture as the page carries it.
struct Tile {
    manner: Manner,
    words: &'static str,
    size: (u32, u32),
    /// Address of the picture file, or its data address.
    source: String,
    /// Address of the second file, where the manner has one.
    second: String,
}

impl Tile {
    async fn of(
        site: &Site,
        shop: &Shop,
        base: &str,
        shown: &(&'static str, Manner),
    ) -> Option<Self> {
        let (file, manner) = *shown;
        let picture = Picture::named(file)?;
        let address = |file: &str| format!("{base}/{}/{file}", shop.folder);
        let second = match manner {
            Manner::SrcSet(other) | Manner::Source(other) => address(other),
            _ => String::new(),
        };
        let source = if manner == Manner::Data {
            let bytes = site.bytes_of(picture).await?;
            format!(
                "data:{};base64,{}",
                picture.coding.media_type(),
                BASE64.encode(&bytes)
            )
        } else {
            address(file)
        };
        Some(Self {
            manner,
            words: picture.words,
            size: picture.size,
            source,
            second,
        })
    }
}

#[derive(Template)]
#[template(path = "page.html")]
struct Shown<'a> {
    shop: &'a Shop,
    page: &'a Page,
    base: &'a str,
    near: Vec<Tile>,
    far: Vec<Tile>,
    framed: bool,
}

async fn shown(site: &Site, shop: &Shop, page: &Page, base: &str) -> Response {
    let standing = site.standings(|standings| standings.of_page(shop, page));
    if let Some(instead) = barred(standing) {
        return instead;
    }
    match page.behaviour {
        Behaviour::Prompt => {}
        Behaviour::Slow => tokio::time::sleep(site.inner.slow_answer).await,
        Behaviour::Restless if site.in_outage() => {
            let words = "Something broke at our side. Please come back in a few minutes.";
            return word(StatusCode::INTERNAL_SERVER_ERROR, "Error", words);
        }
        Behaviour::Restless => {}
    }
    let (mut near, mut far) = (Vec::new(), Vec::new());
    for entry in page.shows {
        match (Tile::of(site, shop, base, entry).await, entry.1) {
            (_, Manner::Framed) | (None, _) => {}
            (Some(tile), Manner::Lazy) => far.push(tile),
            (Some(tile), _) => near.push(tile),
        }
    }
    let framed = page
        .shows
        .iter()
        .any(|(_, manner)| *manner == Manner::Framed);
    rendered(&Shown {
        shop,
        page,
        base,
        near,
        far,
        framed,
    })
    .into_response()
}

#[derive(Template)]
#[template(path = "frame.html")]
struct Frame {
    pictures: Vec<(String, &'static str)>,
}

fn framed(shop: &Shop, page: &Page, base: &str) -> Response {
    let framed = page
        .shows
        .iter()
        .filter(|(_, manner)| *manner == Manner::Framed);
    let pictures = framed
        .filter_map(|(file, _)| Picture::named(file))
        .map(|picture| {
            (
                format!("{base}/{}/{}", shop.folder, picture.file),
                picture.words,
            )
        })
        .collect();
    rendered(&Frame { pictures }).into_response()
}
