//! What a provider sends: a response to some items, or the wish for a new link.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use bytes::Bytes;
use casework::provider_page::{Says, Words, WordsFault};
use ground::{ResponseKind, TakedownId};
use url::form_urlencoded;

use crate::page::{Asked, Fault};
use crate::{Hatch, fault, page, sorry};

/// The form as it was sent.
#[derive(Debug, Default)]
struct Sent {
    items: Vec<TakedownId>,
    say: Option<ResponseKind>,
    words: String,
    lang: Option<String>,
}

/// Reads a form; ids that are none are left out, for they name nothing.
fn read(body: &[u8]) -> Sent {
    let mut sent = Sent::default();
    for (name, value) in form_urlencoded::parse(body) {
        match name.as_ref() {
            "item" => sent.items.extend(value.parse::<TakedownId>()),
            "say" => sent.say = value.parse().ok(),
            "words" => sent.words = value.into_owned(),
            "lang" => sent.lang = Some(value.into_owned()),
            _ => {}
        }
    }
    sent
}

/// What the form says, or what is wrong with it.
fn meant(sent: &Sent) -> Result<Says, Fault> {
    if sent.items.is_empty() {
        return Err(Fault::NothingTicked);
    }
    match sent.say {
        Some(ResponseKind::Removed) => Ok(Says::Removed),
        Some(ResponseKind::NotHost) => Ok(Says::NotHost),
        Some(ResponseKind::Objection) => match Words::parse(&sent.words) {
            Ok(words) => Ok(Says::Objection(words)),
            Err(WordsFault::Empty) => Err(Fault::NoWords),
            Err(WordsFault::TooLong) => Err(Fault::TooManyWords),
        },
        None => Err(Fault::NothingSaid),
    }
}

/// `POST /p/{link}`: the ticked items are removed, are not ours, or must stay.
pub(crate) async fn say(
    State(hatch): State<Hatch>,
    Path(link): Path<String>,
    body: Bytes,
) -> Response {
    let sent = read(&body);
    let says = match meant(&sent) {
        Ok(says) => says,
        Err(why) => {
            let asked = Asked::in_language(sent.lang.as_deref());
            let wrong = (StatusCode::UNPROCESSABLE_ENTITY, why);
            return page::again(&hatch, &link, asked, wrong, &sent.words, &sent.items).await;
        }
    };
    match hatch.work.respond(&link, &sent.items, &says).await {
        Ok(done) => {
            let lang = sent.lang.as_deref().unwrap_or("");
            let lang = if matches!(lang, "nl" | "en") {
                lang
            } else {
                ""
            };
            let to = format!(
                "/p/{link}?taken={}&before={}&gone={}&lang={lang}",
                done.taken, done.said_before, done.not_theirs
            );
            Redirect::to(&to).into_response()
        }
        Err(why) => fault(&hatch, &link, &why),
    }
}

/// `POST /p/{link}/again`: a new link by mail, to the contact and to nobody else.
pub(crate) async fn again(State(hatch): State<Hatch>, Path(link): Path<String>) -> Response {
    match hatch.work.ask_new_link(&link).await {
        Ok(()) => sorry(&hatch, StatusCode::ACCEPTED, "hatch-link-coming", None),
        Err(why) => fault(&hatch, &link, &why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_id_is_left_out_and_a_word_that_is_none_says_nothing() {
        let id = TakedownId::from_bits(7);
        let body = format!("item={id}&item=..%2F&say=burn&words=a+b&lang=en&other=1");
        let sent = read(body.as_bytes());
        assert_eq!(sent.items, [id]);
        assert_eq!((sent.say, sent.words.as_str()), (None, "a b"));
    }
}
