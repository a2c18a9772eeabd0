//! The form and, at the same address, the receipt.

use std::time::Duration;

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use letterbox::{FormToken, Letter, LetterForm, Receipt, SlotError};
use pages::{ErrorSummary, Field, FieldFault, FieldKind, Language, PublicPage, answer};
use zeroize::Zeroizing;

use crate::wording::FaultWords;
use crate::{Door, paths, sorry};

/// A person needs at least this long to fill in the form; a faster one is made to wait for it.
const QUICKEST: Duration = Duration::from_secs(3);

/// The form as it came.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Sent {
    addresses: String,
    seen_where: String,
    words: String,
    reach: String,
    token: String,
    /// The field a person does not see. Who fills it in is asked to send once more.
    website: String,
}

impl Sent {
    fn letter_form(&self) -> LetterForm {
        LetterForm {
            addresses: self.addresses.clone(),
            seen_where: self.seen_where.clone(),
            words: self.words.clone(),
            reach: self.reach.clone(),
        }
    }
}

/// Why the form is shown again.
enum Again {
    /// It is shown for the first time.
    No,
    /// Something beside the fields.
    Faults(FaultWords),
    /// The hidden field was filled in.
    Trapped,
    /// It could not be stored.
    NotStored(SlotError),
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    page: PublicPage,
    summary: ErrorSummary,
    trapped: bool,
    not_stored: Option<String>,
    fields: [Field; 4],
    token: String,
}

#[derive(Template)]
#[template(path = "receipt_given.html")]
struct GivenPage {
    page: PublicPage,
    receipt: Zeroizing<String>,
}

impl GivenPage {
    /// The receipt in groups, so that a narrow page can break it between them.
    fn groups(&self) -> Vec<&str> {
        self.receipt.split_inclusive('-').collect()
    }
}

pub(crate) fn at(language: Language) -> MethodRouter<Door> {
    get(move |State(door): State<Door>| async move {
        let token = FormToken::mint(&door.chance, door.clock.now());
        shown(&door, language, &Sent::default(), &token, Again::No)
    })
    .post(
        move |State(door): State<Door>, sent: Result<Form<Sent>, FormRejection>| async move {
            match sent {
                Ok(Form(sent)) => take(&door, language, &sent).await,
                Err(fault) => sorry::unreadable(&door, language, fault.status()),
            }
        },
    )
}

/// Takes a report: it is stored before the receipt is shown (law 1).
async fn take(door: &Door, language: Language, sent: &Sent) -> Response {
    let token = FormToken::from_field(&sent.token, &door.token_key)
        .unwrap_or_else(|| FormToken::mint(&door.chance, door.clock.now()));
    let letter = match Letter::parse(&sent.letter_form(), language.tag()) {
        Ok(letter) => letter,
        Err(faults) => {
            let words = FaultWords::of(language, &faults);
            return shown(door, language, sent, &token, Again::Faults(words));
        }
    };
    if !sent.website.is_empty() {
        return shown(door, language, sent, &token, Again::Trapped);
    }
    tokio::time::sleep(still_to_wait(door.clock.now().since_ms(token.shown_at))).await;
    match door.slot.drop_letter(&letter, token.receipt.clone()).await {
        Ok(receipt) => given(door, language, &receipt),
        Err(fault) => shown(door, language, sent, &token, Again::NotStored(fault)),
    }
}

/// How long a form that was shown `age_ms` ago has to wait before it is taken.
fn still_to_wait(age_ms: i64) -> Duration {
    let age = Duration::from_millis(u64::try_from(age_ms).unwrap_or(0));
    QUICKEST.saturating_sub(age)
}

fn given(door: &Door, language: Language, receipt: &Receipt) -> Response {
    let page = door.page(language, paths::HOME);
    answer(
        StatusCode::OK,
        &GivenPage {
            page,
            receipt: receipt.text(),
        },
    )
}

fn shown(
    door: &Door,
    language: Language,
    sent: &Sent,
    token: &FormToken,
    again: Again,
) -> Response {
    let (status, faults, trapped, not_stored) = match again {
        Again::No => (StatusCode::OK, FaultWords::default(), false, None),
        Again::Faults(faults) => (StatusCode::UNPROCESSABLE_ENTITY, faults, false, None),
        Again::Trapped => (
            StatusCode::UNPROCESSABLE_ENTITY,
            FaultWords::default(),
            true,
            None,
        ),
        Again::NotStored(fault) => {
            let why = language.t(sorry::phrase_of(fault));
            (
                StatusCode::SERVICE_UNAVAILABLE,
                FaultWords::default(),
                false,
                Some(why),
            )
        }
    };
    let page = FormPage {
        page: door.page(language, paths::HOME),
        summary: ErrorSummary::new(language.t("door-faults-title"), summary_of(&faults)),
        trapped,
        not_stored,
        fields: fields(language, sent, faults),
        token: token.to_field(&door.token_key, &door.chance),
    };
    let mut answer = answer(status, &page);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("120"));
    }
    answer
}

fn summary_of(faults: &FaultWords) -> Vec<FieldFault> {
    let lines = |field: &'static str, says: &[String]| -> Vec<FieldFault> {
        says.iter()
            .map(|says| FieldFault {
                field,
                says: says.clone(),
            })
            .collect()
    };
    [
        lines("addresses", &faults.addresses),
        lines("seen_where", &faults.seen_where),
        lines("words", &faults.words),
        lines("reach", &faults.reach),
    ]
    .concat()
}

fn fields(language: Language, sent: &Sent, faults: FaultWords) -> [Field; 4] {
    let optional = language.t("door-optional");
    [
        Field::new(
            "addresses",
            FieldKind::Area(5),
            language.t("door-addresses"),
        )
        .hint(language.t("door-addresses-hint"))
        .value(&sent.addresses)
        .faults(faults.addresses),
        Field::new("seen_where", FieldKind::Area(2), language.t("door-where"))
            .hint(language.t("door-where-hint"))
            .optional(&optional)
            .value(&sent.seen_where)
            .faults(faults.seen_where),
        Field::new("words", FieldKind::Area(5), language.t("door-words"))
            .hint(language.t("door-words-hint"))
            .optional(&optional)
            .value(&sent.words)
            .faults(faults.words),
        Field::new("reach", FieldKind::Line, language.t("door-reach"))
            .hint(language.t("door-reach-hint"))
            .optional(&optional)
            .value(&sent.reach)
            .faults(faults.reach),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_too_quick_waits_and_who_is_not_does_not() {
        assert_eq!(still_to_wait(0), QUICKEST);
        assert_eq!(still_to_wait(1_000), Duration::from_secs(2));
        assert_eq!(still_to_wait(60_000), Duration::ZERO);
        assert_eq!(still_to_wait(-5), QUICKEST);
    }
}
