//! Bounds for every text that a child hands over.

use crate::wire::{Began, PageSaid, Redirect};

/// Most links that are listed.
const LINKS_MAX: usize = 500;
/// Most bytes of any one text a child may hand over.
pub const TEXT_MAX: usize = 8 * 1024;
/// Most bytes of a title or a reason.
pub const LINE_MAX: usize = 400;

/// At most `max` bytes of a text, cut at a character.
pub fn shorten(mut text: String, max: usize) -> String {
    let mut end = max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

/// What the child began with, its texts bounded.
pub fn shorten_began(began: Began) -> Began {
    Began {
        browser_version: began.browser_version.map(|text| shorten(text, LINE_MAX)),
        ..began
    }
}

/// The main document, its texts and lists bounded.
pub fn shorten_page(page: PageSaid) -> PageSaid {
    let redirects = page.redirects.into_iter().take(50);
    let headers = page.headers.into_iter().take(200);
    PageSaid {
        final_address: page.final_address.map(|text| shorten(text, TEXT_MAX)),
        redirects: redirects
            .map(|step| Redirect {
                from: shorten(step.from, TEXT_MAX),
                to: shorten(step.to, TEXT_MAX),
                ..step
            })
            .collect(),
        status: page.status,
        loaded_ms: page.loaded_ms,
        headers: headers
            .map(|(name, value)| (shorten(name, LINE_MAX), shorten(value, TEXT_MAX)))
            .collect(),
        title: page.title.map(|text| shorten(text, LINE_MAX)),
        gate: page.gate.map(|text| shorten(text, LINE_MAX)),
        remark: page.remark,
        links: (page.links.into_iter().take(LINKS_MAX))
            .map(|link| shorten(link, TEXT_MAX))
            .collect(),
    }
}
