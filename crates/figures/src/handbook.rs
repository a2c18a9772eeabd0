//! The handbook of figures (`docs/figures.md`), written from the definitions and from nothing else.

use std::fmt::Write as _;

use crate::definition::{Definition, Text};
use crate::{ALL, UnitName};
use pages::Language;

/// What stands above the definitions.
const HEAD: &str = include_str!("handbook_head.md");

fn entry(out: &mut String, definition: &Definition) -> std::fmt::Result {
    let unit = UnitName::from(definition.unit);
    writeln!(out, "\n### `{}`\n", definition.key)?;
    let both = |text: &Text| format!("{} · *{}*", text.en, text.nl);
    writeln!(out, "**{}**", both(&definition.title))?;
    writeln!(
        out,
        "\nUnit: {} · *{}*. Version {}.",
        unit.words(Language::En, 2),
        unit.words(Language::Nl, 2),
        definition.version
    )?;
    writeln!(
        out,
        "\n{}\n\n*{}*",
        definition.definition.en, definition.definition.nl
    )?;
    if !definition.caveat.en.is_empty() {
        writeln!(
            out,
            "\nMind: {}\n\n*Let op: {}*",
            definition.caveat.en, definition.caveat.nl
        )?;
    }
    Ok(())
}

/// The whole text, in Markdown.
#[must_use]
pub fn handbook() -> String {
    let mut out = HEAD.to_owned();
    for definition in ALL {
        // Writing to a text cannot fail.
        let _ = entry(&mut out, definition);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_handbook_in_the_repository_is_that_of_the_definitions() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/figures.md");
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == handbook(),
            "docs/figures.md is stale; write it anew with `meldpunt figures definitions > docs/figures.md`"
        );
    }
}
