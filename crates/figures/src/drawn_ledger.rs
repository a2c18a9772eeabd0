//! Generated ledgers: lines of every kind a figure is counted from, about few things, thick around
//! the turns of the years.

use ground::clock::HOUR_MS;
use ground::{
    AddressId, Basis, Channel, ContactId, ContentId, Fact, HashFact, HostedIn, Instant, ItemId,
    NoticeId, Origin, Outcome, ProviderId, ReportId, TakedownId, Verdict, VisitId,
};
use serde_json::json;

/// One generated line: what kind, about which thing, in which hour, and two choices.
pub(crate) type Drawn = (u8, u8, u16, u8, u8);

fn any_of<T: Copy>(all: &[T], pick: u8) -> T {
    all[usize::from(pick) % all.len()]
}

fn provider(pick: u8) -> Option<ProviderId> {
    (!pick.is_multiple_of(4)).then(|| ProviderId::from_bits(u128::from(pick % 4)))
}

fn answers(pick: u8) -> serde_json::Value {
    match pick % 3 {
        0 => json!({ "finding": ["illegal"], "age": ["infant", "pubescent"] }),
        1 => json!({ "finding": ["illegal"], "gender": ["both"] }),
        _ => json!({}),
    }
}

/// What a line is about, and two choices.
struct Picks {
    bits: u128,
    at: i64,
    a: u8,
    b: u8,
}

/// When, about what, and the fact.
pub(crate) fn line((kind, of, hour, a, b): Drawn) -> (i64, String, Fact) {
    let at = hour_ms(hour);
    let bits = u128::from(of % 6);
    let picks = Picks { bits, at, a, b };
    let (subject, fact) = match kind % 18 {
        kind @ 0..=3 => reported(kind, &picks),
        kind @ 4..=8 => judged(kind, &picks),
        kind @ 9..=12 => told(kind, &picks),
        17 => asked(&picks),
        kind => gone(kind, &picks),
    };
    (at, subject, fact)
}

/// Reports, sightings, visits and items found.
fn reported(kind: u8, picks: &Picks) -> (String, Fact) {
    let Picks { bits, a, b, .. } = *picks;
    let report = ReportId::from_bits(bits);
    let content = ContentId::from_bits(bits);
    let item = ItemId::from_bits(bits);
    match kind {
        0 => (
            report.to_string(),
            Fact::ReportReceived {
                channel: any_of(Channel::ALL, a),
                origin: any_of(Origin::ALL, b),
                addresses: u32::from(a),
                language: "nl".into(),
            },
        ),
        1 => (
            AddressId::from_bits(bits).to_string(),
            Fact::AddressSighted {
                report,
                first: a % 2 == 0,
                origin: any_of(Origin::ALL, b),
                channel: Channel::Web,
            },
        ),
        2 => (
            VisitId::from_bits(bits).to_string(),
            Fact::VisitEnded {
                address: AddressId::from_bits(1),
                captured: a % 2 == 0,
                cause: None,
                items: 1,
                set_apart: 0,
            },
        ),
        _ => (
            item.to_string(),
            Fact::ItemFound {
                address: AddressId::from_bits(1),
                content,
                new_content: true,
                set_apart: a % 3 == 0,
            },
        ),
    }
}

/// Judgements, given and taken back, and reports closed.
fn judged(kind: u8, picks: &Picks) -> (String, Fact) {
    let Picks { bits, a, b, .. } = *picks;
    let report = ReportId::from_bits(bits);
    let content = ContentId::from_bits(bits);
    let item = ItemId::from_bits(bits);
    let verdict = any_of(Verdict::ALL, a);
    match kind {
        4 => (
            item.to_string(),
            Fact::ItemJudged {
                report,
                content,
                verdict,
                basis: any_of(Basis::ALL, b),
            },
        ),
        5 => (
            item.to_string(),
            Fact::ItemUnjudged {
                content,
                was: verdict,
                basis: any_of(Basis::ALL, b),
            },
        ),
        6 => (
            content.to_string(),
            Fact::ContentJudged {
                item,
                report,
                verdict,
                why: None,
                answers: answers(b),
                scheme: "standard-1".into(),
            },
        ),
        7 => (
            content.to_string(),
            Fact::JudgementUndone {
                item,
                report,
                was: verdict,
                answers: answers(b),
            },
        ),
        _ => (
            report.to_string(),
            Fact::ReportClosed {
                outcome: any_of(Outcome::ALL, a),
                items: 1,
                illegal: 0,
                note: false,
            },
        ),
    }
}

