//! Notices: gathers what is due for one contact, draws the notice up, and hands it over.

mod gather;
mod send;

pub(crate) use send::Told;
