//! Why something was not reached, and whose fault that is (law 6).

use std::net::IpAddr;

use crate::AddressKind;

/// We refused: by policy, or because a visit has used what it was given. Always ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Only web addresses are fetched.
    #[error("only http and https are fetched, not {0}")]
    Scheme(String),
    /// The text cannot be the name or address of a host.
    #[error("that is not the name of a host")]
    NotAHost,
    /// The port is not on the allow-list.
    #[error("port {0} is not on the list of ports that may be reached")]
    Port(u16),
    /// The name belongs to the local network by definition.
    #[error("names under {0} belong to the local network")]
    LocalName(&'static str),
    /// Onion addresses are not on the public internet, and no exit leads to them.
    #[error("onion addresses cannot be reached from here: no exit leads to them")]
    Onion,
    /// The settings know no exit of this name.
    #[error("the settings know no exit called {0}")]
    NoSuchExit(String),
    /// The address is not one of the public internet.
    #[error("{ip} is {kind}, which may not be reached")]
    Address {
        /// The address.
        ip: IpAddr,
        /// What it is.
        kind: AddressKind,
    },
    /// The operator forbids this network.
    #[error("{0} lies in a network that the settings forbid")]
    Forbidden(IpAddr),
    /// The operator or the visitor forbids this name.
    #[error("the settings forbid this name")]
    ForbiddenName,
    /// The visit has made all the connections it may make.
    #[error("the visit has used up its connections")]
    ConnectionsSpent,
    /// The visit has moved all the bytes it may move.
    #[error("the visit has used up its bytes")]
    BytesSpent,
    /// One connection has moved all the bytes that one may move.
    #[error("one connection has used up its bytes")]
    ConnectionSpent,
    /// The visit's time is over.
    #[error("the visit has used up its time")]
    DeadlinePassed,
    /// The visit was ended.
    #[error("the visit has ended")]
    Closed,
}

/// What came of asking for the addresses of a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DnsFault {
    /// The name does not exist (NXDOMAIN). Theirs.
    #[error("the name does not exist")]
    NoSuchName,
    /// The name exists and has no address. Theirs.
    #[error("the name has no address")]
    NoAddress,
    /// The name server failed or refused; whether theirs or ours cannot be told, so: ours.
    #[error("the name server failed: {0}")]
    ServerFailure(String),
    /// No answer within the time. Ours.
    #[error("the name server did not answer in time")]
    Timeout,
}

impl DnsFault {
    /// Whether our own side may have failed, so that nothing may be concluded about the page.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        matches!(self, Self::ServerFailure(_) | Self::Timeout)
    }
}

/// How a connection failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectKind {
    /// Nobody listens there.
    Refused,
    /// It was cut while being made.
    Reset,
    /// Routers say that the host cannot be reached.
    HostUnreachable,
    /// No answer within the time.
    TimedOut,
    /// Our own machine or network could not do it: no route, no free port, too many files open.
    OurNetwork,
}

/// No connection was made to an allowed address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no connection to {ip}: {said}")]
pub struct ConnectFault {
    /// The address that was tried first.
    pub ip: IpAddr,
    /// How it failed.
    pub kind: ConnectKind,
    /// What the system said.
    pub said: String,
}

impl ConnectFault {
    /// Whether our own machine or network failed.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        matches!(self.kind, ConnectKind::OurNetwork)
    }

    pub(crate) fn of(ip: IpAddr, fault: &std::io::Error) -> Self {
        use std::io::ErrorKind as E;
        let kind = match fault.kind() {
            E::ConnectionRefused => ConnectKind::Refused,
            E::ConnectionReset | E::ConnectionAborted | E::BrokenPipe => ConnectKind::Reset,
            E::HostUnreachable => ConnectKind::HostUnreachable,
            E::TimedOut => ConnectKind::TimedOut,
            _ => ConnectKind::OurNetwork,
        };
        Self {
            ip,
            kind,
            said: fault.to_string(),
        }
    }
}

/// How another way out failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitKind {
    /// It does not listen where the settings say.
    NotThere,
    /// It does not take us, or could not do it for a reason it keeps to itself.
    NotWilling,
    /// It did not get to the host; whether the host or the exit is out of order cannot be told.
    HostNotReached,
    /// The host refused the connection.
    HostRefused,
    /// No answer within the time.
    TimedOut,
}

/// There was no connection through another way out, and so none at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no connection to the host through the exit {exit}: {said}")]
pub struct ExitFault {
    /// What the settings call it.
    pub exit: String,
    /// How it failed.
    pub kind: ExitKind,
    /// What it or the system said.
    pub said: String,
}

impl ExitFault {
    /// Whether our own side may have failed, so that nothing may be concluded about the page.
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        !matches!(self.kind, ExitKind::HostRefused)
    }
}

/// Why the guard did not connect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReached {
    /// We refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The name gave no address.
    #[error(transparent)]
    Dns(#[from] DnsFault),
    /// No connection was made.
    #[error(transparent)]
    Connect(#[from] ConnectFault),
    /// The other way out that leads there made none.
    #[error(transparent)]
    Exit(#[from] ExitFault),
}

impl NotReached {
    /// Whether the reason is on our side, so that nothing may be concluded about the page (law 6).
    #[must_use]
    pub const fn is_ours(&self) -> bool {
        match self {
            Self::Refused(_) => true,
            Self::Dns(fault) => fault.is_ours(),
            Self::Connect(fault) => fault.is_ours(),
            Self::Exit(fault) => fault.is_ours(),
        }
    }

    /// Whether time ran out, rather than an answer coming back.
    #[must_use]
    pub const fn is_timeout(&self) -> bool {
        match self {
            Self::Refused(refusal) => matches!(refusal, Refusal::DeadlinePassed),
            Self::Dns(fault) => matches!(fault, DnsFault::Timeout),
            Self::Connect(fault) => matches!(fault.kind, ConnectKind::TimedOut),
            Self::Exit(fault) => matches!(fault.kind, ExitKind::TimedOut),
        }
    }
}
