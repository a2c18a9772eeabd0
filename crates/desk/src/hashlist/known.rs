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

/// A length or a time in a video: hours, minutes and seconds.
pub(crate) fn length(ms: i64) -> String {
    let seconds = ms.max(0).saturating_add(500) / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// How a hash was matched; of a video, with the time of the frame.
fn how(
    lang: Language,
    kind: &str,
    (distance, frame_ms): (i64, Option<i64>),
    turned: bool,
) -> String {
    let bytes = matches!(kind, "md5" | "sha1" | "sha256");
    if let Some(at) = frame_ms {
        return lang.t_2("hashlist-frame", "distance", distance, "at", length(at));
    }
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
    let near = (known.distance, known.frame_ms);
    let how = how(lang, &known.kind, near, known.turned == 1);
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
    let near = (matched.distance, matched.frame_ms);
    how(lang, &matched.kind, near, matched.turned == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_told_in_hours_minutes_and_seconds() {
        let told = [0, 42_400, 65_000, 3_909_600, -5].map(length);
        assert_eq!(told, ["0:00", "0:42", "1:05", "1:05:10", "0:00"]);
    }
}
