//! Finds what an HTML page shows without running it: the plain visitor's eyes.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{StartTag, Token, Tokenizer};
use url::Url;

use crate::child::css;
use crate::child::remark::Signs;
use crate::wire::FoundBy;

/// Most addresses that are taken from one page.
const ADDRESSES_MAX: usize = 5_000;

/// Most lines of text that are looked at.
const LINES_MAX: usize = 200;
/// Most links that are listed.
const LINKS_MAX: usize = 500;
/// How addresses of pictures end.
const PICTURE_KINDS: [&str; 10] = [
    "jpg", "jpeg", "png", "gif", "webp", "avif", "bmp", "tif", "tiff", "heic",
];

/// What a page names.
#[derive(Debug, Default)]
pub struct Named {
    /// Pictures, as absolute addresses, each once.
    pub pictures: Vec<(String, FoundBy)>,
    /// Style sheets.
    pub sheets: Vec<String>,
    /// Frames.
    pub frames: Vec<String>,
    /// Pages written into a frame's `srcdoc`.
    pub inner_pages: Vec<String>,
    /// The page's title.
    pub title: Option<String>,
    /// Where a refresh tag leads.
    pub refresh: Option<String>,
    /// Links that lead straight to pictures.
    pub links: Vec<String>,
    /// The signs of what kind of page it is.
    pub signs: Signs,
}

/// What `html`, found at `address`, names.
pub fn named_by(html: &str, address: &Url) -> Named {
    let mut reading = Reading {
        named: Named::default(),
        base: address.clone(),
        inside: None,
    };
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) => reading.tag(&Tag(tag)),
            Token::EndTag(_) => reading.inside = None,
            Token::String(text) => reading.text(&String::from_utf8_lossy(&text)),
            _ => {}
        }
    }
    reading.named
}

/// The addresses that a style sheet found at `address` names: pictures and further sheets are
/// not told apart until they are fetched.
pub fn named_by_sheet(sheet: &str, address: &Url) -> Vec<String> {
    let found = css::addresses(sheet).into_iter();
    found
        .filter_map(|named| absolute(&named, address))
        .collect()
}

struct Tag(StartTag<()>);

impl Tag {
    fn name(&self) -> &[u8] {
        &self.0.name
    }

    fn attribute(&self, name: &str) -> Option<String> {
        let value = self.0.attributes.get(name.as_bytes())?;
        Some(String::from_utf8_lossy(value).into_owned())
    }

    fn says(&self, name: &str, word: &str) -> bool {
        self.attribute(name).is_some_and(|value| {
            value
                .split_ascii_whitespace()
                .any(|part| part.eq_ignore_ascii_case(word))
        })
    }
}

/// The element whose text matters.
#[derive(Clone, Copy)]
enum Inside {
    Style,
    Title,
    Script,
}

struct Reading {
    named: Named,
    base: Url,
    inside: Option<Inside>,
}

impl Reading {
    fn tag(&mut self, tag: &Tag) {
        self.inside = None;
        match tag.name() {
            b"base" => {
                let base = tag
                    .attribute("href")
                    .and_then(|href| self.base.join(&href).ok());
                self.base = base.unwrap_or_else(|| self.base.clone());
            }
            b"style" => self.inside = Some(Inside::Style),
            b"title" => self.inside = Some(Inside::Title),
            b"script" | b"noscript" | b"template" => self.inside = Some(Inside::Script),
            b"a" | b"area" => self.leads_to(tag.attribute("href")),
            b"link" => self.link(tag),
            b"meta" => self.meta(tag),
            b"iframe" | b"frame" => self.frame(tag),
            // `data-…` is how pages without native lazy loading name what a script would load.
            b"input" if tag.says("type", "password") => self.named.signs.passwords += 1,
            b"img" | b"source" | b"input" | b"amp-img" => {
                for name in ["src", "data-src", "data-original", "data-lazy-src"] {
                    self.picture(tag.attribute(name), FoundBy::Page);
                }
                for name in ["srcset", "data-srcset"] {
                    for candidate in candidates(&tag.attribute(name).unwrap_or_default()) {
                        self.picture(Some(candidate), FoundBy::Page);
                    }
                }
            }
            b"video" => {
                self.picture(tag.attribute("poster"), FoundBy::Page);
                self.picture(tag.attribute("src"), FoundBy::Page);
            }
            b"image" | b"feimage" => {
                self.picture(tag.attribute("href"), FoundBy::Page);
                self.picture(tag.attribute("xlink:href"), FoundBy::Page);
            }
            b"embed" => self.picture(tag.attribute("src"), FoundBy::Page),
            b"object" => self.picture(tag.attribute("data"), FoundBy::Page),
            _ => {}
        }
        self.picture(tag.attribute("background"), FoundBy::Page);
        if let Some(style) = tag.attribute("style") {
            self.style(&style);
        }
    }

