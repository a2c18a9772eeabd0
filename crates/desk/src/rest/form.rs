//! Limits as they are typed: minutes, a time of the day, a count.

use casework::desk::MyDay;
use ground::clock::MINUTE_MS;
use pages::{Field, FieldKind, Language};
use staff::{Limits, LimitsFault, OwnLimits};

use crate::Fields;
use crate::reasoned::{Again, Wrong};

pub(super) const DAY: &str = "day";
pub(super) const STRETCH: &str = "stretch";
pub(super) const BREAK: &str = "rest";
pub(super) const UNTIL: &str = "until";
pub(super) const HARD_RUN: &str = "hard-run";

/// What is wrong, at its field.
pub(super) const fn wrong(fault: LimitsFault) -> Wrong {
    match fault {
        LimitsFault::Day => (DAY, "rest-fault-day"),
        LimitsFault::Stretch => (STRETCH, "rest-fault-stretch"),
        LimitsFault::Break => (BREAK, "rest-fault-break"),
        LimitsFault::Until => (UNTIL, "rest-fault-until"),
        LimitsFault::HardRun => (HARD_RUN, "rest-fault-hard-run"),
        LimitsFault::Wider => (DAY, "rest-fault-wider"),
    }
}

/// A number; none when nothing was typed.
fn number(fields: &Fields, name: &'static str, fault: LimitsFault) -> Result<Option<i64>, Wrong> {
    let typed = fields.trimmed(name);
    if typed.is_empty() {
        return Ok(None);
    }
    let read = typed.parse::<u16>().map_err(|_| wrong(fault))?;
    Ok(Some(i64::from(read)))
}

/// `16:00` as the minute of the day; none when nothing was typed.
fn time(fields: &Fields) -> Result<Option<i64>, Wrong> {
    let typed = fields.trimmed(UNTIL);
    if typed.is_empty() {
        return Ok(None);
    }
    let read = || {
        let (hour, minute) = typed.split_once(':')?;
        let (hour, minute): (u8, u8) = (hour.parse().ok()?, minute.parse().ok()?);
        let whole = hour < 24 && minute < 60 || (hour, minute) == (24, 0);
        whole.then(|| i64::from(hour) * 60 + i64::from(minute))
    };
    read().map(Some).ok_or_else(|| wrong(LimitsFault::Until))
}

/// Somebody's own limits.
pub(super) fn own(fields: &Fields) -> Result<OwnLimits, Wrong> {
    let minutes = |name, fault| -> Result<_, Wrong> {
        Ok(number(fields, name, fault)?.map(|n| n * MINUTE_MS))
    };
    Ok(OwnLimits {
        day_ms: minutes(DAY, LimitsFault::Day)?,
        stretch_ms: minutes(STRETCH, LimitsFault::Stretch)?,
        break_ms: minutes(BREAK, LimitsFault::Break)?,
        until_minute: time(fields)?,
        hard_run: number(fields, HARD_RUN, LimitsFault::HardRun)?,
    })
}

/// The limits of the site: all but the hour must be there.
pub(super) fn site(fields: &Fields) -> Result<Limits, Wrong> {
    let own = own(fields)?;
    let there = |value: Option<i64>, fault| value.ok_or_else(|| wrong(fault));
    Ok(Limits {
        day_ms: there(own.day_ms, LimitsFault::Day)?,
        stretch_ms: there(own.stretch_ms, LimitsFault::Stretch)?,
        break_ms: there(own.break_ms, LimitsFault::Break)?,
        until_minute: own.until_minute,
        hard_run: there(own.hard_run, LimitsFault::HardRun)?,
    })
}

/// A minute of the day as `16:00`.
pub(super) fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn fields(
    lang: Language,
    again: &Again,
    values: [Option<String>; 5],
    hints: [Option<String>; 5],
) -> [Field; 5] {
    let [day, stretch, rest, until, run] = values;
    let [day_hint, stretch_hint, rest_hint, until_hint, run_hint] = hints;
    let field = |name, kind, label: &str, value: Option<String>, hint: Option<String>| {
        let now = value.unwrap_or_default();
        Field::new(name, kind, lang.t(label))
            .hint(hint.unwrap_or_default())
            .value(again.typed(name).map_or(now, str::to_owned))
            .fault(again.says(lang, name))
    };
    let digits = FieldKind::Digits;
    [
        field(DAY, digits, "rest-day", day, day_hint),
        field(STRETCH, digits, "rest-stretch", stretch, stretch_hint),
        field(BREAK, digits, "rest-break", rest, rest_hint),
        field(UNTIL, FieldKind::Line, "rest-until", until, until_hint),
        field(HARD_RUN, digits, "rest-hard", run, run_hint),
    ]
}

fn minutes(ms: i64) -> String {
    (ms / MINUTE_MS).to_string()
}

/// The fields of one's own limits; each says what holds now.
pub(super) fn own_fields(lang: Language, mine: &MyDay, again: &Again) -> [Field; 5] {
    let (own, now) = (mine.own, mine.limits);
    let holds = |value: String| Some(lang.t_n("rest-holds", "value", value));
    let values = [
        own.day_ms.map(minutes),
        own.stretch_ms.map(minutes),
        own.break_ms.map(minutes),
        own.until_minute.map(clock),
        own.hard_run.map(|n| n.to_string()),
    ];
    let hints = [
        holds(minutes(now.day_ms)),
        holds(minutes(now.stretch_ms)),
        holds(minutes(now.break_ms)),
        now.until_minute.map(clock).and_then(holds),
        (now.hard_run < i64::MAX)
            .then(|| now.hard_run.to_string())
            .and_then(holds),
    ];
    fields(lang, again, values, hints)
}

/// The fields of the limits of the site.
pub(super) fn site_fields(lang: Language, site: Limits, again: &Again) -> [Field; 5] {
    let values = [
        Some(minutes(site.day_ms)),
        Some(minutes(site.stretch_ms)),
        Some(minutes(site.break_ms)),
        site.until_minute.map(clock),
        (site.hard_run < i64::MAX).then(|| site.hard_run.to_string()),
    ];
    fields(lang, again, values, [None, None, None, None, None])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_typed_in_minutes_and_as_a_time_of_the_day() {
        let typed = |form: &[u8]| site(&Fields::read(form).unwrap());
        let whole = typed(b"day=300&stretch=60&rest=10&until=16%3A00&hard-run=25");
        assert_eq!(whole, Ok(Limits::USUAL));
        assert_eq!(
            typed(b"day=&stretch=60&rest=10&hard-run=25"),
            Err((DAY, "rest-fault-day"))
        );
        for hour in [&b"until=16"[..], b"until=24%3A01", b"until=x%3A00"] {
            assert_eq!(typed(hour), Err((UNTIL, "rest-fault-until")));
        }
        assert_eq!(own(&Fields::read(b"").unwrap()), Ok(OwnLimits::default()));
    }
}
