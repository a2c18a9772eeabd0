//! Reading one check: from what came back to what was observed, with the reason. No I/O.
//!
//! Three rules stand above the others. The known picture is there when its bytes come back, under
//! whatever status. Only an answer that says so is an absence: 404, 410, a page that says it was
//! removed, or a name that no longer exists. Whatever else is no picture is no observation about it
//! (law 6): errors, walls, and everything that may be our own fault.

use ground::{Observation, text_enum};

use crate::{Looks, PageSign};

/// What came of asking for the item's own address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// An HTTP answer, after redirects were followed.
    Http {
        /// The status.
        status: u16,
        /// SHA-256 of the whole body, lower-case hex; none when it was cut off or too large.
        sha256: Option<String>,
        /// What its first bytes look like.
        looks: Looks,
        /// What it says about itself, when it is a page.
        sign: Option<PageSign>,
        /// Whether a redirect led to another host or path.
        elsewhere: bool,
    },
    /// No HTTP answer.
    None(Failure),
}

/// Why there was no HTTP answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The name does not exist, says a name server that works.
    NoSuchName,
    /// The name exists and leads to no address.
    NoAddress,
    /// Nobody listens there.
    Refused,
    /// It did not answer in time, or broke the connection off, or cannot be reached.
    Silent,
    /// It answered in a way that cannot be read: a broken encryption, no HTTP.
    Garbled,
    /// Our own side: policy, name service, network, proxy, out of anything.
    Ours,
}

/// What is known about the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<'a> {
    /// SHA-256 of its content, lower-case hex.
    pub sha256: &'a str,
    /// Whether what came back was compared by likeness, and was the same picture. None when it was
    /// not compared.
    pub alike: Option<bool>,
    /// Whether the item's own address is a picture or video rather than a page that holds one.
    pub is_picture: bool,
}

text_enum! {
    /// Why an answer was read as it was.
    pub enum Why {
        /// The same bytes.
        SameBytes = "same-bytes",
        /// Other bytes of the same picture.
        SamePicture = "same-picture",
        /// Another picture, or anything else than a page.
        OtherBytes = "other-bytes",
        /// A page where the picture was.
        PageInstead = "page-instead",
        /// A redirect to elsewhere, and not to the picture.
        LedElsewhere = "led-elsewhere",
        /// The name is parked or for sale.
        Parked = "parked",
        /// 404.
        NotFound = "not-found",
        /// 410.
        Gone = "gone",
        /// A page that says it was removed.
        SaysRemoved = "says-removed",
        /// The name does not exist any more.
        NameGone = "name-gone",
        /// 401, 402, 403 or 407.
        Forbidden = "forbidden",
        /// 451.
        LegallyBlocked = "legally-blocked",
        /// A sign-in wall.
        SignInWall = "sign-in-wall",
        /// A captcha or another wall against machines.
        Challenge = "challenge",
        /// 5xx.
        ServerError = "server-error",
        /// 429.
        TooManyRequests = "too-many-requests",
        /// An answer without content.
        Empty = "empty",
        /// Cut off or too large, so that it could not be compared.
        NotWhole = "not-whole",
        /// Any other status.
        OddAnswer = "odd-answer",
        /// The name leads to no address.
        NoAddress = "no-address",
        /// Nobody listens.
        ConnectionRefused = "connection-refused",
        /// No answer.
        NoAnswer = "no-answer",
        /// An answer that cannot be read.
        Garbled = "garbled",
        /// Our own side failed.
        OurSide = "our-side",
    }
}

/// What was observed, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// What was observed.
    pub observation: Observation,
    /// Why.
    pub why: Why,
}

const fn read(observation: Observation, why: Why) -> Reading {
    Reading { observation, why }
}

/// Reads one answer.
#[must_use]
pub fn read_answer(answer: &Answer, known: Known<'_>) -> Reading {
    use Observation as Saw;
    match answer {
        Answer::None(failure) => match failure {
            Failure::NoSuchName => read(Saw::Absent, Why::NameGone),
            Failure::NoAddress => read(Saw::Unreachable, Why::NoAddress),
            Failure::Refused => read(Saw::Unreachable, Why::ConnectionRefused),
            Failure::Silent => read(Saw::Unreachable, Why::NoAnswer),
            Failure::Garbled => read(Saw::Unreachable, Why::Garbled),
            Failure::Ours => read(Saw::OurFailure, Why::OurSide),
        },
        Answer::Http {
            sha256: Some(sha256),
            ..
        } if sha256.eq_ignore_ascii_case(known.sha256) => read(Saw::Present, Why::SameBytes),
        Answer::Http { .. } if known.alike == Some(true) => read(Saw::Present, Why::SamePicture),
        Answer::Http {
            status,
            sha256,
            looks,
            sign,
            elsewhere,
        } => match (status, sign.filter(|_| *looks != Looks::Picture)) {
            (_, Some(PageSign::Challenge)) => read(Saw::Blocked, Why::Challenge),
            (401 | 402 | 403 | 407, _) => read(Saw::Blocked, Why::Forbidden),
            (451, _) => read(Saw::Blocked, Why::LegallyBlocked),
            (404, _) => read(Saw::Absent, Why::NotFound),
            (410, _) => read(Saw::Absent, Why::Gone),
            (429, _) => read(Saw::Unreachable, Why::TooManyRequests),
            (500.., _) => read(Saw::Unreachable, Why::ServerError),
            (200 | 203, sign) => read_body(sha256.is_some(), *looks, sign, *elsewhere, known),
            (204 | 205, _) => read(Saw::Unreachable, Why::Empty),
            _ => read(Saw::Unreachable, Why::OddAnswer),
        },
    }
}

