//! Why an image has its verdict: the answers its rule speaks of, under the scheme of that time.

use assessment::{Choice, Question};
use pages::Language;

use super::parts::Work;
use crate::{Desk, DeskError};

/// Says at the image shown why it has its verdict.
pub(super) async fn explain(desk: &Desk, work: &mut Work) -> Result<(), DeskError> {
    let Some(content) = work.judged() else {
        return Ok(());
    };
    let Some(why) = desk.work.why_verdict(content).await? else {
        return Ok(());
    };
    let Some(because) = why.scheme.because(&why.answers) else {
        return Ok(());
    };
    let lang = work.lang();
    let mut told = vec![(lang.t("report-follows-from"), answered(lang, &because.held))];
    if !because.beside.is_empty() {
        let beside = answered(lang, &because.beside);
        told.push((lang.t("report-answered-beside"), beside));
    }
    told.push((
        lang.t("report-scheme"),
        format!(
            "{} {}",
            why.scheme.title().told_in(lang.tag()),
            why.scheme.version()
        ),
    ));
    work.explained_by(told);
    Ok(())
}

/// `Finding: Illegal · Age group: Infant, Pubescent`.
fn answered(lang: Language, given: &[(&Question, Vec<&Choice>)]) -> String {
    let one = |(question, options): &(&Question, Vec<&Choice>)| {
        let options: Vec<&str> = options
            .iter()
            .map(|option| option.label.told_in(lang.tag()))
            .collect();
        format!(
            "{}: {}",
            question.label.told_in(lang.tag()),
            options.join(", ")
        )
    };
    given.iter().map(one).collect::<Vec<_>>().join(" · ")
}
