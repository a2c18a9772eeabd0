//! Notices: gathers what is due for one contact, draws the notice up, hands it over, and takes in
//! what comes back.

mod bounces;
mod gather;
mod send;

pub(crate) use send::Told;
