//! Reading a received message: who, to whom, about what, the text and what is attached.

use mail_parser::{Address, Message, MessageParser, MimeHeaders};
use serde::Serialize;

/// One received message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// Counted from 1 in the order of receipt.
    pub number: u64,
    /// The sender in the envelope (`MAIL FROM`), empty for a bounce.
    pub envelope_from: String,
    /// The recipients in the envelope (`RCPT TO`).
    pub envelope_to: Vec<String>,
    /// The author in the header, with the display name where there is one.
    pub from: String,
    /// The recipients in the header.
    pub to: Vec<String>,
    /// Where answers go, if the header says so.
    pub reply_to: Option<String>,
    /// The subject, decoded.
    pub subject: String,
    /// The `Message-ID` without its brackets.
    pub message_id: Option<String>,
    /// The `Date` of the header, RFC 3339.
    pub date: Option<String>,
    /// The text, decoded; of a message with several texts the first.
    pub text: String,
    /// What is attached, without the bytes.
    pub attachments: Vec<Attachment>,
    /// The message as it came over the line, dots unstuffed.
    #[serde(skip)]
    pub raw: Vec<u8>,
}

/// One attachment, told by name, type and size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// File name, or a word saying there is none.
    pub name: String,
    /// Media type, `application/octet-stream` when the message does not say.
    pub media_type: String,
    /// Size in bytes after decoding.
    pub size: usize,
}

impl Letter {
    /// Reads a message. One that cannot be read is kept all the same, with empty header fields and
    /// its bytes as the text.
    pub(super) fn read(
        number: u64,
        envelope_from: String,
        envelope_to: Vec<String>,
        raw: Vec<u8>,
    ) -> Self {
        let mut letter = Letter {
            number,
            envelope_from,
            envelope_to,
            from: String::new(),
            to: Vec::new(),
            reply_to: None,
            subject: "(no subject)".to_owned(),
            message_id: None,
            date: None,
            text: String::new(),
            attachments: Vec::new(),
            raw: Vec::new(),
        };
        match MessageParser::default().parse(&raw) {
            Some(message) => letter.take(&message),
            None => letter.text = String::from_utf8_lossy(&raw).into_owned(),
        }
        letter.raw = raw;
        letter
    }

    fn take(&mut self, message: &Message<'_>) {
        self.from = people(message.from()).join(", ");
        self.to = people(message.to());
        self.reply_to = people(message.reply_to()).into_iter().next();
        if let Some(subject) = message.subject() {
            self.subject = subject.to_owned();
        }
        self.message_id = message.message_id().map(str::to_owned);
        self.date = message.date().map(mail_parser::DateTime::to_rfc3339);
        self.text = message
            .body_text(0)
            .map(|text| text.replace("\r\n", "\n"))
            .unwrap_or_default();
        let attached = message.attachments().map(|part| Attachment {
            name: part
                .attachment_name()
                .unwrap_or("(without a name)")
                .to_owned(),
            media_type: part.content_type().map_or_else(
                || "application/octet-stream".to_owned(),
                |kind| match kind.subtype() {
                    Some(subtype) => format!("{}/{subtype}", kind.ctype()),
                    None => kind.ctype().to_owned(),
                },
            ),
            size: part.contents().len(),
        });
        self.attachments = attached.collect();
    }
}

fn people(field: Option<&Address<'_>>) -> Vec<String> {
    let person = |one: &mail_parser::Addr<'_>| match (one.name(), one.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (None, Some(address)) => address.to_owned(),
        (Some(name), None) => name.to_owned(),
        (None, None) => String::new(),
    };
    field
        .map(|field| field.iter().map(person).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Letter {
        let raw = raw.replace('\n', "\r\n").into_bytes();
        Letter::read(1, "a@b.example".into(), vec!["c@d.example".into()], raw)
    }

    #[test]
    fn coded_words_and_quoted_printable_are_read_as_plain_text() {
        let letter = read(
            "From: =?utf-8?q?Hotline_Ren=C3=A9?= <hotline@hotline.example>\nTo: abuse@hosting.example\n\
             Subject: =?utf-8?q?caf=C3=A9?=\nMIME-Version: 1.0\n\
             Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n\
             twee=20regels=\n verder =E2=82=AC\n",
        );
        assert_eq!(letter.from, "Hotline René <hotline@hotline.example>");
        assert_eq!(letter.subject, "café");
        assert_eq!(letter.text.trim_end(), "twee regels verder €");
    }

    #[test]
    fn an_attachment_is_told_by_name_type_and_size() {
        let letter = read(
            "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\
             Content-Type: text/plain\n\nhello\n--b\nContent-Type: application/json; name=report.json\n\
             Content-Disposition: attachment; filename=report.json\nContent-Transfer-Encoding: base64\n\n\
             e30=\n--b--\n",
        );
        let expected = Attachment {
            name: "report.json".into(),
            media_type: "application/json".into(),
            size: 2,
        };
        assert_eq!(letter.text, "hello");
        assert_eq!(letter.attachments, [expected]);
    }

    #[test]
    fn what_is_no_message_is_kept_all_the_same() {
        let letter = read("");
        assert_eq!(
            (letter.subject.as_str(), letter.text.as_str()),
            ("(no subject)", "")
        );
    }
}