/// An answer of success that is not the known picture.
fn read_body(
    whole: bool,
    looks: Looks,
    sign: Option<PageSign>,
    elsewhere: bool,
    known: Known<'_>,
) -> Reading {
    use Observation as Saw;
    match (looks, sign) {
        (Looks::Nothing, _) => read(Saw::Unreachable, Why::Empty),
        (_, Some(PageSign::SignInWall)) => read(Saw::Blocked, Why::SignInWall),
        (_, Some(PageSign::Challenge)) => read(Saw::Blocked, Why::Challenge),
        (_, Some(PageSign::Parked)) => read(Saw::Changed, Why::Parked),
        // Led to the front page of a site, "not found" is said of what was asked for.
        (_, Some(PageSign::SaysRemoved)) => read(Saw::Absent, Why::SaysRemoved),
        (Looks::Page, None) if known.is_picture && elsewhere => {
            read(Saw::Changed, Why::LedElsewhere)
        }
        (Looks::Page, None) if known.is_picture => read(Saw::Changed, Why::PageInstead),
        _ if !whole => read(Saw::Unreachable, Why::NotWhole),
        _ => read(Saw::Changed, Why::OtherBytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KNOWN: Known<'static> = Known {
        sha256: "aa",
        alike: None,
        is_picture: true,
    };

    fn http(status: u16, sha256: Option<&str>, looks: Looks, sign: Option<PageSign>) -> Answer {
        Answer::Http {
            status,
            sha256: sha256.map(Into::into),
            looks,
            sign,
            elsewhere: false,
        }
    }

    fn saw(answer: &Answer) -> (Observation, Why) {
        let reading = read_answer(answer, KNOWN);
        (reading.observation, reading.why)
    }

    #[test]
    fn the_same_bytes_are_there_under_any_status() {
        for status in [200, 206, 403, 404, 500] {
            let answer = http(status, Some("AA"), Looks::Picture, None);
            assert_eq!(
                saw(&answer),
                (Observation::Present, Why::SameBytes),
                "{status}"
            );
        }
    }

    #[test]
    fn a_picture_encoded_anew_is_still_there() {
        let answer = http(200, Some("bb"), Looks::Picture, None);
        let alike = Known {
            alike: Some(true),
            ..KNOWN
        };
        assert_eq!(read_answer(&answer, alike).why, Why::SamePicture);
        assert_eq!(saw(&answer), (Observation::Changed, Why::OtherBytes));
    }

    /// Regression (c): an error page counted as online.
    #[test]
    fn an_error_page_is_not_online_and_not_gone() {
        for status in [500, 502, 503, 522, 429, 400, 418] {
            let answer = http(status, Some("bb"), Looks::Page, None);
            assert_eq!(saw(&answer).0, Observation::Unreachable, "{status}");
        }
        for status in [401, 402, 403, 451] {
            let answer = http(status, Some("bb"), Looks::Page, None);
            assert_eq!(saw(&answer).0, Observation::Blocked, "{status}");
        }
    }

    #[test]
    fn only_what_says_so_is_absent() {
        assert_eq!(
            saw(&http(404, None, Looks::Page, None)).0,
            Observation::Absent
        );
        assert_eq!(
            saw(&http(410, None, Looks::Nothing, None)).0,
            Observation::Absent
        );
        assert_eq!(
            saw(&Answer::None(Failure::NoSuchName)).0,
            Observation::Absent
        );
        let says = http(200, Some("bb"), Looks::Page, Some(PageSign::SaysRemoved));
        assert_eq!(saw(&says).0, Observation::Absent);
        let page = http(200, Some("bb"), Looks::Page, None);
        assert_eq!(saw(&page), (Observation::Changed, Why::PageInstead));
        let parked = http(200, Some("bb"), Looks::Page, Some(PageSign::Parked));
        assert_eq!(saw(&parked).0, Observation::Changed);
        let wall = http(200, Some("bb"), Looks::Page, Some(PageSign::SignInWall));
        assert_eq!(saw(&wall).0, Observation::Blocked);
    }

    #[test]
    fn our_failure_is_ours_and_silence_says_nothing() {
        assert_eq!(saw(&Answer::None(Failure::Ours)).0, Observation::OurFailure);
        for failure in [
            Failure::NoAddress,
            Failure::Refused,
            Failure::Silent,
            Failure::Garbled,
        ] {
            assert_eq!(
                saw(&Answer::None(failure)).0,
                Observation::Unreachable,
                "{failure:?}"
            );
        }
    }

    #[test]
    fn a_challenge_behind_a_not_found_is_a_wall() {
        let answer = http(404, Some("bb"), Looks::Page, Some(PageSign::Challenge));
        assert_eq!(saw(&answer).0, Observation::Blocked);
    }

    proptest! {
        #[test]
        fn nothing_but_the_picture_is_ever_present(
            status in 0_u16..1_000,
            looks in prop::sample::select(vec![Looks::Nothing, Looks::Picture, Looks::Page, Looks::Other]),
            sign in prop::option::of(prop::sample::select(vec![
                PageSign::SaysRemoved, PageSign::SignInWall, PageSign::Challenge, PageSign::Parked])),
            sha256 in prop::option::of(Just("bb")),
            elsewhere in any::<bool>(),
            is_picture in any::<bool>(),
        ) {
            let answer = Answer::Http { status, sha256: sha256.map(Into::into), looks, sign, elsewhere };
            let reading = read_answer(&answer, Known { is_picture, ..KNOWN });
            prop_assert_ne!(reading.observation, Observation::Present);
            if reading.observation == Observation::Absent {
                prop_assert!(matches!(status, 404 | 410) || sign == Some(PageSign::SaysRemoved));
            }
        }
    }
}
