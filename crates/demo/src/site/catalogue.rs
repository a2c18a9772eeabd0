//! What the web sites show: pictures, pages, and the manners in which a page carries a picture. The
//! pictures themselves stand in `collection`, the pages in `shops`.

use super::drawing::{Coding, Drawing};

pub(super) use super::collection::PICTURES;
pub(super) use super::shops::SHOPS;

/// One picture file. Two files with the same drawing are the same picture, encoded differently.
#[derive(Debug)]
pub(super) struct Picture {
    pub file: &'static str,
    pub drawing: Drawing,
    /// Width and height in pixels.
    pub size: (u32, u32),
    pub coding: Coding,
    /// What the picture shows, in words.
    pub words: &'static str,
}

/// How a page carries a picture. Second files are named where a manner needs two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// A plain `img`.
    Plain,
    /// An `img` whose `srcset` offers a larger file as well.
    SrcSet(&'static str),
    /// A `picture` element that offers another format first.
    Source(&'static str),
    /// The background of a box, by style sheet.
    Background,
    /// `loading=lazy`, far below the first screen.
    Lazy,
    /// In a document of its own, in an `iframe`.
    Framed,
    /// Inside the page as a data address; the file has no address of its own.
    Data,
    /// The poster of a video.
    Poster,
    /// A video that plays at the press of a button.
    Film,
    /// A tiny icon.
    Icon,
}

/// How a page behaves when it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    Prompt,
    Slow,
    Restless,
}

/// One page of a host.
#[derive(Debug)]
pub(super) struct Page {
    pub path: &'static str,
    pub title: &'static str,
    pub words: &'static str,
    pub behaviour: Behaviour,
    pub shows: &'static [(&'static str, Manner)],
}

/// What one host shows: its look, the folder its picture files are in, and its pages.
#[derive(Debug)]
pub(super) struct Shop {
    pub host: &'static str,
    pub title: &'static str,
    pub folder: &'static str,
    /// Hue of its colours, in degrees.
    pub hue: u16,
    pub pages: &'static [Page],
}

impl Picture {
    /// The picture in that file.
    pub(super) fn named(file: &str) -> Option<&'static Picture> {
        PICTURES.iter().find(|picture| picture.file == file)
    }
}

impl Shop {
    /// What the host of that name shows; the canary shows nothing.
    pub(super) fn of(host: &str) -> Option<&'static Shop> {
        SHOPS.iter().find(|shop| shop.host == host)
    }

    /// The page at that path.
    pub(super) fn page(&self, path: &str) -> Option<&'static Page> {
        self.pages.iter().find(|page| page.path == path)
    }

    /// The pages that carry this file at an address of its own.
    pub(super) fn pages_with(&self, file: &str) -> impl Iterator<Item = &'static Page> {
        self.pages
            .iter()
            .filter(move |page| page.files().any(|shown| shown == file))
    }
}

impl Page {
    /// The files of this page that have an address of their own.
    pub(super) fn files(&self) -> impl Iterator<Item = &'static str> {
        self.shows
            .iter()
            .filter(|(_, manner)| *manner != Manner::Data)
            .flat_map(|(file, manner)| {
                let second = match manner {
                    Manner::SrcSet(larger) => Some(*larger),
                    Manner::Source(other) => Some(*other),
                    _ => None,
                };
                std::iter::once(*file).chain(second)
            })
    }
}

/// Addresses a person can copy into the report form, each with a word on what is there.
#[must_use]
pub fn addresses_to_report() -> Vec<(String, &'static str)> {
    let pages = SHOPS.iter().flat_map(|shop| {
        let address = move |page: &Page| format!("http://{}{}", shop.host, page.path);
        shop.pages
            .iter()
            .map(move |page| (address(page), page.words))
    });
    let gallery = &SHOPS[0];
    let alone = format!("http://{}/{}/rings.jpg", gallery.host, gallery.folder);
    let missing = format!("http://{}/nothing-here", gallery.host);
    pages
        .chain([
            (alone, "A picture by itself."),
            (missing, "There is no such page (404)."),
        ])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_shown_file() -> impl Iterator<Item = &'static str> {
        SHOPS
            .iter()
            .flat_map(|shop| shop.pages)
            .flat_map(|page| page.files().chain(page.shows.iter().map(|(file, _)| *file)))
    }

    #[test]
    fn every_shown_file_is_a_picture_and_every_picture_is_shown() {
        for file in every_shown_file() {
            assert!(
                Picture::named(file).is_some(),
                "{file} is shown and not drawn"
            );
        }
        for picture in PICTURES {
            let shown = every_shown_file().any(|file| file == picture.file);
            assert!(shown, "{} is drawn and never shown", picture.file);
        }
    }

    #[test]
    fn every_manner_is_used_and_each_page_has_three_to_twelve_pictures() {
        let pages: Vec<_> = SHOPS.iter().flat_map(|shop| shop.pages).collect();
        assert!(pages.len() >= 6);
        let mut manners = std::collections::HashSet::new();
        for page in pages {
            assert!((3..=12).contains(&page.shows.len()), "{}", page.path);
            manners.extend(
                page.shows
                    .iter()
                    .map(|(_, manner)| std::mem::discriminant(manner)),
            );
        }
        assert_eq!(manners.len(), 10);
    }

    #[test]
    fn a_picture_given_as_data_has_no_address() {
        let gallery = Shop::of("gallery.example").unwrap();
        assert_eq!(gallery.pages_with("stamp.png").count(), 0);
        assert_eq!(gallery.pages_with("bubbles.jpg").count(), 2);
        assert_eq!(gallery.pages_with("meadow-large.jpg").count(), 1);
    }
}
