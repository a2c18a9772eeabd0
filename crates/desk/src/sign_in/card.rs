//! The one narrow card on which every step of signing in is done.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use pages::{ConsolePage, ErrorSummary, Field, FieldFault};

/// The picture of a second factor and its secret in text.
pub(super) struct Picture {
    /// Modules on each side, with the quiet zone of four around.
    pub size: usize,
    /// The dark modules as one path.
    pub path: String,
    /// The secret, for typing over.
    pub text: String,
}

/// A step of signing in.
#[derive(Template)]
#[template(path = "sign_in/card.html")]
pub(super) struct Card {
    page: ConsolePage,
    /// What the ids of its phrases begin with: `-title`, `-lead`, `-button` follow.
    phrase: &'static str,
    /// Where the form goes.
    pub action: String,
    /// Whether one can stop here.
    pub can_stop: bool,
    /// The second factor to be set up.
    pub picture: Option<Picture>,
    fields: Vec<(&'static str, Field)>,
    faults: Vec<FieldFault>,
}

impl Card {
    pub fn new(page: ConsolePage, phrase: &'static str) -> Self {
        Self {
            page,
            phrase,
            action: String::new(),
            can_stop: false,
            picture: None,
            fields: Vec::new(),
            faults: Vec::new(),
        }
    }

    pub fn field(mut self, name: &'static str, field: Field) -> Self {
        self.fields.push((name, field));
        self
    }

    /// The same card with a fault at a field.
    pub fn fault(mut self, at: &'static str, phrase: &str) -> Self {
        let says = self.page.t(phrase);
        self.fields = self
            .fields
            .into_iter()
            .map(|(name, field)| {
                let fault = (name == at).then(|| says.clone());
                (
                    name,
                    if name == at {
                        field.fault(fault)
                    } else {
                        field
                    },
                )
            })
            .collect();
        self.faults.push(FieldFault { field: at, says });
        self
    }

    pub fn answer(self, status: StatusCode) -> Response {
        pages::answer(status, &self)
    }

    fn part(&self, part: &str) -> String {
        self.page.t(&format!("{}-{part}", self.phrase))
    }

    fn summary(&self) -> ErrorSummary {
        ErrorSummary::new(self.page.t("desk-summary"), self.faults.clone())
    }
}
