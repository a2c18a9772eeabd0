//! The gate before every route: permission, session, form token; and a proper page when something
//! is refused or fails.

use askama::Template;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use pages::{ConsolePage, FormToken, Language};
use staff::{Step, Token};

use crate::error::Fault;
use crate::permissions::{Who, permissions};
use crate::who::{Person, language_of, token_of};
use crate::{Desk, DeskError, Fields, upload};

/// Most bytes of a form.
const LARGEST_FORM: usize = 256 * 1024;

/// Put into the extensions of an answer that the gate gave instead of the handler; read by the test
/// that walks the routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The permission file does not let this person in.
    NoEntry,
    /// The person was let in, but the form has no fitting token.
    NoToken,
}

/// Puts the gate around every route and the fall-back.
pub(crate) fn around(router: Router<Desk>, desk: Desk) -> Router<Desk> {
    router
        .fallback(|| async { DeskError::NotFound })
        .layer(middleware::from_fn_with_state(desk, pass))
}

async fn pass(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let lang = language_of(request.uri().query(), request.headers());
    match admit(&desk, request).await {
        Ok(request) => {
            let person = request.extensions().get::<Person>().cloned();
            let answer = next.run(request).await;
            dress(&desk, person.as_ref(), lang, answer)
        }
        Err(refused) => {
            let Refused { person, answer } = *refused;
            dress(&desk, person.as_ref(), lang, answer)
        }
    }
}

struct Refused {
    person: Option<Person>,
    answer: Response,
}

fn refused(
    person: Option<Person>,
    answer: impl IntoResponse,
    why: Option<Stopped>,
) -> Box<Refused> {
    let mut answer = answer.into_response();
    if let Some(why) = why {
        answer.extensions_mut().insert(why);
    }
    Box::new(Refused { person, answer })
}

async fn admit(desk: &Desk, mut request: Request) -> Result<Request, Box<Refused>> {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let who = path
        .as_deref()
        .and_then(|path| permissions().of(request.method(), path));
    let takes_file = path.as_deref().is_some_and(upload::is_taken_at);
    let largest_file = takes_file.then(|| desk.work.largest_file());
    if who == Some(&Who::Anyone) {
        return with_fields(request, None)
            .await
            .map_err(|fault| refused(None, fault, None));
    }
    let token = token_of(request.headers());
    let person = person(desk, token, request.uri())
        .await
        .map_err(|fault| refused(None, fault, None))?;
    let Some(who) = who else {
        return Err(refused(person, DeskError::NotFound, Some(Stopped::NoEntry)));
    };
    let Some(person) = person else {
        let answer = to_sign_in(request.method(), request.headers());
        return Err(refused(None, answer, Some(Stopped::NoEntry)));
    };
    if let Some(answer) = turn_away(who, &person) {
        return Err(refused(Some(person), answer, Some(Stopped::NoEntry)));
    }
    if !is_reading(request.method()) {
        request = match with_fields(request, largest_file).await {
            Ok(request) => request,
            Err(fault) => return Err(refused(Some(person), fault, None)),
        };
        if !token_fits(desk, &person, &request) {
            return Err(refused(
                Some(person),
                DeskError::BadToken,
                Some(Stopped::NoToken),
            ));
        }
    }
    request.extensions_mut().insert(person);
    Ok(request)
}

async fn person(desk: &Desk, token: Option<Token>, uri: &Uri) -> Result<Option<Person>, DeskError> {
    let Some(token) = token else {
        return Ok(None);
    };
    let told = uri.query().and_then(|query| {
        let pair = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("told="))?;
        Some(pair.to_owned())
    });
    let path = uri.path().to_owned();
    let session = desk.staff.present(&token).await?;
    Ok(session.map(|session| Person::new(session, told, path)))
}

/// What somebody is told who is not let in; none for who is. Who lacks a role is told the same as
/// when there is no such page.
fn turn_away(who: &Who, person: &Person) -> Option<Response> {
    let step = person.session().step();
    let allowed = match who {
        Who::Anyone => true,
        Who::SigningIn => step != Step::Done,
        Who::SignedIn => step == Step::Done,
        Who::Roles(roles) => step == Step::Done && person.roles().any(roles),
    };
    if allowed {
        return None;
    }
    Some(match (step, who) {
        (Step::Done, Who::SigningIn) => Redirect::to("/").into_response(),
        (Step::Done, _) => DeskError::NotFound.into_response(),
        (due, _) => Redirect::to(step_path(due)).into_response(),
    })
}

