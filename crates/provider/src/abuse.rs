//! The abuse desks that were found, best first.

use ground::text_enum;

use crate::MailAddress;

text_enum! {
    /// By what a contact was found.
    pub enum FoundBy {
        /// The role `abuse` in the registration (RDAP).
        Rdap = "rdap",
        /// RIPEstat's abuse contact finder.
        Ripestat = "ripestat",
        /// `abuse@` at a domain of the network's holder (RFC 2142): nobody named it, so it may reach
        /// nobody.
        Rfc2142 = "rfc2142",
        /// Typed by a human.
        Hand = "hand",
    }
}

/// One abuse desk that was found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Abuse {
    /// Its address.
    pub email: MailAddress,
    /// By what it was found.
    pub found_by: FoundBy,
}

/// Mail services of everybody: `abuse@` there is the desk of the mail service, not of the holder.
const OF_EVERYBODY: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "proton.me",
    "protonmail.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "mail.ru",
    "yandex.ru",
    "qq.com",
    "163.com",
    "126.com",
];

/// The desks in the order in which they are to be tried. `others` are further addresses of the
/// network's holder: only when nobody names a desk is one guessed there. Never at the domain that
/// was reported, whose owner would be warned.
#[must_use]
pub fn found(rdap: &[MailAddress], ripestat: &[MailAddress], others: &[MailAddress]) -> Vec<Abuse> {
    let mut all: Vec<Abuse> = Vec::new();
    let mut add = |email: &MailAddress, found_by| {
        if !all.iter().any(|known| known.email.is_same(email)) {
            all.push(Abuse {
                email: email.clone(),
                found_by,
            });
        }
    };
    rdap.iter().for_each(|email| add(email, FoundBy::Rdap));
    ripestat
        .iter()
        .for_each(|email| add(email, FoundBy::Ripestat));
    if all.is_empty() {
        let own = others
            .iter()
            .find(|other| !OF_EVERYBODY.contains(&other.domain()));
        let guess = own.and_then(|own| MailAddress::parse(&format!("abuse@{}", own.domain())).ok());
        all.extend(guess.map(|email| Abuse {
            email,
            found_by: FoundBy::Rfc2142,
        }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(text: &str) -> MailAddress {
        MailAddress::parse(text).unwrap()
    }

    #[test]
    fn a_desk_named_twice_is_one_and_none_is_guessed_beside_it() {
        let all = found(
            &[mail("abuse@hosting.example")],
            &[mail("Abuse@hosting.example"), mail("cert@hosting.example")],
            &[mail("noc@hosting.example")],
        );
        let by: Vec<_> = all.iter().map(|abuse| abuse.found_by).collect();
        assert_eq!(by, [FoundBy::Rdap, FoundBy::Ripestat]);
    }

    #[test]
    fn a_desk_is_guessed_only_at_a_domain_of_the_holder() {
        let all = found(
            &[],
            &[],
            &[mail("someone@gmail.com"), mail("noc@hosting.example")],
        );
        assert_eq!(all[0].email, mail("abuse@hosting.example"));
        assert_eq!(all[0].found_by, FoundBy::Rfc2142);
        assert!(found(&[], &[], &[mail("someone@gmail.com")]).is_empty());
    }
}
