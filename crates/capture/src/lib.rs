//! Capture: one look at one address at one moment.
//!
//! A *visit* asks an address through the way out, in a child process tree that holds no key, no
//! database and no network, and brings back what a person would have seen: the page's picture,
//! every picture it showed, where it ended and what the server said. The parent half ([`visit`])
//! boxes the child in, serves it the one proxy it may use, and reads what it says as hostile
//! input; the child half ([`child_main`]) drives Chromium, or fetches plainly when there is none.

mod child;
pub mod order;
pub mod rules;
pub mod store;
mod visit;
mod wire;

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub use child::fuzzing;
pub use child::{bytes_of_data_address, cell_works, child_main};
pub use order::{Politeness, Wish};
pub use visit::{
    Captured, Cause, Digests, ExamineError, Examined, HostPattern, Looked, Picture, PrintFault,
    RuleFault, Sandbox, SiteRule, Traffic, VisitError, Visited, VisitorSettings, WarmBoxes,
    box_works, browser_sandbox_works, examine, find_browser, print, visit, visit_through,
};
pub use wire::{
    Decode, Exchange, FRAMES_MAX, Film, FilmFrame, FoundBy, Gates, Likeness, Looks, Missed,
    Redirect, RedirectBy, Remark, ShownBy, Via, Viewport,
};