/// The page on which a step of signing in is done.
pub(crate) const fn step_path(step: Step) -> &'static str {
    match step {
        Step::Code => "/sign-in/code",
        Step::SetUpSecondFactor => "/sign-in/second-factor",
        Step::ChoosePassword => "/sign-in/password",
        Step::Done => "/",
    }
}

/// A page that was asked for leads to the sign-in; a form that was sent is refused with words, so
/// that nobody believes it was acted on. A part of a page asks the whole page to move.
fn to_sign_in(method: &Method, headers: &HeaderMap) -> Response {
    if headers.contains_key("hx-request") {
        return (StatusCode::UNAUTHORIZED, [("hx-redirect", "/sign-in")]).into_response();
    }
    if is_reading(method) {
        Redirect::to("/sign-in").into_response()
    } else {
        DeskError::SignInAgain.into_response()
    }
}

fn is_reading(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

/// Reads the form once, for the gate and for the handler; with a file of at most so many bytes where
/// one is taken.
async fn with_fields(request: Request, largest_file: Option<u32>) -> Result<Request, DeskError> {
    if is_reading(request.method()) {
        return Ok(request);
    }
    let (mut parts, body) = request.into_parts();
    let kind = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let with_file = kind.filter(|kind| kind.starts_with("multipart/form-data"));
    if let (Some(kind), Some(largest)) = (with_file, largest_file) {
        let bytes = to_bytes(body, largest as usize + LARGEST_FORM)
            .await
            .map_err(|_| DeskError::Told(StatusCode::PAYLOAD_TOO_LARGE, "visits-fault-large"))?;
        let (fields, file) = upload::read(kind, bytes).await?;
        parts.extensions.insert(fields);
        parts.extensions.insert(file);
        return Ok(Request::from_parts(parts, Body::empty()));
    }
    let bytes = to_bytes(body, LARGEST_FORM)
        .await
        .map_err(|_| DeskError::BadForm)?;
    let is_form = kind.is_none_or(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if is_form {
        let fields = Fields::read(&bytes).ok_or(DeskError::BadForm)?;
        parts.extensions.insert(fields);
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn token_fits(desk: &Desk, person: &Person, request: &Request) -> bool {
    let header = request
        .headers()
        .get(FormToken::HEADER)
        .and_then(|value| value.to_str().ok());
    let field = request
        .extensions()
        .get::<Fields>()
        .map(|fields| fields.one(FormToken::FIELD));
    let said = header.or(field).unwrap_or_default();
    let key = person.session().key;
    desk.form_key
        .check(key.as_bytes(), said, desk.clock.now().ms())
}

/// A refusal or a failure as a page. What a handler answered is left alone.
#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage {
    page: ConsolePage,
    says: String,
    sign_in: bool,
}

fn dress(desk: &Desk, person: Option<&Person>, lang: Language, answer: Response) -> Response {
    let Some(fault) = fault_of(&answer) else {
        return answer;
    };
    let page = match person {
        Some(person) if person.is_signed_in() => desk.page(person),
        Some(person) => desk.bare_page(person.lang(), None),
        None => desk.bare_page(lang, None),
    };
    let dressed = FaultPage {
        says: page.t(fault.phrase),
        page,
        sign_in: fault.status == StatusCode::UNAUTHORIZED,
    };
    let mut page = pages::answer(fault.status, &dressed);
    *page.extensions_mut() = answer.extensions().clone();
    page
}

/// Our own faults, and what axum says in plain text about a path or body it could not read.
fn fault_of(answer: &Response) -> Option<Fault> {
    let own = answer.extensions().get::<Fault>().copied();
    let status = answer.status();
    let kind = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let plain = kind.is_some_and(|kind| kind.starts_with("text/plain"));
    let rejected = (plain && status.is_client_error()).then(|| DeskError::NotFound.fault());
    own.or(rejected)
}
