//! Why an address was not captured, and whose failure that is.

use serde::{Deserialize, Serialize};

use crate::wire::FailedBecause;

/// Why an address was not captured. Our own failure is never taken for an absent page, and an
/// error page never for a page (law 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "cause", content = "detail")]
pub enum Cause {
    /// The page did not come within the time of a visit.
    TimedOut,
    /// The name does not exist.
    NameNotFound,
    /// Our name service did not answer.
    OurNameService,
    /// The way out refuses this address: a private network, a port, a scheme.
    RefusedByPolicy,
    /// The host could not be connected to, or broke the connection off.
    ConnectionFailed,
    /// No trusted TLS connection could be made.
    TlsFailed,
    /// It leads from address to address without end.
    TooManyRedirects,
    /// The server answered with an error: the HTTP status.
    HttpStatus(u16),
    /// The server answered with nothing.
    NothingThere,
    /// The address is a file that is neither page nor picture: its media type.
    NotAPage(String),
    /// The way out itself failed.
    OurWayOut,
    /// The browser failed, with its words.
    BrowserFailed(String),
    /// The visiting process failed or could not be believed, with the reason.
    VisitorFailed(String),
}

impl Cause {
    /// Whether the failure lies with us: then it says nothing about the address. A refusal by
    /// policy is ours too: we did not look.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        match self {
            Self::OurNameService
            | Self::OurWayOut
            | Self::RefusedByPolicy
            | Self::BrowserFailed(_)
            | Self::VisitorFailed(_) => true,
            Self::TimedOut
            | Self::NameNotFound
            | Self::ConnectionFailed
            | Self::TlsFailed
            | Self::TooManyRedirects
            | Self::HttpStatus(_)
            | Self::NothingThere
            | Self::NotAPage(_) => false,
        }
    }

    /// Whether looking again later may end differently, without anybody changing a setting.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        !matches!(self, Self::RefusedByPolicy | Self::NotAPage(_))
    }

    /// What the way out noted says more than a browser can see: the last connection that was
    /// wanted and not made tells why the page was not reached. `connections` are those to the
    /// hosts on the way to the page, not those to the hosts of its pictures.
    #[must_use]
    pub fn refined_by(self, connections: &[egress::Record]) -> Self {
        if !matches!(self, Self::ConnectionFailed | Self::TimedOut) {
            return self;
        }
        // A page that answered and was then late is late, whatever else it wanted.
        let reached = connections.iter().any(|record| record.bytes_in > 0);
        if reached && self == Self::TimedOut {
            return self;
        }
        let refused = connections.iter().rev();
        let refused = refused.filter_map(|record| Some((record.refused.as_deref()?, record.ours)));
        refused.map(cause_of).next().unwrap_or(self)
    }

    /// The cause as one word, for records and phrases.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::TimedOut => "timed-out",
            Self::NameNotFound => "name-not-found",
            Self::OurNameService => "our-name-service",
            Self::RefusedByPolicy => "refused-by-policy",
            Self::ConnectionFailed => "connection-failed",
            Self::TlsFailed => "tls-failed",
            Self::TooManyRedirects => "too-many-redirects",
            Self::HttpStatus(_) => "http-status",
            Self::NothingThere => "nothing-there",
            Self::NotAPage(_) => "not-a-page",
            Self::OurWayOut => "our-way-out",
            Self::BrowserFailed(_) => "browser-failed",
            Self::VisitorFailed(_) => "visitor-failed",
        }
    }
}

/// What the way out's own words mean. They are compared with those it uses, not with ours.
fn cause_of((words, ours): (&str, bool)) -> Cause {
    use egress::{DnsFault, Refusal};
    let says = |fault: &dyn std::fmt::Display| words == fault.to_string();
    let begins = |fault: &dyn std::fmt::Display| words.starts_with(&fault.to_string());
    if says(&DnsFault::NoSuchName) || says(&DnsFault::NoAddress) {
        Cause::NameNotFound
    } else if says(&DnsFault::Timeout) || begins(&DnsFault::ServerFailure(String::new())) {
        Cause::OurNameService
    } else if says(&Refusal::DeadlinePassed) || says(&Refusal::Closed) {
        Cause::TimedOut
    } else if !ours {
        Cause::ConnectionFailed
    } else if words.starts_with("no connection to ") {
        Cause::OurWayOut
    } else {
        Cause::RefusedByPolicy
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TimedOut => f.write_str("the page did not come in time"),
            Self::NameNotFound => f.write_str("the name does not exist"),
            Self::OurNameService => f.write_str("our name service did not answer"),
            Self::RefusedByPolicy => f.write_str("the way out refuses this address"),
            Self::ConnectionFailed => f.write_str("the host could not be connected to"),
            Self::TlsFailed => f.write_str("no trusted TLS connection could be made"),
            Self::TooManyRedirects => f.write_str("it leads from address to address without end"),
            Self::HttpStatus(status) => write!(f, "the server answered with status {status}"),
            Self::NothingThere => f.write_str("the server answered with nothing"),
            Self::NotAPage(kind) => write!(f, "a file of type {kind}, neither page nor picture"),
            Self::OurWayOut => f.write_str("the way out itself failed"),
            Self::BrowserFailed(words) => write!(f, "the browser failed: {words}"),
            Self::VisitorFailed(words) => write!(f, "the visiting process failed: {words}"),
        }
    }
}

