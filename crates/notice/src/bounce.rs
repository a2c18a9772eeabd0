//! A report of a mail server about the delivery of a mail (RFC 3464, in a multipart/report of RFC 6522
//! or 3462), as it comes back to the sender of a notice.
//!
//! Anybody can write such a report. It is believed only for a Message-ID of ours, whose random part
//! nobody knows who did not get the mail.

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

/// How deep a report may be wrapped in mails that were passed on.
const DEEPEST: usize = 3;
/// Longest name of a mail that is looked for, in bytes (RFC 5322, 2.1.1).
const LONGEST_NAME: usize = 998;

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It was not delivered and is not tried any more.
    Failed,
    /// It is tried again.
    Delayed,
    /// It was delivered or handed on.
    Other,
}

/// A report about one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// What became of it; of several recipients the worst.
    pub fate: Fate,
    /// The status (RFC 3463), like 5.1.1; none when there is none that can be read.
    pub status: Option<String>,
    /// By what the mail may be known, without brackets, the surest first: its Message-ID, the name of its
    /// envelope, what the report answers.
    pub names: Vec<String>,
}

/// Reads a mail; none when it holds no report about a delivery.
#[must_use]
pub fn read_bounce(mail: &[u8]) -> Option<Bounce> {
    in_message(&MessageParser::default().parse(mail)?, DEEPEST)
}

fn in_message(message: &Message<'_>, depth: usize) -> Option<Bounce> {
    let at = message.parts.iter().position(is_status);
    let Some(at) = at else {
        let inner = |part: &MessagePart<'_>| match &part.body {
            PartType::Message(inner) => in_message(inner, depth.checked_sub(1)?),
            _ => None,
        };
        return message.parts.iter().find_map(inner);
    };
    let (status_part, rest) = message.parts.get(at..)?.split_first()?;
    let fields = String::from_utf8_lossy(status_part.contents());
    let mut names: Vec<String> = rest.iter().filter_map(original_name).collect();
    let (mut fate, mut status) = (Fate::Other, None);
    for (name, value) in unfolded(&fields) {
        match name.as_str() {
            "original-envelope-id" => names.push(value),
            "action" => fate = worse(fate, &value),
            "status" => status = worst_status(status, &value),
            _ => {}
        }
    }
    names.extend(message.in_reply_to().as_text().map(str::to_owned));
    for name in &mut names {
        *name = name.trim().trim_matches(['<', '>']).to_owned();
    }
    names.retain(|name| !name.is_empty() && name.len() <= LONGEST_NAME);
    Some(Bounce {
        fate,
        status,
        names,
    })
}

fn is_status(part: &MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|kind| {
        let sub = kind.subtype().unwrap_or_default();
        kind.ctype().eq_ignore_ascii_case("message")
            && (sub.eq_ignore_ascii_case("delivery-status")
                || sub.eq_ignore_ascii_case("global-delivery-status"))
    })
}

/// The Message-ID of the mail that is given back: whole, or its headers only.
fn original_name(part: &MessagePart<'_>) -> Option<String> {
    if let PartType::Message(original) = &part.body {
        return original.message_id().map(str::to_owned);
    }
    let sub = part.content_type()?.subtype().unwrap_or_default();
    let headers = ["rfc822-headers", "global-headers", "rfc822", "global"];
    if !headers.iter().any(|kind| sub.eq_ignore_ascii_case(kind)) {
        return None;
    }
    let original = MessageParser::default().parse_headers(part.contents())?;
    original.message_id().map(str::to_owned)
}

/// The fields of a report, names in small letters, a value that goes on in the next line joined.
fn unfolded(text: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    fields
}