/// Takedowns opened, located and told of.
fn told(kind: u8, picks: &Picks) -> (String, Fact) {
    let Picks { bits, a, b, .. } = *picks;
    let content = ContentId::from_bits(bits);
    let item = ItemId::from_bits(bits);
    let takedown = TakedownId::from_bits(bits);
    let verdict = any_of(Verdict::ALL, a);
    match kind {
        9 => (
            takedown.to_string(),
            Fact::TakedownOpened {
                item,
                content,
                address: AddressId::from_bits(1),
                verdict,
            },
        ),
        10 => (
            takedown.to_string(),
            Fact::HostLocated {
                hosted_in: any_of(HostedIn::ALL, a),
                country: any_of(&[Some("NL"), Some("DE"), None], b).map(str::to_owned),
                provider: provider(a),
                asn: None,
            },
        ),
        11 => (
            NoticeId::from_bits(bits).to_string(),
            Fact::NoticeAccepted {
                contact: ContactId::from_bits(1),
                provider: ProviderId::from_bits(u128::from(a % 3)),
                attempts: 1,
            },
        ),
        _ => (
            takedown.to_string(),
            Fact::ProviderTold {
                notice: NoticeId::from_bits(1),
                provider: ProviderId::from_bits(u128::from(a % 3)),
            },
        ),
    }
}

/// A day of a client of the hash-check, written down when it is over.
fn asked(picks: &Picks) -> (String, Fact) {
    let (a, b) = (u64::from(picks.a), u64::from(picks.b));
    let fact = Fact::Hash(HashFact::HashesChecked {
        day: picks.at.div_euclid(24 * HOUR_MS) - 1,
        checks: a * 7 + b,
        matches: b,
        not_checked: a % 3,
    });
    (format!("chc_{:032x}", picks.bits % 3), fact)
}

/// Removals, returns, ends, and names of providers.
fn gone(kind: u8, picks: &Picks) -> (String, Fact) {
    let Picks { bits, at, a, b } = *picks;
    let takedown = TakedownId::from_bits(bits);
    match kind {
        13 => (
            takedown.to_string(),
            Fact::Removed {
                first_gone: Instant::from_ms(at - i64::from(a) * HOUR_MS / 7),
                told_at: (b % 4 != 0).then(|| Instant::from_ms(at - i64::from(b) * HOUR_MS)),
                provider: provider(b),
            },
        ),
        14 => (
            takedown.to_string(),
            Fact::Reappeared {
                provider: provider(a),
            },
        ),
        15 => (
            takedown.to_string(),
            Fact::TakedownEnded {
                cause: "moved".into(),
            },
        ),
        _ => (
            ProviderId::from_bits(u128::from(a % 3)).to_string(),
            Fact::ProviderFound {
                name: format!("Hosting {a} \"B.V.\""),
                country: None,
                asn: None,
            },
        ),
    }
}

/// Hours from 30 December 2024 to a few days into 2027, thick around the turns of the years.
fn hour_ms(hour: u16) -> i64 {
    const END_OF_2024: i64 = 1_735_520_400_000;
    let hour = i64::from(hour);
    let year = hour % 3;
    let offset = match hour % 4 {
        0 => (hour / 12) % (366 * 24),
        _ => (hour / 12) % 72,
    };
    END_OF_2024 + (year * 365 * 24 + offset) * HOUR_MS
}
