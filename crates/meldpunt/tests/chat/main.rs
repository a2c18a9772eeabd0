//! The chat line as a whole, over real sockets: platforms that sign and misbehave on one side, the
//! line, the letterbox, the conversations and the reports on the other.
//!
//! Each file in `scenarios` is a story that is played on both engines: what people write, what goes
//! wrong, how time passes, and what must have come of it. After each of them no file was asked for, no
//! link would be previewed, and what would tell a sender stands readably nowhere.

mod flood;
mod house;
mod story;

/// What a test that cannot be carried out says.
type Fault = Box<dyn std::error::Error>;