/// An action may have a comment behind it.
fn worse(before: Fate, action: &str) -> Fate {
    let word = action
        .split(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or_default();
    match (before, word.to_ascii_lowercase().as_str()) {
        (Fate::Failed, _) | (_, "failed") => Fate::Failed,
        (Fate::Delayed, _) | (_, "delayed") => Fate::Delayed,
        _ => Fate::Other,
    }
}

fn worst_status(before: Option<String>, value: &str) -> Option<String> {
    let word = value.split_whitespace().next().unwrap_or_default();
    let parts: Vec<&str> = word.split('.').collect();
    let number = |part: &&str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit())
    };
    let sound = parts.len() == 3
        && matches!(parts.first(), Some(&("2" | "4" | "5")))
        && parts.iter().all(number);
    match before {
        Some(before) if !sound || before.as_str() >= word => Some(before),
        _ if sound => Some(word.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "not_7@meldpunt.example";

    fn report(action: &str, original: &str) -> String {
        format!(
            "From: MAILER-DAEMON@relay.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; relay.example\r\n\r\n\
             Final-Recipient: rfc822; abuse@hosting.example\r\nAction: {action}\r\n\
             Status: 5.1.1 (no such\r\n mailbox)\r\n\r\n--b\r\n{original}\r\n--b--\r\n"
        )
    }

    const WHOLE: &str = "Content-Type: message/rfc822\r\n\r\nMessage-ID: <not_7@meldpunt.example>\r\n\
        Subject: Request\r\n\r\nwords";
    const HEADERS: &str = "Content-Type: text/rfc822-headers\r\n\r\nSubject: Request\r\n\
        Message-ID: <not_7@meldpunt.example>\r\n";

    #[test]
    fn a_report_tells_what_became_of_which_mail() {
        for original in [WHOLE, HEADERS] {
            let read = read_bounce(report("failed", original).as_bytes()).unwrap();
            assert_eq!(read.fate, Fate::Failed);
            assert_eq!(read.status.as_deref(), Some("5.1.1"));
            assert_eq!(read.names, [OURS]);
        }
        let later = read_bounce(report("Delayed (will be tried)", WHOLE).as_bytes()).unwrap();
        assert_eq!(later.fate, Fate::Delayed);
        let arrived = read_bounce(report("relayed", WHOLE).as_bytes()).unwrap();
        assert_eq!(arrived.fate, Fate::Other);
    }

    #[test]
    fn a_report_that_was_passed_on_inside_another_mail_is_found() {
        let wrapped = format!(
            "From: postmaster@hotline.example\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=w\r\n\r\n--w\r\nContent-Type: text/plain\r\n\r\n\
             see below\r\n--w\r\nContent-Type: message/rfc822\r\n\r\n{}\r\n--w--\r\n",
            report("failed", WHOLE)
        );
        let read = read_bounce(wrapped.as_bytes()).unwrap();
        assert_eq!(
            (read.fate, read.names),
            (Fate::Failed, vec![OURS.to_owned()])
        );
    }

    #[test]
    fn a_mail_is_also_known_by_its_envelope_or_by_what_is_answered() {
        let without = report("failed", "Content-Type: text/plain\r\n\r\nnothing")
            .replace(
                "Subject: Undelivered",
                "In-Reply-To: <not_7@meldpunt.example>",
            )
            .replace(
                "Reporting-MTA",
                "Original-Envelope-Id: env7\r\nReporting-MTA",
            );
        let read = read_bounce(without.as_bytes()).unwrap();
        assert_eq!(read.names, ["env7", OURS]);
    }

    #[test]
    fn of_several_recipients_the_worst_counts() {
        let two = report("delivered", WHOLE).replace(
            "Status: 5.1.1",
            "Status: 2.0.0\r\n\r\nFinal-Recipient: rfc822; b@hosting.example\r\n\
             Action: failed\r\nStatus: 5.2.2",
        );
        let read = read_bounce(two.as_bytes()).unwrap();
        assert_eq!(
            (read.fate, read.status.as_deref()),
            (Fate::Failed, Some("5.2.2"))
        );
    }

    #[test]
    fn an_answer_of_a_human_and_a_report_about_abuse_are_none() {
        let answer = "From: abuse@hosting.example\r\nIn-Reply-To: <not_7@meldpunt.example>\r\n\r\nAction: failed";
        assert_eq!(read_bounce(answer.as_bytes()), None);
        let abuse =
            report("failed", WHOLE).replace("message/delivery-status", "message/feedback-report");
        assert_eq!(read_bounce(abuse.as_bytes()), None);
        assert_eq!(read_bounce(b""), None);
    }

    #[test]
    fn a_status_that_is_none_is_left_out() {
        let odd = report("failed", WHOLE).replace("5.1.1", "five");
        assert_eq!(read_bounce(odd.as_bytes()).unwrap().status, None);
    }
}
