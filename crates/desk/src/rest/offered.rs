//! What one does not want to be offered: without a reason, for a while or until one wants it again.

use assessment::{About, Scheme};
use axum::extract::State;
use axum::response::Redirect;
use ground::StaffId;
use pages::Language;
use staff::opt_out::{Category, OptOut, Period};

use crate::who::Analyst;
use crate::{Desk, DeskError, Fields};

/// What one chose, and what one can choose.
pub(super) struct Offered {
    pub chosen: Vec<Chosen>,
    pub choices: Vec<Choice>,
}

/// A category that is not offered, in words.
pub(super) struct Chosen {
    pub value: Category,
    pub label: String,
    pub until: String,
}

/// A category that one can choose.
pub(super) struct Choice {
    pub value: Category,
    pub label: String,
}

impl Offered {
    pub async fn of(desk: &Desk, lang: Language, who: StaffId) -> Result<Self, DeskError> {
        let scheme = desk.work.scheme().await?;
        let choosable = desk.work.choosable(who).await?;
        let chosen: Vec<Chosen> = choosable
            .chosen
            .into_iter()
            .map(|one| Chosen::of(lang, &scheme, one))
            .collect();
        let listed = choosable.listed.into_iter().map(Category::List);
        let choices = std::iter::once(Category::Film)
            .chain(listed)
            .chain(answers(&scheme))
            .filter(|one| !chosen.iter().any(|chosen| chosen.value == *one))
            .map(|value| Choice {
                label: category_in(lang, &scheme, &value),
                value,
            })
            .collect();
        Ok(Self { chosen, choices })
    }
}

impl Chosen {
    fn of(lang: Language, scheme: &Scheme, one: OptOut) -> Self {
        Self {
            label: category_in(lang, scheme, &one.category),
            until: one.until_ms.map_or_else(
                || lang.t("rest-opt-always"),
                |until| lang.t_n("rest-opt-until", "at", lang.minute(until.ms())),
            ),
            value: one.category,
        }
    }
}

/// The answers of a scheme that tell what is to be seen: all but why something is not illegal.
fn answers(scheme: &Scheme) -> impl Iterator<Item = Category> + '_ {
    let why = scheme.reason().map(|question| question.id.as_str());
    scheme
        .questions()
        .iter()
        .filter(move |asked| asked.about == About::Content && Some(asked.id.as_str()) != why)
        .flat_map(|asked| {
            asked.options.iter().map(|option| Category::Answer {
                question: asked.id.clone(),
                option: option.id.clone(),
            })
        })
}

fn category_in(lang: Language, scheme: &Scheme, category: &Category) -> String {
    match category {
        Category::Film => lang.t("rest-opt-film"),
        Category::List(name) => lang.t_n("rest-opt-list", "name", name.as_str()),
        Category::Answer { question, option } => format!(
            "{}: {}",
            scheme.called(question, None, lang.tag()),
            scheme.called(question, Some(option), lang.tag())
        ),
    }
}

fn category(fields: &Fields) -> Result<Category, DeskError> {
    fields
        .one("category")
        .parse()
        .map_err(|_| DeskError::BadForm)
}

/// `POST /break/opt-out`: not offered from now on.
pub(super) async fn opt_out(
    State(desk): State<Desk>,
    person: Analyst,
    fields: Fields,
) -> Result<Redirect, DeskError> {
    let period = match fields.one("period") {
        "day" => Period::Day,
        "week" => Period::Week,
        "always" => Period::Always,
        _ => return Err(DeskError::BadForm),
    };
    let category = category(&fields)?;
    desk.work.opt_out(person.id(), &category, period).await?;
    Ok(Redirect::to("/break?told=rest-opt-out"))
}

/// `POST /break/opt-in`: offered again.
pub(super) async fn opt_in(
    State(desk): State<Desk>,
    person: Analyst,
    fields: Fields,
) -> Result<Redirect, DeskError> {
    desk.work.opt_in(person.id(), &category(&fields)?).await?;
    Ok(Redirect::to("/break?told=rest-opt-in"))
}
