//! The figures about hosts, notices and removal (M5, M7, M8, M10).

use crate::definition::{Defined, Definition, Text};
use crate::unit::{Items, Notices, Unit};

use super::{NOTHING, text};

/// M5.
pub static HOSTS: Defined<Items> = Defined::counting(
    "hosts",
    text("Gelokaliseerd strafbaar materiaal", "Illegal items located"),
    text(
        "Strafbare afbeeldingen en video's naar de plek waar ze stonden toen dat voor het eerst werd uitgezocht.",
        "Illegal images and videos by where they were hosted when that was first found out.",
    ),
    text(
        "Achter Tor en onbekend zijn eigen rijen; achter een doorgeefluik is het land dat van het doorgeefluik.",
        "Behind Tor and unknown are rows of their own; behind a proxy the country is the proxy's.",
    ),
);

/// M7: notices.
pub static NOTICES: Defined<Notices> = Defined::counting(
    "notices",
    text("Verstuurde verzoeken", "Notices sent"),
    text(
        "Verzoeken tot verwijdering die de mailserver heeft aangenomen, naar dat moment.",
        "Requests to remove that the mail relay accepted, by that moment.",
    ),
    text(
        "Een verzoek noemt vaak veel onderdelen; een mislukt verzoek telt niet.",
        "A notice often names many items; a failed notice does not count.",
    ),
);

/// M7: items of which a provider was told.
pub static ITEMS_TOLD: Defined<Items> = Defined::counting(
    "items-told",
    text(
        "Bij een provider gemeld materiaal",
        "Items a provider was told of",
    ),
    text(
        "Strafbare afbeeldingen en video's waarover de provider in de periode voor het eerst een verzoek kreeg.",
        "Illegal images and videos of which the provider was first told in the period.",
    ),
    NOTHING,
);

/// M7, M8: removals.
pub static REMOVED: Defined<Items> = Defined::counting(
    "removed",
    text("Verwijderd materiaal", "Items removed"),
    text(
        "Strafbare afbeeldingen en video's waarvan de verwijdering uit meerdere controles is gebleken, naar het moment van die vaststelling.",
        "Illegal images and videos whose removal followed from several checks, by the moment it was concluded.",
    ),
    text(
        "Wat terugkeert en weer verdwijnt telt twee keer.",
        "What returns and goes again counts twice.",
    ),
);

const CLOCK: Text = text(
    "Van het moment dat de mailserver het eerste verzoek aannam tot de eerste controle die het materiaal niet meer zag.",
    "From the moment the relay accepted the first notice to the first check that no longer saw the item.",
);
const CLOCK_CAVEAT: Text = text(
    "Alleen materiaal dat in de periode is verwijderd nadat de provider het wist; wat nog staat, is hier niet bij.",
    "Only items removed in the period after the provider was told; what is still there is not in it.",
);

/// M7, M8.
pub static HOURS_MEDIAN: Definition = Definition::measuring(
    "hours-to-removal-median",
    Unit::Hours,
    text("Uren tot verwijdering, mediaan", "Hours to removal, median"),
    CLOCK,
    CLOCK_CAVEAT,
);

/// M7, M8.
pub static HOURS_P90: Definition = Definition::measuring(
    "hours-to-removal-p90",
    Unit::Hours,
    text(
        "Uren tot verwijdering, 90e percentiel",
        "Hours to removal, 90th percentile",
    ),
    CLOCK,
    CLOCK_CAVEAT,
);

const fn within(key: &'static str, title: Text) -> Definition {
    Definition::measuring(
        key,
        Unit::Percent,
        title,
        text(
            "Deel van het verwijderde materiaal dat binnen deze tijd na het eerste verzoek weg was.",
            "Part of the removed items that were gone within this time after the first notice.",
        ),
        CLOCK_CAVEAT,
    )
}

/// M7: hours, and the share removed within them.
pub static WITHIN: [(i64, Definition); 4] = [
    (
        24,
        within(
            "removed-within-24h",
            text("Verwijderd binnen 24 uur", "Removed within 24 hours"),
        ),
    ),
    (
        48,
        within(
            "removed-within-48h",
            text("Verwijderd binnen 48 uur", "Removed within 48 hours"),
        ),
    ),
    (
        72,
        within(
            "removed-within-72h",
            text("Verwijderd binnen 72 uur", "Removed within 72 hours"),
        ),
    ),
    (
        168,
        within(
            "removed-within-7d",
            text("Verwijderd binnen 7 dagen", "Removed within 7 days"),
        ),
    ),
];

/// M7: what is still there.
pub static STILL_THERE: Defined<Items> = Defined::counting(
    "still-there",
    text("Nog niet verwijderd", "Not yet removed"),
    text(
        "Materiaal waarvan de provider wist en dat aan het eind van de periode niet verwijderd of afgesloten was.",
        "Items a provider was told of that were neither removed nor ended at the end of the period.",
    ),
    text(
        "Een stand, geen stroom: standen van perioden tellen niet op.",
        "A state, not a flow: states of periods do not add up.",
    ),
);

/// M10.
pub static REAPPEARED: Defined<Items> = Defined::counting(
    "reappeared",
    text("Teruggekeerd materiaal", "Items that reappeared"),
    text(
        "Keren dat verwijderd materiaal op hetzelfde adres weer is gezien.",
        "Times an item that had been removed was seen again at the same address.",
    ),
    NOTHING,
);

/// M8.
pub static HOURS_TO_CLOSING: Definition = Definition::measuring(
    "hours-to-closing-median",
    Unit::Hours,
    text(
        "Uren van ontvangst tot afhandeling, mediaan",
        "Hours from receipt to closing, median",
    ),
    text(
        "Over meldingen die in de periode zijn afgesloten.",
        "Over reports closed in the period.",
    ),
    text(
        "Het moment van ontvangst is om de melder te beschermen op het uur naar beneden afgerond.",
        "The moment of receipt is rounded down to the hour, to protect the sender.",
    ),
);

/// M8.
pub static HOURS_TO_NOTICE: Definition = Definition::measuring(
    "hours-to-notice-median",
    Unit::Hours,
    text(
        "Uren van oordeel tot verzoek, mediaan",
        "Hours from verdict to notice, median",
    ),
    text(
        "Over strafbaar materiaal waarvan de provider in de periode voor het eerst een verzoek kreeg.",
        "Over illegal items of which the provider was first told in the period.",
    ),
    NOTHING,
);
