//! The provider's side, for the person at the demo: which addresses can be reported, and the buttons
//! that remove pages, put them back or put a wall before them.

use askama::Template;
use axum::extract::{Form, FromRequest, Request};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::catalogue::{self, Page, SHOPS, Shop};
use super::standing::Standing;
use super::{Site, virtual_host};
use crate::host::DemoHost;
use crate::rendered;

/// Answers a request that names no host of the demo.
pub(super) async fn answer(site: &Site, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    match (request.method(), path.as_str()) {
        (&Method::GET | &Method::HEAD, "/") => buttons(site),
        (&Method::POST, "/control") => pressed(site, request).await,
        (method, path) => match looked_at(path) {
            Some((host, base, rest)) => virtual_host::answer(site, host, &base, method, rest).await,
            None => virtual_host::word(
                StatusCode::NOT_FOUND,
                "Not found",
                "There is nothing at this address of the demonstration.",
            ),
        },
    }
}

/// A look at a host without its name in the browser: `/see/<host>/<path>`.
fn looked_at(path: &str) -> Option<(&'static DemoHost, String, &str)> {
    let behind = path.strip_prefix("/see/")?;
    let (name, rest) = behind.split_at(behind.find('/').unwrap_or(behind.len()));
    let host = DemoHost::named(name)?;
    let rest = if rest.is_empty() { "/" } else { rest };
    Some((host, format!("/see/{}", host.name), rest))
}

/// An address to copy, and where it can be looked at from here.
struct Entry {
    address: String,
    words: &'static str,
    look: String,
}

struct HostRow {
    host: &'static DemoHost,
    standing: Standing,
    pages: Vec<(&'static Page, Standing)>,
}

#[derive(Template)]
#[template(path = "buttons.html")]
struct Buttons {
    addresses: Vec<Entry>,
    hosts: Vec<HostRow>,
}

fn buttons(site: &Site) -> Response {
    let hosts = site.standings(|standings| {
        let row = |shop: &'static Shop| {
            Some(HostRow {
                host: DemoHost::named(shop.host)?,
                standing: standings.of_host(shop),
                pages: shop
                    .pages
                    .iter()
                    .map(|page| (page, standings.of_page(shop, page)))
                    .collect(),
            })
        };
        SHOPS.iter().filter_map(row).collect()
    });
    let addresses = catalogue::addresses_to_report()
        .into_iter()
        .map(|(address, words)| {
            let look = address.replacen("http://", "/see/", 1);
            Entry {
                address,
                words,
                look,
            }
        })
        .collect();
    rendered(&Buttons { addresses, hosts }).into_response()
}

/// One press of a button. Without a page the whole host is meant.
#[derive(Debug, Deserialize)]
struct Press {
    host: String,
    #[serde(default)]
    page: String,
    act: Act,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Remove,
    PutBack,
    Wall,
}

async fn pressed(site: &Site, request: Request) -> Response {
    let elsewhere = request
        .headers()
        .get("sec-fetch-site")
        .is_some_and(|from| from != "same-origin" && from != "none");
    if elsewhere {
        let words = "The buttons only work from their own page.";
        return virtual_host::word(StatusCode::FORBIDDEN, "Not from here", words);
    }
    let press = match Form::<Press>::from_request(request, &()).await {
        Ok(Form(press)) => press,
        Err(refused) => return refused.into_response(),
    };
    let shop = Shop::of(&press.host);
    let page = shop.and_then(|shop| shop.page(&press.page));
    let (Some(shop), true) = (shop, page.is_some() || press.page.is_empty()) else {
        let words = "The demonstration has no such host or page.";
        return virtual_host::word(StatusCode::NOT_FOUND, "Not found", words);
    };
    let standing = match press.act {
        Act::Remove => Standing::Removed,
        Act::PutBack => Standing::Online,
        Act::Wall => Standing::Walled,
    };
    site.standings(|standings| standings.set(shop, page, standing));
    Redirect::to("/").into_response()
}
