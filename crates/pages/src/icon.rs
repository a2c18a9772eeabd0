//! Small drawings beside words (Tabler icons, see `NOTICE`). They never stand alone: the word says it.

use std::fmt;

include!(concat!(env!("OUT_DIR"), "/icons.rs"));

/// One icon, written into the page where it stands, hidden from assistive technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Icon {
    shapes: &'static str,
}

impl Icon {
    /// The icon with this name; an unknown name draws nothing (a test finds it).
    #[must_use]
    pub fn named(name: &str) -> Self {
        let shapes = DRAWINGS
            .binary_search_by_key(&name, |(known, _)| known)
            .ok()
            .and_then(|at| DRAWINGS.get(at))
            .map_or("", |(_, shapes)| *shapes);
        Self { shapes }
    }

    /// Whether there is an icon with this name.
    #[must_use]
    pub fn exists(name: &str) -> bool {
        DRAWINGS
            .binary_search_by_key(&name, |(known, _)| known)
            .is_ok()
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\">{}</svg>",
            self.shapes
        )
    }
}

impl askama::filters::HtmlSafe for Icon {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_is_drawn_without_words_or_style_attributes() {
        for (name, shapes) in DRAWINGS {
            assert!(Icon::exists(name), "{name} is not found by its name");
            assert!(
                shapes.contains("<path") || shapes.contains("<circle"),
                "{name} is empty"
            );
            assert!(
                !shapes.contains("style="),
                "{name} would break the content policy"
            );
        }
        assert!(
            Icon::named("nothing-like-it")
                .to_string()
                .ends_with("></svg>")
        );
    }
}
