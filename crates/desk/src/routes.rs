//! The routes of a module, written down while they are added, so that a test can walk them all.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{get, post};

use crate::Desk;

/// Routes with their handlers, and the list of what they are.
pub struct Routes {
    router: Router<Desk>,
    listed: Vec<(Method, &'static str)>,
}

impl Default for Routes {
    fn default() -> Self {
        Self::new()
    }
}

impl Routes {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            router: Router::new(),
            listed: Vec::new(),
        }
    }

    /// A page to be read. Never changes anything.
    #[must_use]
    pub fn get<T: 'static>(mut self, path: &'static str, handler: impl Handler<T, Desk>) -> Self {
        self.listed.push((Method::GET, path));
        self.router = self.router.route(path, get(handler));
        self
    }

    /// A form to be sent. The gate has checked its form token.
    #[must_use]
    pub fn post<T: 'static>(mut self, path: &'static str, handler: impl Handler<T, Desk>) -> Self {
        self.listed.push((Method::POST, path));
        self.router = self.router.route(path, post(handler));
        self
    }

    /// These routes and those of another module.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.router = self.router.merge(others.router);
        self.listed.extend(others.listed);
        self
    }

    /// With the style sheets and scripts.
    #[must_use]
    pub(crate) fn assets(mut self) -> Self {
        self.router = self.router.merge(pages::asset::router());
        self.listed.push((Method::GET, "/a/{name}"));
        self
    }

    /// What they are.
    #[cfg(test)]
    pub(crate) fn listed(&self) -> &[(Method, &'static str)] {
        &self.listed
    }

    pub(crate) fn into_router(self) -> Router<Desk> {
        self.router
    }
}
