//! The only mail client: it hands notices to the operator's mail relay.
//!
//! The relay is a host the operator names and may stand on a private network, so the address
//! policy does not apply to it; nothing a stranger writes can choose it.
//!
//! A notice must go out exactly once, so a sending tells four ends apart: accepted, refused for
//! good, refused for now, and *unknown* – the connection was lost after the message had gone out,
//! so that the relay may have accepted it (law 6: a failed notice is never "sent", and a sent one
//! not sent twice without somebody knowing).

use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials as Login, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::timeout;

type Smtp = AsyncSmtpConnection;
type Said = lettre::transport::smtp::Error;

/// How the connection to the relay is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelayTls {
    /// Not at all: for a relay on this machine.
    None,
    /// Plain at first, then encrypted; refused when the relay does not offer it.
    StartTls,
    /// Encrypted from the start.
    Tls,
}

/// With what we log in to the relay.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The user.
    pub user: String,
    /// The password.
    pub password: SecretString,
}

/// The operator's mail relay.
#[derive(Debug, Clone)]
pub struct Relay {
    /// Its host: a name or an IP address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is secured.
    pub tls: RelayTls,
    /// With what we log in, if it asks for that.
    pub credentials: Option<Credentials>,
    /// The name we greet it with: this machine's.
    pub hello: String,
    /// Certificate authorities to trust besides the machine's, in DER.
    pub also_trust: Vec<Vec<u8>>,
    /// Longest time for one step of the conversation.
    pub patience: Duration,
}

/// A message ready to go.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The address bounces go to.
    pub from: String,
    /// The addresses it goes to.
    pub to: Vec<String>,
    /// The whole message, lines ended by CR LF.
    pub raw_message: Vec<u8>,
    /// Its Message-ID without angle brackets; it must stand in the message, so that a second
    /// sending can be recognised as the same.
    pub message_id: String,
}

/// The relay took the message over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The codes it gave (RFC 5321, RFC 3463); its words may repeat what was sent and are let go.
    pub reply: String,
}

/// Why a message was not, or perhaps not, taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Refused for good (5xx): sending the same again is useless.
    #[error("the mail relay refuses the message: {0}")]
    Permanent(String),
    /// Refused for now (4xx), greylisting for example: to be tried again.
    #[error("the mail relay does not take the message now: {0}")]
    Transient(String),
    /// The relay was not reached, or not up to the message. Ours; to be tried again.
    #[error("the mail relay is out of reach: {0}")]
    NotReached(String),
    /// The relay does not accept us: credentials, encryption or our name. Ours; needs a person.
    #[error("the mail relay does not accept us: {0}")]
    NotAccepted(String),
    /// The connection was lost after the message had gone out: it may have been accepted.
    #[error("the mail relay may or may not have taken the message: {0}")]
    Unknown(String),
    /// The message cannot be sent as it is. A defect of ours.
    #[error("the message cannot be sent: {0}")]
    Malformed(String),
}

impl SendError {
    /// Whether the same message may be sent again without risk of its arriving twice.
    #[must_use]
    pub const fn may_repeat(&self) -> bool {
        matches!(
            self,
            Self::Transient(_) | Self::NotReached(_) | Self::NotAccepted(_)
        )
    }
}

/// The parsed addresses of a message.
struct Envelope {
    from: Address,
    to: Vec<Address>,
}

impl Relay {
    /// Hands over one message to all its addresses or to none.
    ///
    /// # Errors
    /// [`SendError`]; each step of the conversation takes at most the relay's patience.
    pub async fn send(&self, mail: &Mail) -> Result<Accepted, SendError> {
        let envelope = checked(mail)?;
        let mut smtp = self.connected().await?;
        let prepared = self.prepared(&mut smtp, &envelope, &mail.raw_message).await;
        if let Err(fault) = prepared {
            farewell(smtp).await;
            return Err(fault);
        }
        // The final line end is part of the terminator that follows.
        let raw = mail.raw_message.as_slice();
        let raw = raw.strip_suffix(b"\r\n").unwrap_or(raw);
        let handed = timeout(self.patience.saturating_mul(4), smtp.message(raw)).await;
        let result = match handed {
            Ok(Ok(reply)) => Ok(Accepted {
                reply: codes(&reply),
            }),
            Ok(Err(fault)) => Err(after_data(&fault)),
            Err(_) => Err(SendError::Unknown("it did not answer in time".into())),
        };
        farewell(smtp).await;
        result
    }

    /// Connects, greets, encrypts and logs in, and leaves again: whether it would take mail from us.
    ///
    /// # Errors
    /// [`SendError`], as for sending.
    pub async fn greet(&self) -> Result<(), SendError> {
        farewell(self.connected().await?).await;
        Ok(())
    }

    /// Connects, greets, encrypts and logs in.
    async fn connected(&self) -> Result<Smtp, SendError> {
        let hello = ClientId::Domain(self.hello.clone());
        let tls = match self.tls {
            RelayTls::None => None,
            RelayTls::StartTls | RelayTls::Tls => Some(self.tls_parameters()?),
        };
        let (first, later) = match self.tls {
            RelayTls::StartTls => (None, tls),
            RelayTls::None | RelayTls::Tls => (tls, None),
        };
        let place = (self.host.as_str(), self.port);
        let opening = Smtp::connect_tokio1(place, Some(self.patience), &hello, first, None);
        let mut smtp = self.step(opening).await?;
        if let Some(tls) = later {
            if !smtp.can_starttls() {
                farewell(smtp).await;
                return Err(SendError::NotAccepted(
                    "it does not offer encryption".into(),
                ));
            }
            self.step(smtp.starttls(tls, &hello)).await?;
        }
        if let Some(credentials) = &self.credentials {
            let login = Login::new(
                credentials.user.clone(),
                credentials.password.expose_secret().to_owned(),
            );
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            match timeout(self.patience, smtp.auth(&mechanisms, &login)).await {
                Ok(Ok(_)) => {}
                Ok(Err(fault)) if fault.is_transient() => return Err(before_data(&fault)),
                Ok(Err(fault)) => return Err(SendError::NotAccepted(said_or_code(&fault))),
                Err(_) => return Err(too_slow()),
            }
        }
        Ok(smtp)
    }

