//! "Known on a list", in words: told before any picture is shown, and no verdict.

use casework::matches::{Known, KnownCount, Matched};
use pages::Language;

/// What a list is called on a page: our own one has a name in each language.
pub(crate) fn called(lang: Language, name: &str, own: bool) -> String {
    if own {
        lang.t("hashlist-own")
    } else {
        name.to_owned()
    }
}

/// A category: of our own list a verdict, elsewhere the words of the source.
pub(crate) fn category(lang: Language, category: &str, own: bool) -> String {
    match category.parse() {
        Ok(verdict) if own => ::figures::verdict_label(verdict).told_in(lang).to_owned(),
        _ => category.to_owned(),
    }
}

/// How a hash was matched.
fn how(lang: Language, kind: &str, distance: i64, turned: bool) -> String {
    let bytes = matches!(kind, "md5" | "sha1" | "sha256");
    match (bytes, turned) {
        (true, _) => lang.t("hashlist-same-bytes"),
        (false, false) => lang.t_n("hashlist-alike", "distance", distance),
        (false, true) => lang.t_n("hashlist-turned", "distance", distance),
    }
}

/// On which list an item is, under which category, and how it was matched.
pub(crate) fn says(lang: Language, known: &Known) -> String {
    let own = known.own == 1;
    let on = lang.t_2(
        "hashlist-known-on",
        "list",
        called(lang, &known.list, own),
        "category",
        category(lang, &known.category, own),
    );
    let how = how(lang, &known.kind, known.distance, known.turned == 1);
    format!("{on} · {how}")
}

/// How many items of a report are on a list.
pub(crate) fn counted(lang: Language, known: &KnownCount) -> String {
    let own = known.own == 1;
    let on = lang.t_2(
        "hashlist-known-on",
        "list",
        called(lang, &known.list, own),
        "category",
        category(lang, &known.category, own),
    );
    format!("{} {on}", lang.t_n("hashlist-items", "n", known.items))
}

/// How something in the audit was matched.
pub(super) fn how_matched(lang: Language, matched: &Matched) -> String {
    how(lang, &matched.kind, matched.distance, matched.turned == 1)
}