impl From<FailedBecause> for Cause {
    fn from(said: FailedBecause) -> Self {
        match said {
            FailedBecause::TimedOut => Self::TimedOut,
            // Refined by what the way out noted; without such a note it is the host's failure.
            FailedBecause::NotReached | FailedBecause::ConnectionFailed => Self::ConnectionFailed,
            FailedBecause::Refused => Self::RefusedByPolicy,
            FailedBecause::TlsFailed => Self::TlsFailed,
            FailedBecause::TooManyRedirects => Self::TooManyRedirects,
            FailedBecause::HttpStatus(status) => Self::HttpStatus(status),
            FailedBecause::NothingThere => Self::NothingThere,
            FailedBecause::NotAPage(kind) => Self::NotAPage(kind),
            FailedBecause::Browser(words) => Self::BrowserFailed(words),
            FailedBecause::Child(words) => Self::VisitorFailed(words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egress::{
        ConnectFault, ConnectKind, DnsFault, ExitFault, ExitKind, NotReached, Record, Refusal,
    };
    use ground::Instant;

    fn noted(fault: &NotReached) -> Record {
        Record {
            host: "a.example".to_owned(),
            port: 80,
            ip: None,
            through: None,
            opened_at: Instant::from_ms(0),
            connect_ms: None,
            bytes_in: 0,
            bytes_out: 0,
            refused: Some(fault.to_string()),
            ours: fault.is_ours(),
        }
    }

    fn no_connection(kind: ConnectKind) -> NotReached {
        NotReached::Connect(ConnectFault {
            ip: "192.0.2.1".parse().unwrap(),
            kind,
            said: "no".to_owned(),
        })
    }

    fn exit_failed(kind: ExitKind) -> NotReached {
        NotReached::Exit(ExitFault {
            exit: "tor".to_owned(),
            kind,
            said: "no".to_owned(),
        })
    }

    #[test]
    fn what_the_way_out_noted_tells_whose_failure_it_is() {
        for (fault, expected) in [
            (NotReached::Dns(DnsFault::NoSuchName), Cause::NameNotFound),
            (NotReached::Dns(DnsFault::NoAddress), Cause::NameNotFound),
            (NotReached::Dns(DnsFault::Timeout), Cause::OurNameService),
            (
                NotReached::Dns(DnsFault::ServerFailure("refused".to_owned())),
                Cause::OurNameService,
            ),
            (
                NotReached::Refused(Refusal::Port(22)),
                Cause::RefusedByPolicy,
            ),
            (
                NotReached::Refused(Refusal::LocalName("local")),
                Cause::RefusedByPolicy,
            ),
            (
                NotReached::Refused(Refusal::DeadlinePassed),
                Cause::TimedOut,
            ),
            (no_connection(ConnectKind::Refused), Cause::ConnectionFailed),
            (no_connection(ConnectKind::OurNetwork), Cause::OurWayOut),
            (exit_failed(ExitKind::NotThere), Cause::OurWayOut),
            (exit_failed(ExitKind::HostNotReached), Cause::OurWayOut),
            (exit_failed(ExitKind::HostRefused), Cause::ConnectionFailed),
            (NotReached::Refused(Refusal::Onion), Cause::RefusedByPolicy),
        ] {
            let refined = Cause::ConnectionFailed.refined_by(&[noted(&fault)]);
            assert_eq!(refined, expected, "{fault}");
        }
    }

    #[test]
    fn an_answer_that_came_is_not_explained_away() {
        let fault = NotReached::Dns(DnsFault::NoSuchName);
        let gone = Cause::HttpStatus(404).refined_by(&[noted(&fault)]);
        assert_eq!(gone, Cause::HttpStatus(404));
        let answered = Record {
            bytes_in: 10,
            refused: None,
            ..noted(&fault)
        };
        let late = Cause::TimedOut.refined_by(&[answered, noted(&fault)]);
        assert_eq!(late, Cause::TimedOut);
    }
}
