//! The mail dialogue of RFC 5321, line by line, without sockets: what each command does and answers.

use super::MailFaults;

/// The largest message taken, in bytes; announced with SIZE (RFC 1870).
pub(super) const LARGEST: usize = 10 * 1024 * 1024;
/// The most recipients of one message, the least that RFC 5321 § 4.5.3.1.8 asks for.
const MOST_RECIPIENTS: usize = 100;

/// What the server does after a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Says this and reads the next command.
    Say(String),
    /// Says this, then reads a message up to the line with one dot.
    ReadMessage(String),
    /// Says this and ends the connection.
    HangUp(String),
}

/// An address pair of a message under way.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Envelope {
    pub sender: String,
    pub recipients: Vec<String>,
}

/// One connection's place in the dialogue.
#[derive(Debug, Default)]
pub(super) struct Dialogue {
    greeted: bool,
    under_way: Option<Envelope>,
}

fn say(answer: &str) -> Step {
    Step::Say(format!("{answer}\r\n"))
}

impl Dialogue {
    /// The first line of every connection.
    pub(super) const GREETING: &str = "220 mail.example ESMTP demonstration\r\n";

    /// Answers one command line, without its line end. `first_attempt` tells whether this sender
    /// writes to this recipient for the first time.
    pub(super) fn command(
        &mut self,
        line: &str,
        faults: MailFaults,
        first_attempt: impl FnOnce(&str, &str) -> bool,
    ) -> Step {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => self.greet(&format!(
                "250-mail.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE {LARGEST}"
            )),
            "HELO" => self.greet("250 mail.example"),
            "MAIL" => self.mail(rest),
            "RCPT" => self.recipient(rest, faults, first_attempt),
            "DATA" => self.data(rest),
            "RSET" => {
                self.under_way = None;
                say("250 2.0.0 forgotten")
            }
            "NOOP" => say("250 2.0.0 fine"),
            "VRFY" => say("252 2.1.5 send and see"),
            "QUIT" => Step::HangUp("221 2.0.0 goodbye\r\n".to_owned()),
            "EXPN" | "HELP" | "AUTH" | "STARTTLS" => say("502 5.5.1 not offered"),
            _ => say("500 5.5.2 unknown command"),
        }
    }

    /// The message that was read belongs to this envelope; the dialogue starts anew.
    pub(super) fn finished(&mut self) -> Envelope {
        self.under_way.take().unwrap_or_default()
    }

    fn greet(&mut self, answer: &str) -> Step {
        self.greeted = true;
        self.under_way = None;
        say(answer)
    }

    fn mail(&mut self, rest: &str) -> Step {
        if !self.greeted {
            return say("503 5.5.1 say EHLO first");
        }
        if self.under_way.is_some() {
            return say("503 5.5.1 a message is under way");
        }
        let Some((sender, parameters)) = path(rest, "FROM:") else {
            return say("501 5.5.4 the form is MAIL FROM:<address>");
        };
        for parameter in parameters.split_whitespace() {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match name.to_ascii_uppercase().as_str() {
                "BODY" => {}
                "SIZE" if value.parse::<usize>().is_ok_and(|size| size > LARGEST) => {
                    return say("552 5.3.4 the message is too large");
                }
                "SIZE" => {}
                _ => return say("555 5.5.4 unknown parameter"),
            }
        }
        self.under_way = Some(Envelope {
            sender: sender.to_owned(),
            recipients: Vec::new(),
        });
        say("250 2.1.0 sender noted")
    }

    fn recipient(
        &mut self,
        rest: &str,
        faults: MailFaults,
        first_attempt: impl FnOnce(&str, &str) -> bool,
    ) -> Step {
        let Some(envelope) = &mut self.under_way else {
            return say("503 5.5.1 MAIL comes first");
        };
        let Some((recipient, _)) = path(rest, "TO:").filter(|(recipient, _)| !recipient.is_empty())
        else {
            return say("501 5.5.4 the form is RCPT TO:<address>");
        };
        if faults.refuse_rcpt {
            return say("550 5.1.1 no such desk here");
        }
        if faults.greylist_first && first_attempt(&envelope.sender, recipient) {
            return say("451 4.7.1 please try again later");
        }
        if envelope.recipients.len() >= MOST_RECIPIENTS {
            return say("452 4.5.3 too many recipients");
        }
        envelope.recipients.push(recipient.to_owned());
        say("250 2.1.5 recipient noted")
    }

    fn data(&self, rest: &str) -> Step {
        let named = self
            .under_way
            .as_ref()
            .is_some_and(|under| !under.recipients.is_empty());
        if !rest.is_empty() {
            return say("501 5.5.4 DATA takes nothing");
        }
        if !named {
            return say("503 5.5.1 RCPT comes first");
        }
        Step::ReadMessage("354 end with a line of one dot\r\n".to_owned())
    }
}

