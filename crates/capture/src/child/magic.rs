//! What kind of picture or video these bytes are, told from the bytes alone: servers lie.

/// The media type of bytes that are no known picture or video.
pub const UNKNOWN: &str = "application/octet-stream";

/// The media type told from the first bytes; [`UNKNOWN`] when they are neither picture nor video.
pub fn media_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "image/webp",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'A',
            b'V',
            b'I',
            b' ',
            ..,
        ] => "video/x-msvideo",
        [0x1a, 0x45, 0xdf, 0xa3, head @ ..] => matroska(head),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => "image/bmp",
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => "image/tiff",
        [0, 0, 1, 0, _, 0, ..] => "image/x-icon",
        [0xff, 0x0a, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => "image/jxl",
        [_, _, _, _, b'f', b't', b'y', b'p', rest @ ..] => iso_media(rest),
        _ if is_svg(bytes) => "image/svg+xml",
        _ => UNKNOWN,
    }
}

/// Whether these bytes are a picture of a known kind.
pub fn is_picture(bytes: &[u8]) -> bool {
    media_type(bytes).starts_with("image/")
}

/// Whether these bytes are a video of a known kind.
pub fn is_film(bytes: &[u8]) -> bool {
    media_type(bytes).starts_with("video/")
}

/// Whether these bytes are a picture or a video of a known kind.
pub fn is_material(bytes: &[u8]) -> bool {
    is_picture(bytes) || is_film(bytes)
}

/// The document's type stands near the beginning.
fn matroska(head: &[u8]) -> &'static str {
    let head = &head[..head.len().min(64)];
    if head.windows(4).any(|word| word == b"webm") {
        "video/webm"
    } else if head.windows(8).any(|word| word == b"matroska") {
        "video/x-matroska"
    } else {
        UNKNOWN
    }
}

fn iso_media(brand: &[u8]) -> &'static str {
    match brand {
        [b'a', b'v', b'i', b'f' | b's', ..] => "image/avif",
        [b'h', b'e', b'i' | b'v', b'c' | b'x' | b'm' | b's', ..] | [b'm', b'i', b'f', b'1', ..] => {
            "image/heic"
        }
        [b'q', b't', b' ', b' ', ..] => "video/quicktime",
        [b'3', b'g', ..] => "video/3gpp",
        [b'i', b's', b'o', ..]
        | [b'm', b'p', b'4', ..]
        | [b'a', b'v', b'c', b'1', ..]
        | [b'M', b'4', b'V', ..]
        | [b'd', b'a', b's', b'h', ..]
        | [b'M', b'S', b'N', b'V', ..] => "video/mp4",
        _ => UNKNOWN,
    }
}

/// An SVG document: its root element comes before anything but white space, a declaration,
/// comments and a document type, within the first kilobyte.
fn is_svg(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]);
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let plain = head.starts_with("<svg");
    plain
        || ((head.starts_with("<?xml") || head.starts_with("<!")) && head.contains("<svg"))
            && !head.to_ascii_lowercase().contains("<html")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_kind_is_told_from_the_bytes() {
        for (bytes, kind) in [
            (&b"\xff\xd8\xff\xe0"[..], "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n", "image/png"),
            (b"GIF89a", "image/gif"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"\0\0\0\x20ftypavif", "image/avif"),
            (b"\0\0\0\x20ftypheic", "image/heic"),
            (b"\0\0\0\x20ftypmp42", "video/mp4"),
            (b"\0\0\0\x20ftypM4A ", UNKNOWN),
            (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", "video/webm"),
            (b"RIFF\0\0\0\0AVI LIST", "video/x-msvideo"),
            (b"<?xml version='1.0'?><svg/>", "image/svg+xml"),
            (b"<!doctype html><html><svg>", UNKNOWN),
            (b"<html>", UNKNOWN),
            (b"", UNKNOWN),
        ] {
            assert_eq!(media_type(bytes), kind, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_kind(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = media_type(&bytes);
        }
    }
}
