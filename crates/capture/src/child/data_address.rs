//! Reads `data:` addresses (RFC 2397): pictures written into the page itself.

use data_encoding::BASE64_MIME_PERMISSIVE;

/// The bytes of a `data:` address; none when it is not one, or not decodable.
pub fn bytes_of(address: &str) -> Option<Vec<u8>> {
    let rest = address.trim().get(5..)?;
    if !address.trim().get(..5)?.eq_ignore_ascii_case("data:") {
        return None;
    }
    let (header, body) = rest.split_once(',')?;
    let plain = percent_decoded(body);
    let last = header.rsplit(';').next().unwrap_or_default();
    if !last.trim().eq_ignore_ascii_case("base64") {
        return Some(plain);
    }
    let mut letters: Vec<u8> = plain
        .into_iter()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=')
        .collect();
    letters.extend(std::iter::repeat_n(b'=', (4 - letters.len() % 4) % 4));
    BASE64_MIME_PERMISSIVE.decode(&letters).ok()
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let digits = bytes.get(at + 1..at + 3).filter(|_| byte == b'%');
        let value = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(value.unwrap_or(byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn base64_and_percent_forms_are_read() {
        assert_eq!(
            bytes_of("data:image/gif;base64,R0lGODlh").unwrap(),
            b"GIF89a"
        );
        assert_eq!(
            bytes_of("DATA:image/gif;x=y;BASE64,R0lG%0AODlh").unwrap(),
            b"GIF89a"
        );
        assert_eq!(bytes_of("data:image/x;base64,YWI").unwrap(), b"ab");
        assert_eq!(bytes_of("data:,a%20b%zz").unwrap(), b"a b%zz");
        assert_eq!(bytes_of("http://a.example/,"), None);
        assert_eq!(bytes_of("data:image/png"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(data:)?.{0,60}") {
            let _ = bytes_of(&text);
        }
    }
}
