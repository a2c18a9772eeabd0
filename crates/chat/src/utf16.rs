//! Places in a text as Telegram counts them: in code units of UTF-16.

/// The part of `text` that begins after `offset` code units and is `length` of them long; none when
/// it lies outside or would cut a letter in half.
#[must_use]
pub fn slice(text: &str, offset: usize, length: usize) -> Option<&str> {
    let end = offset.checked_add(length)?;
    let (from, to) = (place(text, offset)?, place(text, end)?);
    text.get(from..to)
}

/// The place in bytes of a place in code units.
fn place(text: &str, units: usize) -> Option<usize> {
    let mut passed = 0;
    for (at, letter) in text.char_indices() {
        if passed >= units {
            return (passed == units).then_some(at);
        }
        passed += letter.len_utf16();
    }
    (passed == units).then_some(text.len())
}

/// How long a text is in code units.
#[must_use]
pub fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_letter_of_two_units_is_never_cut_in_half() {
        let text = "a😀b.example";
        assert_eq!(slice(text, 1, 2), Some("😀"));
        assert_eq!(slice(text, 3, 9), Some("b.example"));
        assert_eq!(slice(text, 2, 1), None);
        assert_eq!(slice(text, 1, 1), None);
        assert_eq!(slice(text, 0, 99), None);
        assert_eq!(slice(text, usize::MAX, 2), None);
    }

    proptest! {
        #[test]
        fn a_slice_is_what_utf16_itself_would_give(text in "\\PC{0,20}", offset in 0usize..24, length in 1usize..24) {
            let units: Vec<u16> = text.encode_utf16().collect();
            let wanted = units
                .get(offset..offset + length)
                .and_then(|part| String::from_utf16(part).ok());
            // Where UTF-16 gives a whole text, the ends may still lie within two letters.
            let got = slice(&text, offset, length).map(str::to_owned);
            prop_assert!(got == wanted || (got.is_none() && (offset + length > units.len() || wanted.is_none())));
        }
    }
}
