//! The fields of a form that was sent, as they were typed.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use ground::{Reason, ReasonFault};
use std::sync::Arc;

use crate::DeskError;

/// Names and values in the order in which they were sent. The gate reads them once, for the form
/// token; a handler takes them from there.
#[derive(Clone, Default)]
pub struct Fields(Arc<Vec<(String, String)>>);

impl Fields {
    /// Reads a body in the form `application/x-www-form-urlencoded`.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let pairs = body
            .split(|byte| *byte == b'&')
            .filter(|pair| !pair.is_empty());
        let read: Option<Vec<(String, String)>> = pairs
            .map(|pair| {
                let cut = pair
                    .iter()
                    .position(|byte| *byte == b'=')
                    .unwrap_or(pair.len());
                let (name, value) = pair.split_at(cut);
                Some((decoded(name)?, decoded(value.get(1..).unwrap_or_default())?))
            })
            .collect();
        Some(Self(Arc::new(read?)))
    }

    /// These names and values.
    pub(crate) fn of(read: Vec<(String, String)>) -> Self {
        Self(Arc::new(read))
    }

    /// The first value with this name; empty when there is none.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        let named = self.0.iter().find(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The first value with this name without the spaces around it.
    #[must_use]
    pub fn trimmed(&self, name: &str) -> &str {
        self.one(name).trim()
    }

    /// Every value with this name, as boxes that were ticked send them.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The revision that the page was made from.
    ///
    /// # Errors
    /// [`DeskError::BadForm`] when it is missing.
    pub fn seen(&self) -> Result<i64, DeskError> {
        self.one("seen").parse().map_err(|_| DeskError::BadForm)
    }

    /// The reason, from the field `reason`.
    ///
    /// # Errors
    /// [`ReasonFault`] to show beside the field.
    pub fn reason(&self) -> Result<Reason, ReasonFault> {
        Reason::parse(self.one("reason"))
    }
}

impl<S: Sync> FromRequestParts<S> for Fields {
    type Rejection = DeskError;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, DeskError> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(DeskError::BadForm)
    }
}

/// Undoes `+` and `%41`; none when that does not give text. Line ends become `\n`.
fn decoded(part: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(part.len());
    let mut rest = part.iter();
    while let Some(byte) = rest.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(*rest.next()?).to_digit(16)?;
                let low = char::from(*rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            plain => *plain,
        });
    }
    Some(String::from_utf8(out).ok()?.replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_form_is_read_as_it_was_typed() {
        let fields =
            Fields::read(b"a=1&roles=x&roles=y+z&t=%C3%A9%26%3D%0D%0A!&empty=&bare").unwrap();
        assert_eq!(fields.one("a"), "1");
        assert_eq!(fields.all("roles").collect::<Vec<_>>(), ["x", "y z"]);
        assert_eq!(fields.one("t"), "é&=\n!");
        assert_eq!(
            (fields.one("empty"), fields.one("bare"), fields.one("none")),
            ("", "", "")
        );
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(Fields::read(b"a=%ff").is_none());
        assert!(Fields::read(b"a=%4").is_none());
        assert!(Fields::read(b"a=%zz").is_none());
        assert!(Fields::read(b"").is_some());
    }

    proptest! {
        #[test]
        fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Fields::read(&body);
        }
    }
}
