//! A form with a file in it (`multipart/form-data`), read by the gate for the few routes that take one.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use bytes::Bytes;

use crate::{DeskError, Fields};

/// The routes that take a file. Every other form is small.
const ROUTES: &[&str] = &["/reports/{report}/file"];

/// Whether a file may be sent to the route of this path.
pub(crate) fn is_taken_at(path: &str) -> bool {
    ROUTES.contains(&path)
}

/// The bytes of the file that was sent; empty when none was chosen. Its name on the sender's machine
/// is not kept: it may say more than it should.
#[derive(Clone, Default)]
pub(crate) struct Upload(pub Bytes);

impl<S: Sync> FromRequestParts<S> for Upload {
    type Rejection = DeskError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, DeskError> {
        let sent = parts.extensions.get::<Self>().cloned();
        sent.ok_or(DeskError::BadForm)
    }
}

/// Reads the fields and the one file of a body of this content type.
///
/// # Errors
/// [`DeskError::BadForm`] when it is no such form, or holds a second file.
pub(crate) async fn read(kind: &str, body: Bytes) -> Result<(Fields, Upload), DeskError> {
    let boundary = multer::parse_boundary(kind).map_err(|_| DeskError::BadForm)?;
    let body = futures_util::stream::once(std::future::ready(Ok::<_, Infallible>(body)));
    let mut parts = multer::Multipart::new(body, boundary);
    let (mut fields, mut file) = (Vec::new(), None);
    while let Some(part) = parts.next_field().await.map_err(|_| DeskError::BadForm)? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await.map_err(|_| DeskError::BadForm)?;
        if !is_file {
            let text = String::from_utf8(bytes.to_vec()).map_err(|_| DeskError::BadForm)?;
            fields.push((name, text.replace("\r\n", "\n")));
        } else if file.replace(bytes).is_some() {
            return Err(DeskError::BadForm);
        }
    }
    Ok((Fields::of(fields), Upload(file.unwrap_or_default())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KIND: &str = "multipart/form-data; boundary=x";

    fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Bytes {
        let mut body = Vec::new();
        for (name, file, bytes) in parts {
            let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
            let head =
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--x--\r\n");
        body.into()
    }

    #[tokio::test]
    async fn fields_and_one_file_are_read_as_they_were_sent() {
        let bytes = b"\x89PNG\r\n--\r\n\x00\xff";
        let body = form(&[
            ("reason", None, "één\r\ntwee".as_bytes()),
            ("file", Some("a.png"), bytes),
        ]);
        let (fields, file) = read(KIND, body).await.unwrap();
        assert_eq!(fields.one("reason"), "één\ntwee");
        assert_eq!(&file.0[..], bytes);
        let (_, none) = read(KIND, form(&[("file", Some(""), b"")])).await.unwrap();
        assert!(none.0.is_empty());
    }

    #[tokio::test]
    async fn what_is_no_such_form_is_refused() {
        let two = form(&[("file", Some("a"), b"a"), ("file", Some("b"), b"b")]);
        let text = form(&[("reason", None, b"\xff")]);
        let torn =
            Bytes::from_static(b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nno end");
        for body in [two, text, torn] {
            assert!(matches!(read(KIND, body).await, Err(DeskError::BadForm)));
        }
        let other = read("multipart/form-data", form(&[])).await;
        assert!(matches!(other, Err(DeskError::BadForm)));
    }

    proptest! {
        #[test]
        fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let reading = read(KIND, body.into());
            let _ = futures_util::FutureExt::now_or_never(reading);
        }
    }
}
