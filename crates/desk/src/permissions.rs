//! Who may use which route: one file, `routes.txt`, and nothing else. A route without a line is
//! refused (design 6, T8).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use axum::http::Method;
use staff::{Role, Roles};

/// Who may use a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Everybody, signed in or not.
    Anyone,
    /// Somebody whose sign-in is not finished yet.
    SigningIn,
    /// Everybody who is signed in.
    SignedIn,
    /// Who has at least one of these roles.
    Roles(Vec<Role>),
}

impl Who {
    fn parse(words: &[&str]) -> Option<Self> {
        match words {
            [] => None,
            ["anyone"] => Some(Self::Anyone),
            ["signing-in"] => Some(Self::SigningIn),
            ["signed-in"] => Some(Self::SignedIn),
            names => {
                let roles: Result<Vec<Role>, _> = names.iter().map(|name| name.parse()).collect();
                roles.ok().map(Self::Roles)
            }
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anyone => f.write_str("anyone"),
            Self::SigningIn => f.write_str("signing-in"),
            Self::SignedIn => f.write_str("signed-in"),
            Self::Roles(roles) => {
                let names: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
                f.write_str(&names.join(" "))
            }
        }
    }
}

/// What is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the permission file cannot be read, or repeats another")]
pub struct PermissionFault {
    /// The line, from 1.
    pub line: usize,
}

/// The permissions as read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions(BTreeMap<(String, String), Who>);

/// The file.
pub const FILE: &str = include_str!("routes.txt");

static PERMISSIONS: LazyLock<Permissions> = LazyLock::new(|| {
    Permissions::parse(FILE).unwrap_or_else(|fault| {
        tracing::error!(%fault, "every page of the desk is refused");
        Permissions::default()
    })
});

/// The permissions of this desk. Should the file be unreadable, nothing is permitted.
#[must_use]
pub fn permissions() -> &'static Permissions {
    &PERMISSIONS
}

impl Permissions {
    /// Reads the file: method, path and who, parted by spaces; `#` begins a remark.
    ///
    /// # Errors
    /// [`PermissionFault`] with the first bad line.
    pub fn parse(text: &str) -> Result<Self, PermissionFault> {
        let mut lines = BTreeMap::new();
        for (at, line) in text.lines().enumerate() {
            let fault = PermissionFault { line: at + 1 };
            let said = line.split('#').next().unwrap_or_default();
            let words: Vec<&str> = said.split_whitespace().collect();
            let (method, path, who) = match words.as_slice() {
                [] => continue,
                [method, path, who @ ..] => (*method, *path, who),
                [_] => return Err(fault),
            };
            let known = matches!(method, "GET" | "POST") && path.starts_with('/');
            let who = Who::parse(who).filter(|_| known).ok_or(fault.clone())?;
            let key = (method.to_owned(), path.to_owned());
            if lines.insert(key, who).is_some() {
                return Err(fault);
            }
        }
        Ok(Self(lines))
    }

    /// Who may use this route; none when it has no line. `HEAD` counts as `GET`.
    #[must_use]
    pub fn of(&self, method: &Method, path: &str) -> Option<&Who> {
        let method = match *method {
            Method::HEAD => Method::GET.as_str(),
            _ => method.as_str(),
        };
        self.0.get(&(method.to_owned(), path.to_owned()))
    }

    /// Whether somebody signed in with these roles may read this page.
    #[must_use]
    pub fn may_read(&self, path: &str, roles: &Roles) -> bool {
        match self.of(&Method::GET, path) {
            Some(Who::Anyone | Who::SignedIn) => true,
            Some(Who::Roles(any)) => roles.any(any),
            Some(Who::SigningIn) | None => false,
        }
    }

    /// Every line: method, path, who.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str, &Who)> {
        self.0
            .iter()
            .map(|((method, path), who)| (method.as_str(), path.as_str(), who))
    }
}

#[cfg(test)]
#[path = "permissions_tests.rs"]
mod tests;
