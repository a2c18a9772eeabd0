//! Forms that ask for a reason. What was typed stays, and what is wrong is said beside the field.

use ground::{Reason, ReasonFault};
use pages::{ErrorSummary, Field, FieldFault, FieldKind, Language};

use crate::Fields;

/// What is wrong: the field and the phrase that says it.
pub(crate) type Wrong = (&'static str, &'static str);

/// The reason in the field with this name; or what is wrong with it. Each form of a page has its
/// own name for it, so that every field of the page has its own id.
pub(crate) fn reason_in(fields: &Fields, name: &'static str) -> Result<Reason, Wrong> {
    Reason::parse(fields.one(name)).map_err(|fault| {
        let phrase = match fault {
            ReasonFault::Empty => "reason-fault-empty",
            ReasonFault::TooLong => "reason-fault-long",
        };
        (name, phrase)
    })
}

/// A form that was refused, and what to show again; as its default, none was.
#[derive(Default)]
pub(crate) struct Again {
    wrong: Option<Wrong>,
    typed: Fields,
}

impl Again {
    /// This was wrong with these fields.
    pub fn because(wrong: Wrong, typed: &Fields) -> Self {
        Self {
            wrong: Some(wrong),
            typed: typed.clone(),
        }
    }

    /// What was typed into the field with this name, when its form was the one refused.
    pub fn typed(&self, name: &str) -> Option<&str> {
        self.wrong
            .map(|_| self.typed.one(name))
            .filter(|typed| !typed.is_empty())
    }

    /// What is wrong with the field with this name.
    pub fn says(&self, lang: Language, name: &str) -> Option<String> {
        self.wrong
            .filter(|(field, _)| *field == name)
            .map(|(_, phrase)| lang.t(phrase))
    }

    /// The list of what is wrong, above the forms.
    pub fn summary(&self, lang: Language) -> ErrorSummary {
        let faults = self.wrong.map(|(field, phrase)| FieldFault {
            field,
            says: lang.t(phrase),
        });
        ErrorSummary::new(lang.t("desk-summary"), faults.into_iter().collect())
    }

    /// The field for the reason with this name.
    pub fn reason(&self, lang: Language, name: &'static str) -> Field {
        Field::new(name, FieldKind::Line, lang.t("removal-reason"))
            .hint(lang.t("removal-reason-hint"))
            .value(self.typed(name).unwrap_or_default())
            .fault(self.says(lang, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays() {
        let fields = Fields::read(b"reason-end=&reason-other=kept").unwrap();
        let wrong = reason_in(&fields, "reason-end").unwrap_err();
        assert_eq!(wrong, ("reason-end", "reason-fault-empty"));
        let again = Again::because(wrong, &fields);
        let shown = again.reason(Language::En, "reason-end").to_string();
        assert!(shown.contains("Give a reason."));
        let other = again.reason(Language::En, "reason-other").to_string();
        assert!(other.contains("value=\"kept\"") && !other.contains("Give a reason."));
        assert!(
            again
                .summary(Language::En)
                .to_string()
                .contains("href=\"#reason-end\"")
        );
        assert!(Again::default().summary(Language::Nl).is_empty());
    }
}
