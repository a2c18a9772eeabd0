//! The hosts' pages and which pictures hang on each.

use super::catalogue::{Behaviour, Manner, Page, Shop};
use crate::host::HOSTS;

/// What every host shows, in the order of [`HOSTS`]; the canary has no pages.
pub(super) const SHOPS: &[Shop] = &[
    Shop {
        host: HOSTS[0].name,
        title: "The Gallery",
        folder: "pictures",
        hue: 150,
        pages: &[
            Page {
                path: "/spring",
                title: "Spring",
                words: "Ten drawings, each shown in another manner.",
                behaviour: Behaviour::Prompt,
                shows: &[
                    ("star.png", Manner::Icon),
                    ("arrow.png", Manner::Icon),
                    ("meadow.jpg", Manner::SrcSet("meadow-large.jpg")),
                    ("bubbles.jpg", Manner::Plain),
                    ("ribbons.png", Manner::Background),
                    ("waves.jpg", Manner::Source("waves.webp")),
                    ("card-hello.png", Manner::Plain),
                    ("stamp.png", Manner::Data),
                    ("rings.jpg", Manner::Lazy),
                    ("mosaic.png", Manner::Lazy),
                ],
            },
            Page {
                path: "/summer",
                title: "Summer",
                words: "A film poster, a frame, and something far below.",
                behaviour: Behaviour::Prompt,
                shows: &[
                    ("sunset.jpg", Manner::Plain),
                    ("bubbles.jpg", Manner::Plain),
                    ("poster.jpg", Manner::Poster),
                    ("frame-rings.jpg", Manner::Framed),
                    ("dunes.jpg", Manner::Framed),
                    ("snow.jpg", Manner::Lazy),
                ],
            },
            Page {
                path: "/slow",
                title: "Slow",
                words: "This page takes its time before it answers.",
                behaviour: Behaviour::Slow,
                shows: &[
                    ("lanterns.jpg", Manner::Plain),
                    ("ribbons.png", Manner::Plain),
                    ("static.png", Manner::Plain),
                ],
            },
            Page {
                path: "/restless",
                title: "Restless",
                words: "This page answers with an error at first and recovers by itself.",
                behaviour: Behaviour::Restless,
                shows: &[
                    ("card-two.png", Manner::Plain),
                    ("waves.jpg", Manner::Plain),
                    ("targets.gif", Manner::Plain),
                ],
            },
        ],
    },
    Shop {
        host: HOSTS[1].name,
        title: "Pictures of the Town",
        folder: "img",
        hue: 215,
        pages: &[
            Page {
                path: "/town",
                title: "Town",
                words: "Windows, water and a crossing. One drawing also hangs in the Gallery.",
                behaviour: Behaviour::Prompt,
                shows: &[
                    ("arrow.png", Manner::Icon),
                    ("towers.png", Manner::Plain),
                    ("harbour.jpg", Manner::Plain),
                    ("bubbles-copy.jpg", Manner::Plain),
                    ("crossing.png", Manner::Background),
                    ("card-hello.png", Manner::Plain),
                ],
            },
            Page {
                path: "/cards",
                title: "Cards",
                words: "Cards with a few words on them.",
                behaviour: Behaviour::Prompt,
                shows: &[
                    ("card-tea.jpg", Manner::Plain),
                    ("card-two.png", Manner::Plain),
                    ("card-hello.png", Manner::Plain),
                    ("postcard.jpg", Manner::Lazy),
                ],
            },
            Page {
                path: "/clock",
                title: "The Clock",
                words: "A film of six seconds, and a card beside it.",
                behaviour: Behaviour::Prompt,
                shows: &[
                    ("clock.webm", Manner::Film),
                    ("card-tea.jpg", Manner::Plain),
                    ("crossing.png", Manner::Plain),
                ],
            },
        ],
    },
    Shop {
        host: HOSTS[2].name,
        title: "Album from Abroad",
        folder: "photos",
        hue: 28,
        pages: &[
            Page {
                path: "/travel",
                title: "Travel",
                words: "Drawings that were carried here from other places.",
                behaviour: Behaviour::Prompt,
                shows: &[
                    ("sunset.png", Manner::Plain),
                    ("meadow.jpg", Manner::Plain),
                    ("postcard.jpg", Manner::Plain),
                    ("dunes.jpg", Manner::Background),
                    ("harbour.jpg", Manner::Lazy),
                ],
            },
            Page {
                path: "/shapes",
                title: "Shapes",
                words: "Circles, tiles and rings.",
                behaviour: Behaviour::Prompt,
                shows: &[
                    ("bubbles.png", Manner::Plain),
                    ("mosaic.png", Manner::Plain),
                    ("rings.jpg", Manner::Plain),
                    ("targets.gif", Manner::Plain),
                    ("static.png", Manner::Plain),
                ],
            },
        ],
    },
];