    /// Everything up to the message itself; a fault here leaves nothing behind at the relay.
    async fn prepared(
        &self,
        smtp: &mut Smtp,
        envelope: &Envelope,
        raw: &[u8],
    ) -> Result<(), SendError> {
        let mut parameters = Vec::new();
        if !raw.is_ascii() {
            if !smtp.server_info().supports_feature(Extension::EightBitMime) {
                return Err(SendError::Malformed(
                    "it holds more than ASCII and the relay takes no more".into(),
                ));
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let from = MailFrom::new(Some(envelope.from.clone()), parameters);
        self.step(smtp.command(from)).await?;
        for to in &envelope.to {
            self.step(smtp.command(Rcpt::new(to.clone(), Vec::new())))
                .await?;
        }
        self.step(smtp.command(Data)).await?;
        Ok(())
    }

    async fn step<T>(&self, step: impl Future<Output = Result<T, Said>>) -> Result<T, SendError> {
        match timeout(self.patience, step).await {
            Ok(done) => done.map_err(|fault| before_data(&fault)),
            Err(_) => Err(too_slow()),
        }
    }

    fn tls_parameters(&self) -> Result<TlsParameters, SendError> {
        let unusable = |fault: Said| SendError::NotAccepted(fault.to_string());
        let mut builder = TlsParameters::builder(self.host.clone());
        for der in &self.also_trust {
            let certificate = Certificate::from_der(der.clone()).map_err(unusable)?;
            builder = builder.add_root_certificate(certificate);
        }
        builder.build_rustls().map_err(unusable)
    }
}

/// Says goodbye, briefly; what was agreed stands without it.
async fn farewell(mut smtp: Smtp) {
    let _ = timeout(Duration::from_secs(2), smtp.abort()).await;
}

fn too_slow() -> SendError {
    SendError::NotReached("it did not answer in time".into())
}

fn before_data(fault: &Said) -> SendError {
    if fault.is_permanent() {
        SendError::Permanent(code_of(fault))
    } else if fault.is_transient() {
        SendError::Transient(code_of(fault))
    } else if fault.is_tls() {
        SendError::NotAccepted(fault.to_string())
    } else {
        SendError::NotReached(fault.to_string())
    }
}

/// Once the message is on its way only an answer tells what became of it.
fn after_data(fault: &Said) -> SendError {
    if fault.is_permanent() {
        SendError::Permanent(code_of(fault))
    } else if fault.is_transient() {
        SendError::Transient(code_of(fault))
    } else {
        SendError::Unknown(fault.to_string())
    }
}

/// The code of a refusal and its enhanced status (RFC 3463): what a relay says beside them quotes
/// the message now and then, with the addresses in it, and what we keep of it is not sealed.
fn code_of(fault: &Said) -> String {
    let code = fault
        .status()
        .map_or_else(String::new, |code| code.to_string());
    coded(code, &fault.to_string(), "45")
}

/// As [`code_of`]; in our own library's words when the relay gave no code.
fn said_or_code(fault: &Said) -> String {
    match fault.status() {
        Some(_) => code_of(fault),
        None => fault.to_string(),
    }
}

/// The codes of an answer that took the message over.
fn codes(reply: &Response) -> String {
    let words: Vec<&str> = reply.message().collect();
    coded(reply.code().to_string(), &words.join(" "), "2")
}

/// A code, with the first enhanced status of one of these classes that stands in the words.
fn coded(code: String, words: &str, classes: &str) -> String {
    let enhanced = words
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .find(|word| {
            let parts: Vec<&str> = word.split('.').collect();
            parts.len() == 3
                && parts[0].len() == 1
                && classes.contains(parts[0])
                && parts.iter().all(|part| (1..=3).contains(&part.len()))
        });
    match enhanced {
        Some(enhanced) => format!("{code} {enhanced}"),
        None => code,
    }
}

fn checked(mail: &Mail) -> Result<Envelope, SendError> {
    let malformed = |why: &str| Err(SendError::Malformed(why.into()));
    let address = |text: &String| {
        text.parse::<Address>()
            .ok()
            .filter(|_| text.is_ascii())
            .ok_or_else(|| SendError::Malformed("an address in it is no mail address".into()))
    };
    if mail.to.is_empty() {
        return malformed("it goes to nobody");
    }
    // A lone CR or LF could end the message early at a relay that reads it as a line end.
    let raw = mail.raw_message.as_slice();
    let lone = raw.iter().enumerate().any(|(at, byte)| match byte {
        b'\r' => raw.get(at + 1) != Some(&b'\n'),
        b'\n' => at == 0 || raw.get(at - 1) != Some(&b'\r'),
        _ => false,
    });
    if lone {
        return malformed("its lines are not all ended by CR LF");
    }
    let id = format!("<{}>", mail.message_id);
    let head_end = raw.windows(4).position(|four| four == b"\r\n\r\n");
    let head = raw.get(..head_end.unwrap_or(raw.len())).unwrap_or_default();
    if !head.windows(id.len()).any(|part| part == id.as_bytes()) {
        return malformed("its Message-ID does not stand in it");
    }
    Ok(Envelope {
        from: address(&mail.from)?,
        to: mail.to.iter().map(address).collect::<Result<_, _>>()?,
    })
}
