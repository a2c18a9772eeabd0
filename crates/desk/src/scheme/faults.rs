//! What is wrong with a scheme, in words.

use assessment::SchemeFault;
use pages::Language;

/// Says what is wrong and where.
pub(super) fn says(lang: Language, fault: &SchemeFault) -> String {
    match fault {
        SchemeFault::Unreadable(why) => lang.t_n("scheme-says-unreadable", "why", why.trim()),
        SchemeFault::BadName(name) => lang.t_n("scheme-says-bad-name", "name", name.as_str()),
        SchemeFault::Twice(what) => lang.t_n("scheme-says-twice", "what", what.as_str()),
        SchemeFault::NoWords(what) => lang.t_n("scheme-says-no-words", "what", what.as_str()),
        SchemeFault::NoOptions(id) => lang.t_n("scheme-says-no-options", "id", id.as_str()),
        SchemeFault::Unknown {
            of,
            question,
            option,
        } => {
            let which = format!("{question} = {option}");
            lang.t_2("scheme-says-unknown", "of", of.as_str(), "which", which)
        }
        SchemeFault::BadVocabulary(which) => lang.t_n("scheme-says-vocabulary", "which", *which),
        SchemeFault::Unreachable(verdict) => {
            let verdict = crate::takedown::verdict_in(lang, *verdict);
            lang.t_n("scheme-says-unreachable", "verdict", verdict)
        }
        SchemeFault::KeyOfTheDesk(key) => lang.t_n("scheme-says-desk-key", "key", key.to_string()),
        SchemeFault::SelectOfMany(id) => lang.t_n("scheme-says-select", "id", id.as_str()),
        SchemeFault::TooLong(most) => lang.t_n("scheme-says-too-long", "most", *most),
        SchemeFault::KeyWithoutVerdict(key) => {
            lang.t_n("scheme-says-key-nothing", "key", key.to_string())
        }
    }
}
