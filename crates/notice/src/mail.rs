//! The mail that carries a notice (RFC 5322), in ASCII on the wire: plain text, and beside it a table or
//! a report for programs (RFC 6522, 5965).
//!
//! It is made once. Message-ID, date and boundary come from the notice, so every sending of it is
//! the same message, byte for byte.

use std::time::{Duration, SystemTime};

use ground::{Instant, NoticeId};
use lettre::message::header::{
    ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue,
};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::{Address, Message};
use serde::{Deserialize, Serialize};

use crate::{Hotline, NoticeFormat, NoticeView, csv, text, xarf};

/// A mail ready to be handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Composed {
    /// The address bounces go to.
    pub from: String,
    /// The address it goes to.
    pub to: String,
    /// Its Message-ID, without brackets.
    pub message_id: String,
    /// The whole message; ASCII, lines ended by CR LF.
    pub raw: String,
}

/// Why a mail could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ComposeFault {
    /// The sender or the recipient is no mail address.
    #[error("'{0}' is no mail address")]
    NotAnAddress(&'static str),
    /// It would name nothing.
    #[error("it names no item")]
    Empty,
    /// Its format takes exactly one item, of which everything it needs is known.
    #[error("an XARF report is about one item with a known address of its host")]
    NotOneReport,
    /// The template could not be filled. A defect of ours.
    #[error("the text could not be made")]
    Text(#[from] askama::Error),
    /// The message could not be put together. A defect of ours.
    #[error("the mail could not be put together: {0}")]
    Message(String),
}

/// The Message-ID of a notice, without brackets: its id at the domain of the sender.
///
/// # Errors
/// [`ComposeFault::NotAnAddress`].
pub fn message_id(id: NoticeId, from: &str) -> Result<String, ComposeFault> {
    let from = address(from, "from")?;
    Ok(format!("{id}@{}", from.domain().to_ascii_lowercase()))
}

fn address(text: &str, which: &'static str) -> Result<Address, ComposeFault> {
    let read = text.trim().parse::<Address>().ok();
    read.filter(|_| text.is_ascii())
        .ok_or(ComposeFault::NotAnAddress(which))
}

/// Makes the mail of a notice, from the hotline's address to the contact's.
///
/// # Errors
/// [`ComposeFault`].
pub fn compose(id: NoticeId, view: &NoticeView, to: &str) -> Result<Composed, ComposeFault> {
    if view.items.is_empty() {
        return Err(ComposeFault::Empty);
    }
    let words = plain_part(crlf(&text::body(view)?))?;
    let named = (id, view.drawn_up_at);
    let boundary = format!("meldpunt-{id}");
    let subject = text::subject(view);
    let parts = match view.format {
        NoticeFormat::Mail => {
            return put_together(named, &view.hotline, to, subject, |builder| {
                builder.singlepart(words)
            });
        }
        NoticeFormat::Table => MultiPart::mixed()
            .boundary(boundary)
            .singlepart(words)
            .singlepart(part(
                "text/csv; charset=utf-8; header=present",
                Some(&format!("{}.csv", file_name(&view.number))),
                csv::table(view),
            )?),
        NoticeFormat::XarfFour | NoticeFormat::XarfThree => {
            report_parts(id, view, &boundary, words)?
        }
    };
    put_together(named, &view.hotline, to, subject, |builder| {
        builder.multipart(parts)
    })
}

/// The three parts of a report by mail (RFC 5965): words, what kind of report, and the report.
fn report_parts(
    id: NoticeId,
    view: &NoticeView,
    boundary: &str,
    words: SinglePart,
) -> Result<MultiPart, ComposeFault> {
    let [item] = view.items.as_slice() else {
        return Err(ComposeFault::NotOneReport);
    };
    let ip = item.ip.filter(|_| item.goes_as(view.format) == view.format);
    let ip = ip.ok_or(ComposeFault::NotOneReport)?;
    let kind = format!("multipart/report; report-type=feedback-report; boundary=\"{boundary}\"");
    let about = concat!(
        "Feedback-Type: xarf\r\nUser-Agent: Meldpunt/",
        env!("CARGO_PKG_VERSION"),
        "\r\nVersion: 1\r\n"
    );
    // A part of the kind "message" is in 7 bits and nothing else (RFC 5965, 7.2).
    let about = SinglePart::builder()
        .header(content_type("message/feedback-report")?)
        .header(ContentTransferEncoding::SevenBit)
        .body(about.to_owned());
    Ok(MultiPart::builder()
        .header(content_type(&kind)?)
        .singlepart(words)
        .singlepart(about)
        .singlepart(part(
            "application/json; name=\"xarf.json\"",
            Some("xarf.json"),
            crlf(&xarf::report(id, view, item, ip)),
        )?))
}

/// Puts a mail of the hotline together, the same byte for byte however often it is made.
pub(crate) fn put_together(
    (id, at): (NoticeId, Instant),
    hotline: &Hotline,
    to: &str,
    subject: String,
    body: impl FnOnce(MessageBuilder) -> Result<Message, lettre::error::Error>,
) -> Result<Composed, ComposeFault> {
    let (from, to) = (address(&hotline.from, "from")?, address(to, "to")?);
    let reply_to = address(&hotline.reply_to, "reply to")?;
    let message_id = message_id(id, &hotline.from)?;
    let since_1970 = Duration::from_millis(u64::try_from(at.ms()).unwrap_or(0));
    let name = || Some(text::one_line(&hotline.name));
    let builder = Message::builder()
        .from(Mailbox::new(name(), from.clone()))
        .reply_to(Mailbox::new(name(), reply_to))
        .to(Mailbox::new(None, to.clone()))
        .subject(subject)
        .date(SystemTime::UNIX_EPOCH + since_1970)
        .message_id(Some(format!("<{message_id}>")));
    let mut message = body(builder).map_err(|fault| ComposeFault::Message(fault.to_string()))?;
    // So that no holiday answer comes back (RFC 3834).
    for (name, value) in [
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF"),
    ] {
        let name = HeaderName::new_from_ascii_str(name);
        message
            .headers_mut()
            .insert_raw(HeaderValue::new(name, value.to_owned()));
    }
    let raw = String::from_utf8(message.formatted())
        .map_err(|fault| ComposeFault::Message(fault.to_string()))?;
    Ok(Composed {
        from: from.to_string(),
        to: to.to_string(),
        message_id,
        raw,
    })
}

pub(crate) fn plain_part(body: String) -> Result<SinglePart, ComposeFault> {
    part("text/plain; charset=utf-8", None, body)
}

fn part(kind: &str, file: Option<&str>, body: String) -> Result<SinglePart, ComposeFault> {
    let mut builder = SinglePart::builder().header(content_type(kind)?);
    if let Some(file) = file {
        builder = builder.header(ContentDisposition::attachment(file));
    }
    // Quoted-printable stays readable for people and filters, and is never a block of base 64.
    Ok(builder
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(body))
}

fn content_type(kind: &str) -> Result<ContentType, ComposeFault> {
    ContentType::parse(kind).map_err(|fault| ComposeFault::Message(fault.to_string()))
}

fn file_name(number: &str) -> String {
    number
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect()
}

pub(crate) fn crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}
