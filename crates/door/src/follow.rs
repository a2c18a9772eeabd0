//! Where a receipt is typed and one reads, in plain words, what became of the report (IN-7).

use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use letterbox::{Answer, Receipt, ReceiptFault};
use pages::{ErrorSummary, Field, FieldFault, FieldKind, Icon, Language, PublicPage, answer};

use crate::{Door, paths, sorry};

const NAME: &str = "receipt";

/// The form as it came.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Asked {
    receipt: String,
}

/// One stop on the way of a report.
struct Stop {
    name: String,
    done: bool,
    here: bool,
}

/// What became of a report, in words.
struct Fate {
    title: String,
    says: String,
    tone: &'static str,
    icon: Icon,
    way: Vec<Stop>,
}

#[derive(Template)]
#[template(path = "follow.html")]
struct FollowPage {
    page: PublicPage,
    summary: ErrorSummary,
    field: Field,
    fate: Option<Fate>,
    out_of_order: Option<String>,
}

pub(crate) fn at(language: Language) -> MethodRouter<Door> {
    get(move |State(door): State<Door>| async move {
        answer(StatusCode::OK, &page(&door, language))
    })
    .post(move |State(door): State<Door>, asked: Result<Form<Asked>, FormRejection>| async move {
        match asked {
            Ok(Form(asked)) => look_up(&door, language, &asked.receipt).await,
            Err(fault) => sorry::unreadable(&door, language, fault.status()),
        }
    })
}

async fn look_up(door: &Door, language: Language, typed: &str) -> Response {
    let mut page = page(door, language);
    let receipt = match Receipt::parse(typed) {
        Ok(receipt) => receipt,
        Err(fault) => {
            let says = language.t(fault_phrase(fault));
            page.field = page.field.value(typed).fault(Some(says.clone()));
            page.summary = ErrorSummary::new(
                language.t("door-faults-title"),
                vec![FieldFault { field: NAME, says }],
            );
            return answer(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    match door.slot.ask(&receipt).await {
        Ok(found) => {
            page.fate = Some(fate(language, found));
            answer(StatusCode::OK, &page)
        }
        Err(fault) => {
            page.field = page.field.value(typed);
            page.out_of_order = Some(language.t(sorry::phrase_of_asking(fault)));
            answer(StatusCode::SERVICE_UNAVAILABLE, &page)
        }
    }
}

fn page(door: &Door, language: Language) -> FollowPage {
    FollowPage {
        page: door.page(language, paths::FOLLOW),
        summary: ErrorSummary::new("", Vec::new()),
        field: Field::new(NAME, FieldKind::Line, language.t("door-receipt-label"))
            .hint(language.t("door-receipt-hint")),
        fate: None,
        out_of_order: None,
    }
}

const fn fault_phrase(fault: ReceiptFault) -> &'static str {
    match fault {
        ReceiptFault::Length => "door-receipt-length",
        ReceiptFault::Sign => "door-receipt-sign",
        ReceiptFault::Check => "door-receipt-check",
    }
}

/// The words of an answer; an unknown receipt is answered in the same form as a known one.
fn fate(language: Language, found: Option<Answer>) -> Fate {
    let (word, tone, icon, way): (&str, _, _, &[&str]) = match found {
        Some(Answer::Received) => (
            "received",
            "calm",
            "inbox",
            &["received", "assessed", "acted"],
        ),
        Some(Answer::BeingAssessed) => (
            "assessed",
            "calm",
            "search",
            &["received", "assessed", "acted"],
        ),
        Some(Answer::SentOn) => (
            "sent-on",
            "calm",
            "send",
            &["received", "assessed", "sent-on", "removed"],
        ),
        Some(Answer::Removed) => (
            "removed",
            "good",
            "circle-check",
            &["received", "assessed", "sent-on", "removed"],
        ),
        Some(Answer::NotIllegal) => (
            "not-illegal",
            "none",
            "scale",
            &["received", "assessed", "not-illegal"],
        ),
        Some(Answer::Closed) => (
            "closed",
            "none",
            "clipboard-check",
            &["received", "assessed", "closed"],
        ),
        None => ("unknown", "none", "help", &[]),
    };
    let here = way.iter().position(|stop| *stop == word).unwrap_or(0);
    Fate {
        title: language.t(&format!("door-fate-{word}")),
        says: language.t(&format!("door-fate-{word}-says")),
        tone,
        icon: Icon::named(icon),
        way: way
            .iter()
            .enumerate()
            .map(|(at, stop)| Stop {
                name: language.t(&format!("door-stop-{stop}")),
                done: at <= here,
                here: at == here,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_words_and_one_place_on_its_way() {
        for language in Language::ALL {
            for found in [
                Some(Answer::Received),
                Some(Answer::BeingAssessed),
                Some(Answer::SentOn),
                Some(Answer::Removed),
                Some(Answer::NotIllegal),
                Some(Answer::Closed),
                None,
            ] {
                let fate = fate(language, found);
                assert!(!fate.title.starts_with("door-") && !fate.says.starts_with("door-"));
                assert!(fate.way.iter().all(|stop| !stop.name.starts_with("door-")));
                let places = fate.way.iter().filter(|stop| stop.here).count();
                assert_eq!(places, usize::from(found.is_some()));
                assert!(fate.icon.to_string().contains("<path"));
            }
        }
    }
}
