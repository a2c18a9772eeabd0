//! The life of a scheme that was drawn up at the desk: draft, active, retired. Pure.

use ground::Fact;

use crate::scheme::Scheme;
use crate::scheme_file::SchemeFault;

ground::text_enum! {
    /// How a scheme stands.
    pub enum Standing {
        /// Being written; nothing is judged under it.
        Draft = "draft",
        /// In force; its text is never changed again.
        Active = "active",
        /// Was in force; it explains what was judged under it.
        Retired = "retired",
    }
}

/// Why a scheme was not changed or put in force; reads on from "not done: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemeRefusal {
    /// It is or was in force.
    #[error("it is no draft any more; begin a new one from it")]
    NoDraft,
    /// It does not hang together.
    #[error(transparent)]
    Fault(#[from] SchemeFault),
    /// A scheme with this name and this or a higher version was in force before.
    #[error("there was a {name} of version {highest}; give it version {}", highest.saturating_add(1))]
    NotHigher {
        /// The name.
        name: String,
        /// The highest version that was in force, counted from 1.
        highest: u32,
    },
}

/// A scheme being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its text; it may not hang together yet.
    pub text: String,
    /// How often it was changed, counted from 1.
    pub revision: i64,
}

impl Draft {
    /// A first draft with this text.
    #[must_use]
    pub const fn begun(text: String) -> (Self, Fact) {
        let revision = 1;
        (Self { text, revision }, Fact::SchemeDrafted { revision })
    }

    /// With another text. A text with faults is kept too, so that nothing written is lost.
    ///
    /// # Errors
    /// [`SchemeRefusal::Fault`] when it is longer than a scheme may be.
    pub fn rewritten(self, text: String) -> Result<(Self, Fact), SchemeRefusal> {
        if text.len() > Scheme::LONGEST {
            return Err(SchemeFault::TooLong(Scheme::LONGEST).into());
        }
        let revision = self.revision.saturating_add(1);
        Ok((Self { text, revision }, Fact::SchemeDrafted { revision }))
    }

    /// In force, in place of `before`. `earlier` are the names and versions of everything that ever
    /// was in force.
    ///
    /// # Errors
    /// [`SchemeRefusal::Fault`] or [`SchemeRefusal::NotHigher`].
    pub fn activated(
        self,
        before: &str,
        earlier: &[(String, u32)],
    ) -> Result<(Scheme, Fact), SchemeRefusal> {
        let scheme = Scheme::parse(&self.text)?;
        let same = earlier.iter().filter(|(name, _)| name == scheme.name());
        if let Some(highest) = same.map(|(_, version)| *version).max()
            && highest >= scheme.version()
        {
            return Err(SchemeRefusal::NotHigher {
                name: scheme.name().to_owned(),
                highest,
            });
        }
        let fact = Fact::SchemeActivated {
            scheme: scheme.id(),
            before: before.to_owned(),
        };
        Ok((scheme, fact))
    }
}

/// The text with the version of the scheme raised to the first that may still be given: what a draft
/// of the next version begins from.
#[must_use]
pub fn next_version(text: &str, highest: u32) -> String {
    let mut raised = false;
    let lines = text.lines().map(|line| {
        let is_version = line
            .strip_prefix("version")
            .is_some_and(|rest| rest.trim_start().starts_with('='));
        if is_version && !raised {
            raised = true;
            format!("version = {}", highest.saturating_add(1))
        } else {
            line.to_owned()
        }
    });
    let mut out = lines.collect::<Vec<_>>().join("\n");
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn standard() -> Draft {
        Draft::begun(Scheme::standard_text().to_owned()).0
    }

    #[test]
    fn a_draft_is_put_in_force_only_with_a_version_that_never_was() {
        let earlier = [("standard".to_owned(), 1)];
        assert_eq!(
            standard().activated("standard-1", &earlier),
            Err(SchemeRefusal::NotHigher {
                name: "standard".into(),
                highest: 1
            })
        );
        let text = next_version(Scheme::standard_text(), 1);
        let (draft, drafted) = standard().rewritten(text).unwrap();
        assert_eq!(drafted, Fact::SchemeDrafted { revision: 2 });
        let (scheme, fact) = draft.activated("standard-1", &earlier).unwrap();
        assert_eq!(scheme.id(), "standard-2");
        let (scheme, before) = ("standard-2".to_owned(), "standard-1".to_owned());
        assert_eq!(fact, Fact::SchemeActivated { scheme, before });
    }

    #[test]
    fn a_draft_with_a_fault_is_kept_but_never_in_force() {
        let (draft, _) = standard().rewritten("name = 3".into()).unwrap();
        assert!(matches!(
            draft.activated("standard-1", &[]),
            Err(SchemeRefusal::Fault(SchemeFault::Unreadable(_)))
        ));
        let long = "x".repeat(Scheme::LONGEST + 1);
        assert!(standard().rewritten(long).is_err());
    }

    proptest! {
        #[test]
        fn the_next_version_of_the_standard_scheme_is_a_scheme_one_higher(highest in 1_u32..1_000_000) {
            let scheme = Scheme::parse(&next_version(Scheme::standard_text(), highest)).unwrap();
            prop_assert_eq!(scheme.version(), highest + 1);
        }
    }
}
