//! What every page is made of: the HTML frame, the phrases, the forms, the headers and the charts.
//!
//! This crate knows no report, no letter and no member of staff. It gives the two faces
//!
//! * two **frames** that templates extend: `frame/public.html` (with a field `page:`
//!   [`PublicPage`]) and `frame/console.html` (with a field `page:` [`ConsolePage`]);
//! * the **phrases** of each [`Language`], one Fluent file per room in `phrases/<language>/`;
//!   templates write `{{ page.t("id") }}`, `{{ page.t_n("id", "n", 3) }}`;
//! * the **assets** ([`asset`]), embedded and named by their digest;
//! * the **headers** every answer carries ([`headers`]), the **same-site** guard of the desk
//!   ([`same_site`]) and its [`FormToken`];
//! * form [`Field`]s with their faults, the [`ErrorSummary`], [`Icon`]s and [`Chart`]s.
//!
//! A crate that has templates needs an `askama.toml` with `dirs = ["src", "../pages/src"]`.
//! Which classes the desk's style sheet offers is written at the top of `assets/console.css`.

mod answer;
pub mod asset;
mod chart;
mod chart_drawing;
mod console;
mod field;
mod form_token;
pub mod headers;
mod icon;
mod language;
mod markup;
mod phrases;
mod public;
mod rewording;
pub mod same_site;
mod steps;
#[cfg(test)]
mod tokens;
mod when;

pub use answer::answer;
pub use asset::yearly_css;
pub use chart::{Chart, ChartKind, Series};
pub use console::{ConsolePage, Crumb, Flash, NavItem, SignedIn, Tone};
pub use field::{ErrorSummary, Field, FieldFault, FieldKind};
pub use form_token::{FormKey, FormToken};
pub use icon::Icon;
pub use language::Language;
pub use markup::Markup;
pub use phrases::PhraseValue;
pub use public::{HelpKind, HelpLine, OtherWay, PublicPage, PublicSite};
pub use rewording::{Rewording, RewordingFault};
pub use steps::{StepChart, StepCurve};
pub use when::Whole;
