//! The text of a notice, read back out of the mail that is sent.

use ::notice::Composed;
use mail_parser::{MessageParser, MimeHeaders};

/// What a person reads of a mail.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Letter {
    pub to: String,
    pub subject: String,
    pub body: String,
    /// The names of what is attached.
    pub attached: Vec<String>,
}

impl Letter {
    /// Reads the mail; should it be no mail that can be read, it is shown as it is.
    pub fn read(mail: &Composed) -> Self {
        let to = mail.to.clone();
        let Some(message) = MessageParser::default().parse(mail.raw.as_bytes()) else {
            return Self {
                to,
                body: mail.raw.clone(),
                ..Self::default()
            };
        };
        let names = message
            .attachments()
            .filter_map(MimeHeaders::attachment_name);
        Self {
            to,
            subject: message.subject().unwrap_or_default().to_owned(),
            body: message
                .body_text(0)
                .map(|text| text.replace('\r', ""))
                .unwrap_or_default(),
            attached: names.map(str::to_owned).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(raw: &str) -> Composed {
        Composed {
            from: "answers@hotline.example".into(),
            to: "abuse@hosting.example".into(),
            message_id: "1@hotline.example".into(),
            raw: raw.into(),
        }
    }

    #[test]
    fn what_is_quoted_for_the_wire_is_read_plainly() {
        let raw = "Subject: =?utf-8?q?Verzoek_=C3=A9?=\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
            Content-Type: text/plain; charset=utf-8\r\n\
            Content-Transfer-Encoding: quoted-printable\r\n\r\nSoft=\r\n line, =C3=A9.\r\n--b\r\n\
            Content-Type: text/csv\r\nContent-Disposition: attachment; filename=\"n.csv\"\r\n\r\n\
            a,b\r\n--b--\r\n";
        let letter = Letter::read(&mail(raw));
        assert_eq!(letter.subject, "Verzoek é");
        assert_eq!(letter.body.trim(), "Soft line, é.");
        assert_eq!(letter.attached, ["n.csv"]);
        assert_eq!(letter.to, "abuse@hosting.example");
    }
}
