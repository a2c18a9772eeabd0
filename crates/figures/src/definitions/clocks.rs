//! The clocks with what is still open as censored (M8), and what providers did with what they were told
//! (M7, M9).

use super::text;
use crate::definition::{Defined, Definition, Text};
use crate::unit::{Items, Unit};

const CAVEAT: Text = text(
    "Kaplan–Meier: wat aan het eind nog open was telt mee zolang het gevolgd is en wordt niet weggelaten. Zonder uitkomst is nog niet de helft klaar.",
    "Kaplan–Meier: what was still open at the end counts for as long as it was watched and is not left out. Without a number not yet half of it has ended.",
);

const fn median(key: &'static str, title: Text, definition: Text) -> Definition {
    Definition::measuring(key, Unit::Hours, title, definition, CAVEAT)
}

const fn ended(key: &'static str, title: Text, definition: Text) -> Definition {
    Definition::measuring(key, Unit::Percent, title, definition, CAVEAT)
}

const CLOSING: Text = text(
    "Van ontvangst van een melding tot de afhandeling, over meldingen die in de periode zijn ontvangen.",
    "From the receipt of a report to its closing, over reports received in the period.",
);
const NOTICE: Text = text(
    "Van het begin van de verwijderzaak, bij het afronden van de melding, tot het eerste verzoek aan de provider. Wat in het buitenland staat, eerder verdween of gestaakt werd, wordt tot dat moment gevolgd.",
    "From the beginning of the takedown, when the report was done, to the first notice to the provider. What is hosted abroad, went earlier or was ended is watched until then.",
);
const REMOVAL: Text = text(
    "Van het eerste verzoek aan de provider tot de eerste controle die het materiaal niet meer zag, over materiaal waarvan de provider het in de periode voor het eerst wist. Wat gestaakt werd, wordt tot dat moment gevolgd.",
    "From the first notice to the provider to the first check that no longer saw the item, over items the provider was first told of in the period. What was ended is watched until then.",
);

/// M8: from receipt to closing.
pub static CLOCK_CLOSING: Definition = median(
    "clock-closing",
    text(
        "Mediaan van ontvangst tot afhandeling",
        "Median from receipt to closing",
    ),
    CLOSING,
);
/// M8: the share closed within 30 days, and within shorter times.
pub static ENDED_CLOSING: Definition = ended(
    "closed-within-30d",
    text("Afgehandeld binnen 30 dagen", "Closed within 30 days"),
    CLOSING,
);
/// M8: from the takedown to the notice.
pub static CLOCK_NOTICE: Definition = median(
    "clock-notice",
    text(
        "Mediaan van verwijderzaak tot verzoek",
        "Median from takedown to notice",
    ),
    NOTICE,
);
/// M8: the share told of within 30 days, and within shorter times.
pub static ENDED_NOTICE: Definition = ended(
    "told-within-30d",
    text(
        "Provider ingelicht binnen 30 dagen",
        "Provider told within 30 days",
    ),
    NOTICE,
);
/// M8: from the notice to the removal.
pub static CLOCK_REMOVAL: Definition = median(
    "clock-removal",
    text(
        "Mediaan van verzoek tot verwijdering",
        "Median from notice to removal",
    ),
    REMOVAL,
);
/// M8: the share removed within 30 days, and within shorter times.
pub static ENDED_REMOVAL: Definition = ended(
    "gone-within-30d",
    text(
        "Na verzoek weg binnen 30 dagen",
        "Gone within 30 days of the notice",
    ),
    REMOVAL,
);

const fn within(key: &'static str, title: Text) -> Definition {
    Definition::measuring(
        key,
        Unit::Percent,
        title,
        text(
            "Van het materiaal waarvan de provider in de periode voor het eerst een verzoek kreeg: het deel dat binnen deze tijd weg was, over al het materiaal waarvan dat bekend is.",
            "Of the items a provider was first told of in the period: the part gone within this time, over all items of which that is known.",
        ),
        text(
            "Ook wat nog staat telt mee. Eén grote provider weegt zwaar; daarom staat het gemiddelde over providers ernaast. Een daling kan een verschuiving tussen providers zijn.",
            "What is still there counts as well. One large provider weighs heavily; so the mean over providers stands beside it. A fall may be a shift between providers.",
        ),
    )
}

/// M7: hours, and the share of what providers were told of that was gone within them.
pub static TOLD_WITHIN: [(i64, Definition); 4] = [
    (
        24,
        within(
            "gone-within-24h",
            text(
                "Binnen 24 uur na het verzoek weg",
                "Gone within 24 hours of the notice",
            ),
        ),
    ),
    (
        48,
        within(
            "gone-within-48h",
            text(
                "Binnen 48 uur na het verzoek weg",
                "Gone within 48 hours of the notice",
            ),
        ),
    ),
    (
        72,
        within(
            "gone-within-72h",
            text(
                "Binnen 72 uur na het verzoek weg",
                "Gone within 72 hours of the notice",
            ),
        ),
    ),
    (
        168,
        within(
            "gone-within-7d",
            text(
                "Binnen 7 dagen na het verzoek weg",
                "Gone within 7 days of the notice",
            ),
        ),
    ),
];

/// M9: the table of Article 22(3) of the Digital Services Act.
pub static NOTIFIED: Defined<Items> = Defined::counting(
    "notified",
    text(
        "Verzoeken naar provider, soort en gevolg",
        "Notices by provider, type and action",
    ),
    text(
        "Materiaal waarvan de provider in de periode voor het eerst een verzoek kreeg, naar provider, soort en wat er aan het eind van de periode mee gebeurd was: de tabel van artikel 22, derde lid, van de digitaledienstenverordening.",
        "Items a provider was first told of in the period, by provider, type and what had become of them at its end: the table of Article 22(3) of the Digital Services Act.",
    ),
    text(
        "Geteld per onderdeel: één verzoek noemt vaak meer onderdelen.",
        "Counted by item: one notice often names several.",
    ),
);
