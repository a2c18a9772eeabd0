use super::*;
use crate::answers::AnswerFault;
use proptest::prelude::*;

const STANDARD: &str = include_str!("../schemes/standard-1.toml");

fn scheme() -> Scheme {
    Scheme::standard().unwrap()
}

#[test]
fn the_standard_scheme_is_consistent_and_has_every_word_of_the_ledger() {
    let scheme = scheme();
    assert_eq!(scheme.id(), "standard-1");
    let options = |question: Option<&Question>| question.map_or(0, |q| q.options.len());
    assert_eq!(options(scheme.reason()), NotIllegalReason::ALL.len());
    assert_eq!(options(scheme.police()), PoliceReason::ALL.len());
    let keys: String = scheme.quick().iter().map(|quick| quick.key).collect();
    assert_eq!(keys, "12345");
}

#[test]
fn one_key_gives_one_verdict_and_not_illegal_asks_why() {
    let scheme = scheme();
    let of = |at: usize| scheme.quick()[at].answers.clone();
    let verdict = |answers: &Answers| scheme.judge(answers).map(|judged| judged.verdict);
    assert_eq!(verdict(&of(0)), Ok(Verdict::IllegalBaseline));
    assert_eq!(verdict(&of(1)), Ok(Verdict::IllegalNational));
    assert_eq!(verdict(&of(3)), Ok(Verdict::NotAssessable));
    assert_eq!(verdict(&of(4)), Ok(Verdict::Ignore));
    let question = "why".to_owned();
    assert_eq!(verdict(&of(2)), Err(AnswerFault::Missing { question }));
    let judged = scheme.judge(&of(2).with(&Answers::from_pairs([("why", "adult")])));
    let (verdict, why) = (Verdict::NotIllegal, Some(NotIllegalReason::Adult));
    assert_eq!(judged, Ok(crate::Judged { verdict, why }));
}

#[test]
fn a_verdict_is_explained_by_the_answers_its_rule_speaks_of() {
    let scheme = scheme();
    let given = scheme.quick()[0]
        .answers
        .with(&Answers::from_pairs([("age", "infant")]));
    let because = scheme.because(&given).unwrap();
    let told = |told: &[(&Question, Vec<&crate::Choice>)]| -> Vec<String> {
        let one = |(q, o): &(&Question, Vec<&crate::Choice>)| format!("{}={}", q.id, o[0].id);
        told.iter().map(one).collect()
    };
    assert_eq!(because.verdict, Verdict::IllegalBaseline);
    assert_eq!(told(&because.held), ["finding=illegal", "law=baseline"]);
    assert_eq!(told(&because.beside), ["age=infant"]);
    assert_eq!(scheme.because(&Answers::none()), None);
}

#[test]
fn a_key_the_desk_uses_itself_and_a_list_of_many_are_refused() {
    let broken = |from: &str, to: &str| read(&STANDARD.replacen(from, to, 1)).unwrap_err();
    assert_eq!(
        broken("key = \"1\"", "key = \"r\""),
        SchemeFault::KeyOfTheDesk('r')
    );
    assert_eq!(
        broken("key = \"a\"", "key = \"u\""),
        SchemeFault::KeyOfTheDesk('u')
    );
    assert_eq!(
        broken("take = \"many\"", "take = \"many\"\nshown = \"select\""),
        SchemeFault::SelectOfMany("age".into())
    );
    let long = "#".repeat(Scheme::LONGEST + 1);
    assert_eq!(read(&long), Err(SchemeFault::TooLong(Scheme::LONGEST)));
}

#[test]
fn an_answer_nobody_asked_for_is_refused_and_can_be_left_out() {
    let scheme = scheme();
    let stale = Answers::from_pairs([
        ("finding", "ignore"),
        ("law", "baseline"),
        ("age", "infant"),
    ]);
    assert!(matches!(
        scheme.judge(&stale),
        Err(AnswerFault::NotAsked { .. })
    ));
    let kept = scheme.only_asked(&stale);
    assert_eq!(kept, Answers::from_pairs([("finding", "ignore")]));
    assert_eq!(scheme.judge(&kept).unwrap().verdict, Verdict::Ignore);
}

#[test]
fn a_question_for_one_answer_takes_one_and_a_question_for_many_takes_many() {
    let scheme = scheme();
    let base = scheme.quick()[0].answers.clone();
    let two_ages = Answers::from_pairs([("age", "infant"), ("age", "pubescent")]);
    assert!(scheme.judge(&base.with(&two_ages)).is_ok());
    let two = Answers::from_pairs([("gender", "male"), ("gender", "female")]);
    assert!(matches!(
        scheme.judge(&base.with(&two)),
        Err(AnswerFault::OnlyOne { .. })
    ));
}

#[test]
fn a_scheme_that_does_not_hang_together_is_refused() {
    let broken = |from: &str, to: &str| read(&STANDARD.replacen(from, to, 1)).unwrap_err();
    assert!(matches!(
        broken("version = 1", "version = 'x'"),
        SchemeFault::Unreadable(_)
    ));
    assert!(matches!(
        broken("id = \"adult\"", "id = \"grown up\""),
        SchemeFault::BadName(_)
    ));
    assert!(matches!(
        broken("id = \"adult\"", "id = \"grown-up\""),
        SchemeFault::BadVocabulary(_)
    ));
    assert!(matches!(
        broken("id = \"nudism\"", "id = \"adult\""),
        SchemeFault::Twice(_)
    ));
    assert!(matches!(
        broken("key = \"n\"", "key = \"a\""),
        SchemeFault::Twice(_)
    ));
    assert!(matches!(
        broken("en = \"Adults\"", "en = \"\""),
        SchemeFault::NoWords(_)
    ));
    assert!(matches!(
        broken("when = { finding", "when = { finging"),
        SchemeFault::Unknown { .. }
    ));
    assert!(matches!(
        broken(
            "when = { finding = [\"illegal\"]",
            "when = { site-type = [\"forum\"]"
        ),
        SchemeFault::Unknown { .. }
    ));
    assert_eq!(
        broken(
            "finding = [\"ignore\"] }\n\n# One",
            "finding = [\"illegal\"] }\n\n# One"
        ),
        SchemeFault::KeyWithoutVerdict('5')
    );
    assert_eq!(
        broken(
            "answers = { finding = [\"ignore\"] }",
            "answers = { finding = [\"not-illegal\"] }"
        ),
        SchemeFault::Unreachable(Verdict::Ignore)
    );
}

proptest! {
    #[test]
    fn any_answers_give_a_verdict_or_a_reason_and_what_is_asked_is_judged_alike(
        picks in proptest::collection::vec((0_usize..12, 0_usize..12), 0..8)
    ) {
        let scheme = scheme();
        let mut answers = Answers::none();
        for (question, option) in picks {
            if let Some(question) = scheme.questions().get(question)
                && let Some(option) = question.options.get(option) {
                answers.give(question.id.as_str(), option.id.as_str());
            }
        }
        let kept = scheme.only_asked(&answers);
        prop_assert_eq!(&scheme.only_asked(&kept), &kept);
        let refused_as_unasked = matches!(scheme.judge(&kept), Err(AnswerFault::NotAsked { .. }));
        prop_assert!(!refused_as_unasked);
        if let Ok(judged) = scheme.judge(&answers) {
            prop_assert_eq!(scheme.judge(&kept), Ok(judged));
            prop_assert_eq!(judged.why.is_some(), judged.verdict == Verdict::NotIllegal);
        }
    }
}