    fn text(&mut self, text: &str) {
        match self.inside {
            Some(Inside::Style) => self.style(text),
            Some(Inside::Title) if self.named.title.is_none() => {
                self.named.title = Some(text.trim().chars().take(300).collect());
                self.named.signs.title = self.named.title.clone().unwrap_or_default();
            }
            None => self.line(text.trim()),
            _ => {}
        }
    }

    /// Visible text: one run of it is taken for a line.
    fn line(&mut self, text: &str) {
        let signs = &mut self.named.signs;
        let letters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        signs.letters = signs.letters.saturating_add(letters);
        if letters > 0 && signs.lines.len() < LINES_MAX {
            signs.lines.push(text.chars().take(300).collect());
        }
    }

    fn leads_to(&mut self, href: Option<String>) {
        let found = href.and_then(|href| absolute(&href, &self.base));
        let Some(found) = found.filter(|found| found.starts_with("http")) else {
            return;
        };
        let path = found.split(['?', '#']).next().unwrap_or_default();
        let kind = path
            .rsplit_once('.')
            .map(|(_, kind)| kind.to_ascii_lowercase());
        let is_picture = kind.is_some_and(|kind| PICTURE_KINDS.contains(&kind.as_str()));
        let links = &mut self.named.links;
        if is_picture && found.len() < 400 && links.len() < LINKS_MAX && !links.contains(&found) {
            links.push(found);
        }
    }

    fn link(&mut self, tag: &Tag) {
        let href = tag
            .attribute("href")
            .and_then(|href| absolute(&href, &self.base));
        if tag.says("rel", "stylesheet") {
            self.named.sheets.extend(href);
        } else if tag.says("rel", "icon") || tag.says("rel", "apple-touch-icon") {
            self.picture(href, FoundBy::Icon);
        } else if tag.says("rel", "preload") && tag.says("as", "image") {
            self.picture(href, FoundBy::Page);
        }
    }

    fn meta(&mut self, tag: &Tag) {
        if !tag.says("http-equiv", "refresh") {
            return;
        }
        let content = tag.attribute("content").unwrap_or_default();
        let target = content.split_once(['=']).map(|(_, target)| target);
        let target = target.map(|target| target.trim().trim_matches(['"', '\'']));
        self.named.refresh = target.and_then(|target| absolute(target, &self.base));
    }

    fn frame(&mut self, tag: &Tag) {
        let src = tag
            .attribute("src")
            .and_then(|src| absolute(&src, &self.base));
        self.named.frames.extend(src);
        self.named.inner_pages.extend(tag.attribute("srcdoc"));
    }

    fn style(&mut self, css: &str) {
        for address in css::addresses(css) {
            self.picture(Some(address), FoundBy::Style);
        }
    }

    fn picture(&mut self, address: Option<String>, found_by: FoundBy) {
        let found = address.and_then(|address| absolute(&address, &self.base));
        let Some(found) = found else { return };
        let found_by = if found.starts_with("data:") {
            FoundBy::Data
        } else {
            found_by
        };
        if found_by != FoundBy::Icon {
            self.named.signs.pictures = self.named.signs.pictures.saturating_add(1);
        }
        let pictures = &mut self.named.pictures;
        let known = pictures.iter().any(|(known, _)| *known == found);
        if !known && pictures.len() < ADDRESSES_MAX {
            pictures.push((found, found_by));
        }
    }
}

