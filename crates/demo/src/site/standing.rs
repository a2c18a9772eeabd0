//! What the provider did to its pages: nothing, a wall before them, or removed.

use std::collections::BTreeMap;

use super::catalogue::{Page, Shop};

/// How a page stands. The later one weighs more where a page and its host differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Standing {
    /// It is shown.
    #[default]
    Online,
    /// Only an error page is shown (503): neither there nor removed.
    Walled,
    /// It is gone: pages answer 410, their pictures 404.
    Removed,
}

impl Standing {
    /// The word the buttons use.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Standing::Online => "online",
            Standing::Walled => "behind a wall",
            Standing::Removed => "removed",
        }
    }
}

/// Everything the provider did so far. A host and each of its pages stand by themselves.
#[derive(Debug, Default)]
pub(super) struct Standings {
    set: BTreeMap<(&'static str, Option<&'static str>), Standing>,
}

impl Standings {
    /// Sets one page, or the whole host when no page is named. A whole host takes its pages along.
    pub(super) fn set(
        &mut self,
        shop: &'static Shop,
        page: Option<&'static Page>,
        standing: Standing,
    ) {
        if page.is_none() {
            self.set.retain(|(host, _), _| *host != shop.host);
        }
        self.set
            .insert((shop.host, page.map(|page| page.path)), standing);
    }

    /// How the host as a whole stands.
    pub(super) fn of_host(&self, shop: &Shop) -> Standing {
        self.set
            .get(&(shop.host, None))
            .copied()
            .unwrap_or_default()
    }

    /// How a page stands: by itself or through its host, whichever weighs more.
    pub(super) fn of_page(&self, shop: &Shop, page: &Page) -> Standing {
        let own = self
            .set
            .get(&(shop.host, Some(page.path)))
            .copied()
            .unwrap_or_default();
        own.max(self.of_host(shop))
    }

    /// How a picture file stands: it goes with the first of its pages that goes, as a provider that
    /// removes a page removes its files.
    pub(super) fn of_file(&self, shop: &Shop, file: &str) -> Standing {
        let through_pages = shop
            .pages_with(file)
            .map(|page| self.of_page(shop, page))
            .max();
        through_pages.unwrap_or_default().max(self.of_host(shop))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gallery() -> &'static Shop {
        Shop::of("gallery.example").unwrap()
    }

    #[test]
    fn a_removed_page_takes_its_pictures_along_and_leaves_the_others() {
        let mut standings = Standings::default();
        standings.set(gallery(), gallery().page("/spring"), Standing::Removed);
        let summer = gallery().page("/summer").unwrap();
        assert_eq!(standings.of_page(gallery(), summer), Standing::Online);
        assert_eq!(
            standings.of_file(gallery(), "bubbles.jpg"),
            Standing::Removed
        );
        assert_eq!(standings.of_file(gallery(), "sunset.jpg"), Standing::Online);
        let town = Shop::of("pictures.example").unwrap();
        assert_eq!(standings.of_file(town, "card-hello.png"), Standing::Online);
    }

    #[test]
    fn putting_a_whole_host_back_puts_its_pages_back() {
        let mut standings = Standings::default();
        let spring = gallery().page("/spring");
        standings.set(gallery(), spring, Standing::Removed);
        standings.set(gallery(), None, Standing::Walled);
        assert_eq!(
            standings.of_page(gallery(), spring.unwrap()),
            Standing::Walled
        );
        standings.set(gallery(), spring, Standing::Removed);
        assert_eq!(
            standings.of_page(gallery(), spring.unwrap()),
            Standing::Removed
        );
        standings.set(gallery(), None, Standing::Online);
        assert_eq!(
            standings.of_page(gallery(), spring.unwrap()),
            Standing::Online
        );
    }
}
