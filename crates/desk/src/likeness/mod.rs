//! Likeness: what counts as the same picture, what the house confirms by itself, and where a second
//! look showed that it was wrong. For the senior analyst.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use casework::LikenessRule;
use casework::desk::{Disagreement, HouseConfirms, HouseFault, SecondLooks, SetOnce};
use ground::{ContentId, Verdict};
use pages::{ConsolePage, ErrorSummary, Field, FieldKind, Language};

use crate::reasoned::{Again, Wrong, reason_in};
use crate::takedown::verdict_in;
use crate::who::{Person, Senior};
use crate::{Desk, DeskError, Fields, Routes};

/// The pages about likeness.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/likeness", show)
        .post("/likeness", set)
        .post("/likeness/{content}/seen", seen)
}

const UPTO: &str = "upto";
const SAMPLE: &str = "sample";
const REASON: &str = "reason-likeness";

#[derive(Template)]
#[template(path = "likeness/likeness.html")]
struct LikenessPage {
    page: ConsolePage,
    rule: LikenessRule,
    now: String,
    summary: ErrorSummary,
    upto: Field,
    sample: Field,
    reason: Field,
    looks: SecondLooks,
    disagreements: Vec<Disagreement>,
    before: Vec<SetOnce>,
}

impl LikenessPage {
    fn verdict(&self, verdict: Verdict) -> String {
        verdict_in(self.page.lang, verdict)
    }

    fn quality(&self) -> u32 {
        u32::from(self.rule.quality)
    }

    fn says(&self, confirms: HouseConfirms) -> String {
        in_words(self.page.lang, confirms)
    }
}

fn in_words(lang: Language, confirms: HouseConfirms) -> String {
    match confirms.by_itself {
        None => lang.t("likeness-house-off"),
        Some(upto) => lang.t_2(
            "likeness-house-on",
            "distance",
            upto,
            "sample",
            confirms.sample,
        ),
    }
}

/// `GET /likeness`.
async fn show(State(desk): State<Desk>, person: Senior) -> Result<Response, DeskError> {
    whole(&desk, &person, StatusCode::OK, &Again::default()).await
}

async fn whole(
    desk: &Desk,
    person: &Person,
    status: StatusCode,
    again: &Again,
) -> Result<Response, DeskError> {
    let lang = person.lang();
    let confirms = desk.work.house_confirms().await?;
    let upto = confirms.by_itself.map(|upto| upto.to_string());
    let field = |name: &'static str, label: &str, hint: &str, now: String| {
        Field::new(name, FieldKind::Digits, lang.t(label))
            .hint(lang.t(hint))
            .value(again.typed(name).map_or(now, str::to_owned))
            .fault(again.says(lang, name))
    };
    let page = LikenessPage {
        rule: desk.work.likeness_rule(),
        now: in_words(lang, confirms),
        summary: again.summary(lang),
        upto: field(
            UPTO,
            "likeness-upto",
            "likeness-upto-hint",
            upto.unwrap_or_default(),
        ),
        sample: field(
            SAMPLE,
            "likeness-sample",
            "likeness-sample-hint",
            confirms.sample.to_string(),
        ),
        reason: again.reason(lang, REASON),
        looks: desk.work.second_looks().await?,
        disagreements: desk.work.disagreements().await?,
        before: desk.work.settings_before().await?,
        page: desk.page(person),
    };
    Ok(pages::answer(status, &page))
}

/// What the form asks for, or what is wrong with it.
fn asked(fields: &Fields, rule: LikenessRule) -> Result<HouseConfirms, Wrong> {
    let number = |name: &'static str, wrong: &'static str| {
        let typed = fields.trimmed(name);
        typed.parse::<u32>().map_err(|_| (name, wrong))
    };
    let upto = if fields.trimmed(UPTO).is_empty() {
        None
    } else {
        Some(number(UPTO, "likeness-fault-upto")?)
    };
    let sample = number(SAMPLE, "likeness-fault-sample")?;
    HouseConfirms::checked(upto, sample, rule).map_err(|fault| match fault {
        HouseFault::TooFar => (UPTO, "likeness-fault-upto"),
        HouseFault::NoShare => (SAMPLE, "likeness-fault-sample"),
    })
}

/// `POST /likeness`: with a reason.
async fn set(
    State(desk): State<Desk>,
    person: Senior,
    fields: Fields,
) -> Result<Response, DeskError> {
    let read = asked(&fields, desk.work.likeness_rule())
        .and_then(|new| Ok((new, reason_in(&fields, REASON)?)));
    match read {
        Ok((new, why)) => {
            desk.work.let_house_confirm(person.id(), new, why).await?;
            Ok(Redirect::to("/likeness?told=likeness-set").into_response())
        }
        Err(wrong) => {
            let again = Again::because(wrong, &fields);
            whole(&desk, &person, StatusCode::UNPROCESSABLE_ENTITY, &again).await
        }
    }
}

/// `POST /likeness/{content}/seen`: a disagreement was taken notice of.
async fn seen(
    State(desk): State<Desk>,
    person: Senior,
    Path(content): Path<ContentId>,
) -> Result<Redirect, DeskError> {
    desk.work.saw_disagreement(person.id(), content).await?;
    Ok(Redirect::to("/likeness?told=likeness-seen"))
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
