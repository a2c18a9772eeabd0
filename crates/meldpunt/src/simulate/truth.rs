//! What is true in the played year: where each item is shown, since when and until when, and who was
//! told. Providers act on the mails they get and on nothing else.

use ground::Instant;
use ground::clock::{DAY_MS, HOUR_MS, MINUTE_MS};

use super::plan::{Behaviour, Plan, between, drawn};

/// A time in which an item was shown at one provider without a break.
#[derive(Debug, Clone)]
pub struct Stay {
    /// Where.
    pub provider: u32,
    /// Since when.
    pub from: Instant,
    /// Until when; none while nothing is decided.
    pub until: Option<Instant>,
    /// When we could first know that it is here: reported, or first shown to us.
    pub known: Option<Instant>,
    /// The notices accepted for it: when, and under which Message-ID.
    pub mails: Vec<(Instant, String)>,
    /// Whether it came here from another provider without a break.
    pub moved_in: bool,
}

/// One item.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its number.
    pub n: u32,
    /// Its stays, in order; a later one may lie in the future.
    pub stays: Vec<Stay>,
    /// Until when the police are asked first; none when they are not.
    pub held: bool,
    /// Hidden from everybody in these times, which is no removal.
    pub hidden: Vec<(Instant, Instant)>,
    /// Since when it is shown to others and not to us.
    pub shut_out: Option<Instant>,
    /// Looks that led nowhere because the host had a bad moment.
    pub hiccups: Vec<Instant>,
}

/// What is to be seen of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The picture.
    Picture,
    /// That it is not there.
    NotThere,
    /// Nothing, to us.
    ShutOut,
}

impl Item {
    /// An item reported at a provider. A few vanish by themselves soon.
    #[must_use]
    pub fn reported(n: u32, provider: u32, at: Instant, held: bool, seed: u64) -> Self {
        let alone = drawn(seed, &[20, n.into()]).is_multiple_of(33);
        let lasts = between(seed, &[21, n.into()], 10 * MINUTE_MS, 3 * DAY_MS);
        Self {
            n,
            stays: vec![Stay {
                provider,
                from: at,
                until: alone.then(|| at.plus_ms(lasts)),
                known: Some(at),
                mails: Vec::new(),
                moved_in: false,
            }],
            held,
            hidden: Vec::new(),
            shut_out: None,
            hiccups: Vec::new(),
        }
    }

    /// The stay that counts at a moment: the last that has begun.
    #[must_use]
    pub fn stay_at(&self, at: Instant) -> Option<usize> {
        self.stays.iter().rposition(|stay| stay.from <= at)
    }

    /// Whether it is shown to anybody, whatever is hidden for a while.
    #[must_use]
    pub fn is_up(&self, at: Instant) -> bool {
        self.stay_at(at)
            .and_then(|index| self.stays.get(index))
            .is_some_and(|stay| stay.until.is_none_or(|until| at < until))
    }

    /// What we see of it at a moment.
    #[must_use]
    pub fn shown(&self, at: Instant) -> Shown {
        let hidden = self
            .hidden
            .iter()
            .any(|(from, until)| *from <= at && at < *until);
        if !self.is_up(at) || hidden {
            Shown::NotThere
        } else if self.shut_out.is_some_and(|since| since <= at) {
            Shown::ShutOut
        } else {
            Shown::Picture
        }
    }

    /// Whether a provider that shows it, or showed it last, was told at least a day ago.
    #[must_use]
    pub fn was_told(&self, provider: u32, at: Instant) -> bool {
        let at_it = |stay: &&Stay| stay.provider == provider && stay.from <= at;
        let told = self
            .stays
            .iter()
            .rfind(at_it)
            .and_then(|stay| stay.mails.first());
        told.is_some_and(|(told, _)| at.since_ms(*told) >= DAY_MS)
    }

    /// A notice about it was accepted for a provider. What the provider does then follows from how it
    /// behaves; a notice to somebody who does not show it any more changes nothing.
    pub fn told(&mut self, plan: &Plan, provider: u32, message: &str, at: Instant) {
        let Some(index) = self.stay_at(at) else {
            return;
        };
        let times = self.stays.len() as u64;
        let Some(stay) = self
            .stays
            .get_mut(index)
            .filter(|stay| stay.provider == provider)
        else {
            return;
        };
        stay.mails.push((at, message.to_owned()));
        if stay.until.is_some() {
            return;
        }
        let (seed, n) = (plan.size.seed, u64::from(self.n));
        let within = |least, most| at.plus_ms(between(seed, &[22, n, times], least, most));
        let behaviour = Plan::behaviour(provider);
        let until = match behaviour {
            Behaviour::Fast => Some(within(5 * MINUTE_MS, 12 * HOUR_MS)),
            Behaviour::Slow => Some(within(DAY_MS, 10 * DAY_MS)),
            Behaviour::Lying => Some(within(3 * DAY_MS, 6 * DAY_MS)),
            Behaviour::Moving => Some(within(2 * HOUR_MS, DAY_MS)),
            Behaviour::ComingBack => Some(within(2 * HOUR_MS, 2 * DAY_MS)),
            Behaviour::GeoBlocking => {
                let at_last = drawn(seed, &[23, n]).is_multiple_of(2);
                at_last.then(|| within(2 * DAY_MS, 20 * DAY_MS))
            }
        };
        stay.until = until;
        match (behaviour, until) {
            (Behaviour::Lying, _) => {
                for day in 0..2 {
                    let from = at.plus_ms(HOUR_MS + day * DAY_MS);
                    self.hidden.push((from, from.plus_ms(100 * MINUTE_MS)));
                }
            }
            (Behaviour::GeoBlocking, _) => self.shut_out = Some(at.plus_ms(6 * HOUR_MS)),
            (Behaviour::Moving, Some(until)) => self.goes_on(plan, until, true),
            (Behaviour::ComingBack, Some(until)) if times < 3 => {
                let away = between(seed, &[24, n, times], DAY_MS, 80 * DAY_MS);
                self.goes_on(plan, until.plus_ms(away), false);
            }
            _ => {}
        }
    }

    fn goes_on(&mut self, plan: &Plan, from: Instant, moves: bool) {
        let Some(last) = self.stays.last() else {
            return;
        };
        let provider = if moves {
            let among = plan.size.providers.clamp(1, 9);
            let step = u32::try_from(drawn(plan.size.seed, &[25, self.n.into()]) % 9).unwrap_or(0);
            step % among
        } else {
            last.provider
        };
        self.stays.push(Stay {
            provider,
            from,
            until: None,
            known: None,
            mails: Vec::new(),
            moved_in: moves,
        });
    }

    /// The removals that are true: the end of a stay after which it was shown nowhere.
    pub fn removals(&self) -> impl Iterator<Item = (&Stay, Instant)> {
        let ends = self.stays.iter().enumerate();
        ends.filter_map(|(index, stay)| {
            let until = stay.until?;
            let moved_on = self.stays.get(index + 1).is_some_and(|next| next.moved_in);
            (!moved_on).then_some((stay, until))
        })
    }
}
