//! The first sign-in: a second factor is set up, and the handed-over password is replaced.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use pages::{Field, FieldKind};
use qrcode::{Color, QrCode};
use staff::{Offer, StaffError};

use super::card::{Card, Picture};
use super::{code_field, on};
use crate::who::{HalfWay, Person};
use crate::{Desk, DeskError, Fields};

/// Light modules around a code that readers need.
const QUIET: usize = 4;

/// The offer as a picture that any camera reads.
fn picture(offer: &Offer) -> Result<Picture, DeskError> {
    let code = QrCode::new(offer.address.as_bytes()).map_err(DeskError::broken)?;
    let width = code.width();
    let mut path = String::new();
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            let (x, y) = (at % width + QUIET, at / width + QUIET);
            write!(path, "M{x} {y}h1v1h-1z").map_err(DeskError::broken)?;
        }
    }
    Ok(Picture {
        size: width + 2 * QUIET,
        path,
        text: offer.text.to_string(),
    })
}

async fn second_factor_card(desk: &Desk, person: &Person) -> Result<Card, DeskError> {
    let offer = desk.staff.offer_second_factor(person.session()).await?;
    let mut card = Card::new(desk.half_page(person), "second-factor");
    card.action = "/sign-in/second-factor".to_owned();
    card.can_stop = true;
    card.picture = Some(picture(&offer)?);
    Ok(card.field("code", code_field(person.lang())))
}

/// `GET /sign-in/second-factor`: the picture, the same until it is confirmed.
pub(super) async fn show_second_factor(
    State(desk): State<Desk>,
    HalfWay(person): HalfWay,
) -> Result<Response, DeskError> {
    Ok(second_factor_card(&desk, &person)
        .await?
        .answer(StatusCode::OK))
}

/// `POST /sign-in/second-factor`: confirmed by a code.
pub(super) async fn send_second_factor(
    State(desk): State<Desk>,
    HalfWay(person): HalfWay,
    fields: Fields,
) -> Result<Response, DeskError> {
    let code = fields.trimmed("code");
    match desk
        .staff
        .confirm_second_factor(person.session(), code)
        .await
    {
        Ok(entered) => Ok(on(&entered)),
        Err(StaffError::WrongCode) => {
            let card = second_factor_card(&desk, &person).await?;
            Ok(card
                .fault("code", "second-factor-wrong")
                .answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn password_card(desk: &Desk, person: &Person) -> Card {
    let lang = person.lang();
    let mut card = Card::new(desk.half_page(person), "own-password");
    card.action = "/sign-in/password".to_owned();
    card.can_stop = true;
    let chosen = Field::new("chosen", FieldKind::Secret, lang.t("password-chosen"))
        .hint(lang.t("password-hint"))
        .autocomplete("new-password");
    let again = Field::new("again", FieldKind::Secret, lang.t("password-again"))
        .autocomplete("new-password");
    card.field("chosen", chosen).field("again", again)
}

/// `GET /sign-in/password`.
pub(super) async fn show_password(State(desk): State<Desk>, HalfWay(person): HalfWay) -> Response {
    password_card(&desk, &person).answer(StatusCode::OK)
}

/// `POST /sign-in/password`: a password of one's own, typed twice.
pub(super) async fn send_password(
    State(desk): State<Desk>,
    HalfWay(person): HalfWay,
    fields: Fields,
) -> Result<Response, DeskError> {
    let again = |at, phrase| {
        Ok(password_card(&desk, &person)
            .fault(at, phrase)
            .answer(StatusCode::UNPROCESSABLE_ENTITY))
    };
    if fields.one("chosen") != fields.one("again") {
        return again("again", "password-differs");
    }
    match desk
        .staff
        .choose_password(person.session(), fields.one("chosen"))
        .await
    {
        Ok(entered) => Ok(on(&entered)),
        Err(StaffError::Password(fault)) => again("chosen", crate::me::password_fault(fault)),
        Err(fault) => Err(fault.into()),
    }
}
