//! Pictures that lie in a page itself, found again by their digest: nothing of them need be kept.

use sha2::{Digest as _, Sha256};

const SCHEME: &str = "data:";
/// What ends a `data:` address in a page or a style sheet.
const ENDS: [char; 8] = ['"', '\'', ')', '<', '>', ' ', '\n', '\\'];

/// Whether an item's own address says that it lies in its page.
pub(super) fn is_data(own: &str) -> bool {
    own.get(..SCHEME.len())
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
}

/// Whether a page holds, in a `data:` address, bytes with this SHA-256 (lower-case hex).
pub(super) fn holds(page: &[u8], sha256: &str) -> bool {
    let page = String::from_utf8_lossy(page);
    page.match_indices(SCHEME).any(|(at, _)| {
        let rest = page.get(at..).unwrap_or_default();
        let address = rest.split(ENDS).next().unwrap_or_default();
        capture::bytes_of_data_address(address)
            .is_some_and(|bytes| data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)) == sha256)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sha256(bytes: &[u8]) -> String {
        data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
    }

    #[test]
    fn a_picture_in_a_page_is_found_by_its_digest_however_it_is_quoted() {
        let picture = sha256(b"GIF89a");
        for page in [
            "<img src=\"data:image/gif;base64,R0lGODlh\">",
            "<img src='data:image/gif;base64,R0lGODlh'>",
            "<img src=data:image/gif;base64,R0lGODlh>",
            "a { background: url(data:image/gif;base64,R0lGODlh) }",
            "<p>data: is a word</p><img src=\"data:image/gif;base64,R0lG%4fDlh\">",
        ] {
            assert!(holds(page.as_bytes(), &picture), "{page}");
        }
        assert!(!holds(
            b"<img src=\"data:image/gif;base64,R0lGODdh\">",
            &picture
        ));
        assert!(!holds(b"", &picture));
    }

    #[test]
    fn what_lies_in_its_page_is_known_by_its_address() {
        assert!(is_data("data:image/png;base64,\u{2026}"));
        assert!(is_data("DATA:,\u{2026}"));
        assert!(!is_data("http://gallery.example/data:"));
        assert!(!is_data("dat"));
    }

    proptest! {
        #[test]
        fn any_page_is_read(page in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = holds(&page, "00");
        }
    }
}