/// An address as the page would understand it; none when it is empty or is not fetched.
fn absolute(address: &str, base: &Url) -> Option<String> {
    let address = address.trim();
    if address
        .get(..5)
        .is_some_and(|start| start.eq_ignore_ascii_case("data:"))
    {
        return Some(address.to_owned());
    }
    let mut joined = base.join(address).ok().filter(|_| !address.is_empty())?;
    joined.set_fragment(None);
    matches!(joined.scheme(), "http" | "https").then(|| joined.to_string())
}

/// The candidates of a `srcset`: addresses may contain commas but not white space, and a comma
/// at an address's end belongs to the list.
fn candidates(srcset: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return found;
        }
        let end = rest
            .find(|c: char| c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        let bare = address.trim_end_matches(',');
        found.push(bare.to_owned());
        rest = if bare.len() < address.len() {
            after
        } else {
            after.split_once(',').map_or("", |(_, next)| next)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn names(html: &str) -> Vec<String> {
        let address = Url::parse("http://a.example/dir/page").unwrap();
        let named = named_by(html, &address).pictures.into_iter();
        named.map(|(address, _)| address).collect()
    }

    #[test]
    fn every_way_to_show_a_picture_is_seen() {
        let html = r#"<title> A page </title><base href="/b/">
            <IMG SRC=1.png><img src='//c.example/2.png' srcset="3.png 1x, 4.png 2x">
            <picture><source srcset="5,5.webp 100w,6.webp"></picture>
            <video poster=7.jpg></video><div style="background:url(8.png)"></div>
            <style>p{background:url('9.png')}</style><svg><image xlink:href=10.png /></svg>
            <img data-src=11.png><input type=image src=12.png><body background=13.png>
            <img src="data:image/gif;base64,AAAA"><link rel="shortcut icon" href=/i.ico>
            <script>var s = "<img src=no.png>"</script><!-- <img src=no.png> -->"#;
        let found = names(html);
        let expected: Vec<String> = ["1", "3", "4"]
            .iter()
            .map(|n| format!("http://a.example/b/{n}.png"))
            .collect();
        for address in expected.iter().map(String::as_str).chain([
            "http://c.example/2.png",
            "http://a.example/b/5,5.webp",
            "http://a.example/b/6.webp",
            "http://a.example/b/7.jpg",
            "http://a.example/b/8.png",
            "http://a.example/b/9.png",
            "http://a.example/b/10.png",
            "http://a.example/b/11.png",
            "http://a.example/b/12.png",
            "http://a.example/b/13.png",
            "http://a.example/i.ico",
            "data:image/gif;base64,AAAA",
        ]) {
            assert!(
                found.iter().any(|known| known == address),
                "{address} in {found:?}"
            );
        }
        assert!(!found.iter().any(|known| known.contains("no.png")));
        assert_eq!(found.len(), 15);
    }

    #[test]
    fn frames_sheets_titles_and_refreshes_are_seen() {
        let html = r#"<title>One</title><iframe src=f.html></iframe><iframe srcdoc="<img src=x>">
            </iframe><link rel=stylesheet href=s.css><meta http-equiv=Refresh content="0; URL='/n'">"#;
        let named = named_by(html, &Url::parse("http://a.example/").unwrap());
        assert_eq!(named.frames, ["http://a.example/f.html"]);
        assert_eq!(named.inner_pages, ["<img src=x>"]);
        assert_eq!(named.sheets, ["http://a.example/s.css"]);
        assert_eq!(named.title.as_deref(), Some("One"));
        assert_eq!(named.refresh.as_deref(), Some("http://a.example/n"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(html in "(<|>|img|src|srcset|=|\"|style|url\\(|,| |.){0,60}") {
            let _ = names(&html);
        }
    }
}
