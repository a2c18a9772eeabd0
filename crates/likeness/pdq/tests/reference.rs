//! Every drawn picture has, bit for bit, the hashes and qualities that the reference gives it.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has to fail"
)]

use std::str::FromStr;

use pdq::{Hash256, Hashes, Outcome, Picture};

mod drawn;

const VECTORS: &str = include_str!("reference/vectors.txt");

fn hashes(number: usize) -> Hashes {
    let drawn = drawn::draw(number);
    let picture = match drawn.channels {
        1 => Picture::grey(drawn.width, drawn.height, &drawn.bytes),
        _ => Picture::rgb(drawn.width, drawn.height, &drawn.bytes),
    };
    match picture.unwrap().hash() {
        Outcome::Hashed(hashes) => hashes,
        Outcome::NotHashable(why) => panic!("picture {number}: {why}"),
    }
}

fn lines(kind: &str) -> impl Iterator<Item = (usize, Vec<&'static str>)> {
    VECTORS.lines().filter_map(move |line| {
        let mut words = line.split(' ');
        (words.next() == Some(kind)).then_some(())?;
        Some((words.next()?.parse().unwrap(), words.collect()))
    })
}

#[test]
fn both_definitions_and_their_qualities_equal_the_reference_on_every_picture() {
    let mut compared = 0;
    for (number, expected) in lines("hash") {
        let found = hashes(number);
        let words = [
            found.full.quality.to_string(),
            found.full.hash.to_string(),
            found.reduced.quality.to_string(),
            found.reduced.hash.to_string(),
        ];
        assert_eq!(words.as_slice(), expected, "picture {number}");
        compared += 1;
    }
    assert_eq!(compared, drawn::COUNT);
}

#[test]
fn turned_and_mirrored_hashes_equal_the_reference() {
    let mut compared = 0;
    for (number, expected) in lines("turns") {
        let expected: Vec<Hash256> = expected
            .into_iter()
            .map(|hash| Hash256::from_str(hash).unwrap())
            .collect();
        assert_eq!(
            hashes(number).full.dihedral()[1..],
            expected,
            "picture {number}"
        );
        compared += 1;
    }
    assert_eq!(compared, 8);
}

#[test]
fn the_hash_of_a_turned_picture_is_foretold() {
    let drawn = drawn::draw(3);
    let rgb =
        image::RgbImage::from_raw(drawn.width as u32, drawn.height as u32, drawn.bytes).unwrap();
    let image = image::DynamicImage::ImageRgb8(rgb);
    let hash = |image: &image::DynamicImage| match pdq::hash_image(image) {
        Outcome::Hashed(hashes) => hashes.full,
        Outcome::NotHashable(why) => panic!("{why}"),
    };
    let foretold = hash(&image).dihedral();
    for (turned, which) in [
        (image.rotate270(), 1),
        (image.rotate180(), 2),
        (image.rotate90(), 3),
        (image.flipv(), 4),
        (image.fliph(), 5),
        (image.rotate90().fliph(), 6),
        (image.rotate270().fliph(), 7),
    ] {
        let found = hash(&turned).hash;
        let nearest = (0..8).min_by_key(|&turn| foretold[turn].distance(&found));
        // The reduction takes its samples a little off centre, so that a turned copy is near and not equal.
        assert_eq!(nearest, Some(which), "{}", foretold[which].distance(&found));
        assert!(foretold[which].distance(&found) <= 31, "turn {which}");
    }
}
