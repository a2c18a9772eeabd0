//! The figures there are. What each counts stands here and nowhere else; the ids M1–M10 are those
//! of the metric dictionary (reference 3.8).

mod clocks;
mod removal;

use crate::definition::{Defined, Definition, Text};
use crate::unit::{Addresses, Contents, Hashes, Items, Looks, Reports, Sightings, Unit, Visits};

pub(crate) use clocks::{
    CLOCK_CLOSING, CLOCK_NOTICE, CLOCK_REMOVAL, ENDED_CLOSING, ENDED_NOTICE, ENDED_REMOVAL,
    NOTIFIED, TOLD_WITHIN,
};
pub(crate) use removal::{
    HOSTS, HOURS_MEDIAN, HOURS_P90, HOURS_TO_CLOSING, HOURS_TO_NOTICE, ITEMS_TOLD, NOTICES,
    REAPPEARED, REMOVED, STILL_THERE, WITHIN,
};

const fn text(nl: &'static str, en: &'static str) -> Text {
    Text { nl, en }
}

const NOTHING: Text = text("", "");
const TAKEN_BACK: Text = text(
    "Een oordeel dat is teruggenomen telt af op het moment van terugnemen.",
    "A verdict that was taken back counts down at the moment it was taken back.",
);

/// M1.
pub static REPORTS: Defined<Reports> = Defined::counting(
    "reports",
    text("Ontvangen meldingen", "Reports received"),
    text(
        "Geopende brieven, naar het uur waarin ze zijn achtergelaten. Internationaal is wat een meldpunt in het buitenland stuurde, nationaal al het andere.",
        "Letters that were opened, by the hour in which they were left. International is what a hotline abroad sent, national everything else.",
    ),
    text(
        "Een melding kan geen, een of meer adressen noemen.",
        "A report may name no address, one, or several.",
    ),
);

/// M1: how reports ended.
pub static REPORTS_CLOSED: Defined<Reports> = Defined::counting(
    "reports-closed",
    text("Afgehandelde meldingen", "Reports closed"),
    text(
        "Meldingen die een analist heeft afgesloten, naar het moment van afsluiten.",
        "Reports an analyst closed, by the moment of closing.",
    ),
    NOTHING,
);

/// M2: distinct addresses.
pub static ADDRESSES: Defined<Addresses> = Defined::counting(
    "addresses",
    text("Gemelde adressen", "Addresses reported"),
    text(
        "Verschillende webadressen, in één vaste schrijfwijze, die in de periode ten minste één keer zijn genoemd.",
        "Distinct web addresses, in one canonical form, named at least once in the period.",
    ),
    text(
        "Een adres dat in twee perioden is genoemd telt in elk daarvan, dus maanden tellen niet op tot een jaar.",
        "An address named in two periods counts in each, so months do not add up to a year.",
    ),
);

/// M2: addresses nobody named before.
pub static ADDRESSES_NEW: Defined<Addresses> = Defined::counting(
    "addresses-new",
    text("Nieuwe adressen", "New addresses"),
    text(
        "Webadressen die in de periode voor het eerst zijn genoemd.",
        "Web addresses named for the first time in the period.",
    ),
    NOTHING,
);

/// M2, M10: every naming of an address.
pub static SIGHTINGS: Defined<Sightings> = Defined::counting(
    "sightings",
    text("Vermeldingen van adressen", "Sightings of addresses"),
    text(
        "Elke keer dat een melding een adres noemt; een adres in drie meldingen telt drie keer.",
        "Each time a report names an address; an address in three reports counts three times.",
    ),
    NOTHING,
);

/// M2: looks at addresses.
pub static VISITS: Defined<Visits> = Defined::counting(
    "visits",
    text("Bezoeken aan adressen", "Visits to addresses"),
    text(
        "Bezoeken die zijn voltooid, met of zonder resultaat, naar het moment van voltooien.",
        "Visits that were finished, with or without result, by the moment they were finished.",
    ),
    text(
        "Een poging die wordt herhaald telt niet mee.",
        "An attempt that is repeated does not count.",
    ),
);