/// The address between the brackets and what stands behind it.
fn path<'a>(rest: &'a str, keyword: &str) -> Option<(&'a str, &'a str)> {
    let behind = rest.get(keyword.len()..)?;
    if !rest.get(..keyword.len())?.eq_ignore_ascii_case(keyword) {
        return None;
    }
    behind.trim_start().strip_prefix('<')?.split_once('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(dialogue: &mut Dialogue, faults: MailFaults, lines: &[&str]) -> Vec<String> {
        lines
            .iter()
            .map(|line| match dialogue.command(line, faults, |_, _| true) {
                Step::Say(answer) | Step::ReadMessage(answer) | Step::HangUp(answer) => {
                    answer[..3].to_owned()
                }
            })
            .collect()
    }

    #[test]
    fn commands_out_of_order_are_refused_and_leave_the_dialogue_usable() {
        let mut dialogue = Dialogue::default();
        let lines = [
            "MAIL FROM:<a@b.example>",
            "ehlo me.example",
            "RCPT TO:<c@d.example>",
            "mail from:<a@b.example> SIZE=99 BODY=8BITMIME",
            "DATA",
            "MAIL FROM:<x@b.example>",
            "RCPT TO:<>",
            "RCPT c@d.example",
            "RCPT TO:<c@d.example>",
            "DATA",
            "NONSENSE",
        ];
        let expected = [
            "503", "250", "503", "250", "503", "503", "501", "501", "250", "354", "500",
        ];
        assert_eq!(
            answers(&mut dialogue, MailFaults::default(), &lines),
            expected
        );
        let envelope = dialogue.finished();
        assert_eq!(envelope.sender, "a@b.example");
        assert_eq!(envelope.recipients, ["c@d.example"]);
    }

    #[test]
    fn a_message_announced_too_large_is_refused_before_it_is_sent() {
        let lines = [
            "EHLO me",
            "MAIL FROM:<a@b.example> SIZE=99999999",
            "MAIL FROM:<> X=1",
        ];
        let given = answers(&mut Dialogue::default(), MailFaults::default(), &lines);
        assert_eq!(given, ["250", "552", "555"]);
    }

    #[test]
    fn a_refusing_server_says_so_for_good_and_a_greylisting_one_for_now() {
        let lines = [
            "EHLO me",
            "MAIL FROM:<a@b.example>",
            "RCPT TO:<c@d.example>",
            "DATA",
        ];
        let refusing = MailFaults {
            refuse_rcpt: true,
            ..MailFaults::default()
        };
        let greylisting = MailFaults {
            greylist_first: true,
            ..MailFaults::default()
        };
        let given = answers(&mut Dialogue::default(), refusing, &lines);
        assert_eq!(given, ["250", "250", "550", "503"]);
        let given = answers(&mut Dialogue::default(), greylisting, &lines);
        assert_eq!(given, ["250", "250", "451", "503"]);
    }

    #[test]
    fn a_line_cut_inside_a_letter_does_not_end_the_program() {
        let mut dialogue = Dialogue::default();
        assert_eq!(
            answers(
                &mut dialogue,
                MailFaults::default(),
                &["EHLO", "MAIL FROMé<"]
            ),
            ["250", "501"]
        );
    }

    proptest::proptest! {
        #[test]
        fn every_line_is_answered_with_a_code_and_a_line_end(
            lines in proptest::collection::vec("(EHLO |MAIL FROM:|RCPT TO:|DATA|RSET)?\\PC{0,30}", 0..8)
        ) {
            let mut dialogue = Dialogue::default();
            for line in lines {
                let step = dialogue.command(&line, MailFaults::default(), |_, _| false);
                let (Step::Say(answer) | Step::ReadMessage(answer) | Step::HangUp(answer)) = step;
                proptest::prop_assert!(answer.ends_with("\r\n"));
                proptest::prop_assert!(answer[..3].parse::<u16>().is_ok());
            }
        }
    }
}
