//! On which hash lists an item is: said in words, before any picture of it.

use casework::desk::OpenItem;
use pages::Language;

/// A line for each list.
pub(super) fn lines(lang: Language, item: &OpenItem) -> Vec<String> {
    let known = item.known.iter();
    known
        .map(|known| crate::hashlist::says(lang, known))
        .collect()
}