/// M2: items found.
pub static ITEMS_FOUND: Defined<Items> = Defined::counting(
    "items-found",
    text(
        "Gevonden afbeeldingen en video's",
        "Images and videos found",
    ),
    text(
        "Afbeeldingen en video's die voor het eerst op een adres zijn aangetroffen.",
        "Images and videos met for the first time at an address.",
    ),
    text(
        "Wat te klein is om meer dan versiering te zijn, telt niet mee.",
        "What is too small to be more than an ornament is left out.",
    ),
);

/// M2, M4: items judged, by verdict.
pub static ITEMS_JUDGED: Defined<Items> = Defined::counting(
    "items-judged",
    text(
        "Eén voor één beoordeelde afbeeldingen en video's",
        "Images and videos assessed one by one",
    ),
    text(
        "Afbeeldingen en video's op een adres die een oordeel kregen, elk apart geteld, ook als dezelfde bytes eerder zijn beoordeeld.",
        "Images and videos at an address that got a verdict, each counted separately, also when the same bytes were judged before.",
    ),
    TAKEN_BACK,
);

/// M4: illegal items.
pub static ITEMS_ILLEGAL: Defined<Items> = Defined::counting(
    "items-illegal",
    text(
        "Strafbare afbeeldingen en video's",
        "Illegal images and videos",
    ),
    text(
        "Beoordeelde afbeeldingen en video's waarvan het oordeel strafbaar is, internationaal of nationaal.",
        "Assessed images and videos whose verdict is illegal, internationally or nationally.",
    ),
    TAKEN_BACK,
);

/// M4: the share of illegal items.
pub static SHARE_ILLEGAL: Definition = Definition::measuring(
    "share-illegal",
    Unit::Percent,
    text("Aandeel strafbaar", "Share illegal"),
    text(
        "Strafbare als deel van alle beoordeelde afbeeldingen en video's, zonder wat er niet bij hoorde.",
        "Illegal as a part of all assessed images and videos, without what was not part of it.",
    ),
    NOTHING,
);

/// M2: contents judged by a human.
pub static CONTENTS_JUDGED: Defined<Contents> = Defined::counting(
    "contents-judged",
    text(
        "Door een mens beoordeelde bestanden",
        "Contents judged by a human",
    ),
    text(
        "Verschillende bestanden (zelfde bytes tellen één keer) waarover een analist oordeelde.",
        "Distinct contents (the same bytes count once) that an analyst judged.",
    ),
    TAKEN_BACK,
);

/// M6: answers about illegal contents.
pub static CONTENTS_ILLEGAL: Defined<Contents> = Defined::counting(
    "contents-illegal",
    text("Strafbare bestanden", "Illegal contents"),
    text(
        "Verschillende bestanden met een strafbaar oordeel, met de antwoorden van het schema dat toen gold.",
        "Distinct contents with an illegal verdict, with the answers of the scheme of that time.",
    ),
    text(
        "Sommige vragen nemen meer dan één antwoord, andere mogen openblijven: de antwoorden tellen niet op tot het geheel.",
        "Some questions take several answers, others may stay open: the answers do not add up to the whole.",
    ),
);

/// M10: looks that people took. A likeness is among them: whoever confirmed it saw it, veiled at least.
pub static LOOKS_NEEDED: Defined<Looks> = Defined::counting(
    "looks-needed",
    text("Benodigde blikken", "Looks needed"),
    text(
        "Oordelen waarvoor een mens keek: naar de afbeelding of video zelf, of naar de gelijkenis met een die al beoordeeld was. Samen met de bespaarde blikken zijn dit alle beoordeelde afbeeldingen en video's.",
        "Verdicts for which a person looked: at the image or video itself, or at its likeness to one that had been judged. Together with the looks saved these are all images and videos judged.",
    ),
    TAKEN_BACK,
);

