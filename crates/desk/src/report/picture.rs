//! One picture of a report: the items that show it stand under one tile and are judged by one look.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use casework::desk::OpenItem;
use ground::{ContentId, ItemId, ReportId};

use super::faults::back;
use super::judging::moved;
use super::view::{Seen, measures};
use crate::who::Analyst;
use crate::{Desk, DeskError};

/// The items that show one picture, in the order of the page; never empty.
pub(super) struct Picture<'a> {
    first: &'a OpenItem,
    copies: Vec<&'a OpenItem>,
}

impl<'a> Picture<'a> {
    /// The pictures of a report's items, in the order in which each is first shown.
    pub fn all(items: impl IntoIterator<Item = &'a OpenItem>) -> Vec<Self> {
        let mut pictures: Vec<Self> = Vec::new();
        for item in items {
            let known = pictures.iter_mut().find(|one| one.id() == item.picture);
            match known {
                Some(known) => known.copies.push(item),
                None => pictures.push(Self {
                    first: item,
                    copies: Vec::new(),
                }),
            }
        }
        pictures
    }

    /// What the tile is called by: the first item.
    pub const fn id(&self) -> ItemId {
        self.first.id
    }

    fn items(&self) -> impl Iterator<Item = &'a OpenItem> {
        std::iter::once(self.first).chain(self.copies.iter().copied())
    }

    /// How many items show it.
    pub fn count(&self) -> usize {
        self.copies.len() + 1
    }

    /// The item that stands for all: the first that waits for a verdict, else the first.
    pub fn shown(&self) -> &'a OpenItem {
        self.items().find(|item| waits(item)).unwrap_or(self.first)
    }

    /// Whether an item of it waits for a verdict.
    pub fn waits(&self) -> bool {
        self.items().any(waits)
    }

    /// Whether this item shows it.
    pub fn has(&self, item: ItemId) -> bool {
        self.items().any(|one| one.id == item)
    }

    /// Whether one of these contents shows it.
    pub fn shows_any(&self, contents: &[ContentId]) -> bool {
        self.items().any(|item| contents.contains(&item.content))
    }

    /// The contents that show it.
    pub fn contents(&self) -> impl Iterator<Item = ContentId> {
        self.items().map(|item| item.content)
    }
}

fn waits(item: &OpenItem) -> bool {
    item.verdict.is_none() && !item.set_apart
}

/// Another item under the tile of the image at hand.
pub(super) struct Copy {
    /// Its veiled preview.
    pub picture: Option<String>,
    /// Its address, unless it lies in the page itself.
    pub address: Option<String>,
    /// Size and kind.
    pub measures: String,
    /// How much it differs.
    pub differs: String,
    /// Where one says that it is not the same; none for the same bytes.
    pub apart: Option<String>,
}

impl Copy {
    /// The other items that show the picture.
    pub fn all(seen: &Seen, picture: &Picture<'_>) -> Vec<Self> {
        let shown = picture.shown();
        let others = picture.items().filter(|item| item.id != shown.id);
        others
            .map(|item| Self::of(seen, item, picture.first))
            .collect()
    }

    fn of(seen: &Seen, item: &OpenItem, first: &OpenItem) -> Self {
        let same_bytes = item.content == first.content;
        Self {
            picture: item.veiled.then(|| seen.path(item, "/veiled")),
            address: item.address.clone().filter(|own| own.starts_with("http")),
            measures: measures(seen.lang, item),
            differs: if same_bytes {
                seen.lang.t("report-copy-bytes")
            } else {
                seen.lang.t_n("report-copy-differs", "n", item.apart)
            },
            apart: (!same_bytes && seen.may_judge(item)).then(|| seen.path(item, "/apart")),
        }
    }
}

/// `POST /reports/{report}/items/{item}/apart`: it is not the same picture as that of its tile.
pub(super) async fn tell_apart(
    State(desk): State<Desk>,
    person: Analyst,
    Path((report, item)): Path<(ReportId, ItemId)>,
    headers: HeaderMap,
) -> Result<Response, DeskError> {
    match desk.work.tell_apart(person.id(), report, item).await {
        // Another tile comes into being, so the whole page is made anew.
        Ok(()) => Ok(moved(
            &headers,
            &format!("/reports/{report}?item={item}#work"),
        )),
        Err(fault) => Ok(moved(&headers, &back(report, fault)?)),
    }
}

#[cfg(test)]
#[path = "picture_tests.rs"]
mod tests;