/// M10: looks a human did not have to take.
pub static LOOKS_SAVED: Defined<Looks> = Defined::counting(
    "looks-saved",
    text("Bespaarde blikken", "Looks saved"),
    text(
        "Afbeeldingen en video's die hun oordeel kregen zonder dat een mens er opnieuw naar keek, omdat dezelfde bytes of, in dezelfde melding, hetzelfde beeld al beoordeeld was, of omdat het meldpunt een gelijkenis vanzelf bevestigde. Een gelijkenis die een analist bevestigde telt niet mee.",
        "Images and videos that got their verdict without a human looking again, because the same bytes or, in the same report, the same picture had been judged, or because the house confirmed a likeness by itself. A likeness that an analyst confirmed does not count.",
    ),
    TAKEN_BACK,
);

/// What providers asked before they published.
pub static HASHES_ASKED: Defined<Hashes> = Defined::counting(
    "hashes-asked",
    text(
        "Door providers gevraagde hashes",
        "Hashes asked by providers",
    ),
    text(
        "Hashes die providers aan de hash-check hebben gevraagd, naar de dag (UTC) waarop ze het vroegen. Alleen dagen die voorbij zijn tellen mee.",
        "Hashes that providers asked of the hash-check, by the day (UTC) on which they asked. Only days that are over count.",
    ),
    text(
        "Eén afbeelding kan met meer dan één hash worden gevraagd, en dezelfde hash meer dan één keer: dit zijn geen afbeeldingen.",
        "One image may be asked with several hashes, and the same hash several times: these are not images.",
    ),
);

/// Every figure, in the order in which they are shown.
pub static ALL: [&Definition; 40] = [
    &REPORTS.definition,
    &REPORTS_CLOSED.definition,
    &ADDRESSES.definition,
    &ADDRESSES_NEW.definition,
    &SIGHTINGS.definition,
    &VISITS.definition,
    &ITEMS_FOUND.definition,
    &ITEMS_JUDGED.definition,
    &ITEMS_ILLEGAL.definition,
    &SHARE_ILLEGAL,
    &CONTENTS_JUDGED.definition,
    &CONTENTS_ILLEGAL.definition,
    &LOOKS_NEEDED.definition,
    &LOOKS_SAVED.definition,
    &HOSTS.definition,
    &NOTICES.definition,
    &ITEMS_TOLD.definition,
    &REMOVED.definition,
    &HOURS_MEDIAN,
    &HOURS_P90,
    &WITHIN[0].1,
    &WITHIN[1].1,
    &WITHIN[2].1,
    &WITHIN[3].1,
    &STILL_THERE.definition,
    &REAPPEARED.definition,
    &HOURS_TO_CLOSING,
    &HOURS_TO_NOTICE,
    &CLOCK_CLOSING,
    &ENDED_CLOSING,
    &CLOCK_NOTICE,
    &ENDED_NOTICE,
    &CLOCK_REMOVAL,
    &ENDED_REMOVAL,
    &TOLD_WITHIN[0].1,
    &TOLD_WITHIN[1].1,
    &TOLD_WITHIN[2].1,
    &TOLD_WITHIN[3].1,
    &NOTIFIED.definition,
    &HASHES_ASKED.definition,
];

/// The definition with this key.
#[must_use]
pub fn definition(key: &str) -> Option<&'static Definition> {
    ALL.into_iter().find(|definition| definition.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_its_own_key_and_words_in_both_languages() {
        let mut keys = std::collections::BTreeSet::new();
        for definition in ALL {
            assert!(
                keys.insert(definition.key),
                "{} is there twice",
                definition.key
            );
            for text in [&definition.title, &definition.definition] {
                assert!(
                    !text.nl.is_empty() && !text.en.is_empty(),
                    "{}",
                    definition.key
                );
            }
            let caveat = &definition.caveat;
            assert_eq!(
                caveat.nl.is_empty(),
                caveat.en.is_empty(),
                "{}",
                definition.key
            );
        }
    }
}
