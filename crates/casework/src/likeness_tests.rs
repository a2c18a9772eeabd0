use super::live::known;
use super::*;
use capture::Looks;
use ground::both_engines;
use image::{DynamicImage, Rgb, RgbImage, imageops::FilterType};

type Tested<T> = Result<T, Box<dyn std::error::Error>>;

/// A drawn scene of discs; another `seed` is another picture.
fn drawn(seed: u32) -> DynamicImage {
    let discs: Vec<(i64, i64, i64)> = (0..40_u32)
        .map(|n| {
            let mixed = (seed * 97 + n * 31 + 7).wrapping_mul(2_654_435_761);
            let at = |shift: u32, of: u32| i64::from((mixed >> shift) % of);
            (at(4, 640), at(12, 480), 20 + at(20, 60))
        })
        .collect();
    DynamicImage::ImageRgb8(RgbImage::from_fn(640, 480, |x, y| {
        let (px, py) = (i64::from(x), i64::from(y));
        let inside = discs
            .iter()
            .filter(|(cx, cy, r)| (px - cx).pow(2) + (py - cy).pow(2) < r * r)
            .count();
        let tone = u8::try_from((inside * 83 + usize::from(x > 300) * 40) % 256).unwrap_or(0);
        Rgb([tone, 255 - tone, tone / 2])
    }))
}

fn likeness(image: &DynamicImage) -> Likeness {
    let pdq::Outcome::Hashed(hashes) = pdq::hash_image(image) else {
        return Likeness::NotHashable("even".into());
    };
    let json = serde_json::json!({ "hashed": {
        "turns": hashes.full.dihedral().map(|turn| turn.to_string()),
        "quality": hashes.full.quality,
        "reduced": hashes.reduced.hash.to_string(),
    }});
    serde_json::from_value(json).unwrap()
}

/// Of a picture good enough to be looked up at all.
fn looks(image: &DynamicImage) -> Looks {
    let looks = *likeness(image).looks().unwrap();
    assert!(looks.quality >= 50, "quality {}", looks.quality);
    looks
}

fn drawing(number: u128, image: &DynamicImage) -> Known {
    let looks = looks(image);
    Known {
        content: ContentId::from_bits(number),
        hashes: [looks.pdq(), looks.pdq_512()],
    }
}

fn again_as_jpeg(image: &DynamicImage) -> DynamicImage {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 35);
    image.write_with_encoder(encoder).unwrap();
    image::load_from_memory(bytes.get_ref()).unwrap()
}

#[tokio::test]
async fn altered_copies_are_recognised_and_other_pictures_are_not() -> Tested<()> {
    let (one, other) = (drawn(1), drawn(2));
    let live = Live::of(vec![drawing(1, &one), drawing(2, &other)], vec![]).await?;
    let mut marked = one.to_rgb8();
    for (x, y) in (500..620).flat_map(|x| (440..460).map(move |y| (x, y))) {
        let lighter = marked.get_pixel(x, y).0.map(|tone| tone / 2 + 127);
        marked.put_pixel(x, y, Rgb(lighter));
    }
    let copies = [
        again_as_jpeg(&one),
        one.resize_exact(320, 240, FilterType::Triangle),
        one.resize_exact(1_280, 960, FilterType::Triangle),
        one.crop_imm(3, 2, 634, 476),
        DynamicImage::ImageRgb8(marked),
    ];
    let mut covered = one.to_rgb8();
    for (x, y) in (500..620).flat_map(|x| (440..460).map(move |y| (x, y))) {
        covered.put_pixel(x, y, Rgb([255, 255, 255]));
    }
    // The limit of the rule: an opaque bar over 0.8 % of this drawing moves 50 bits.
    let covered = looks(&DynamicImage::ImageRgb8(covered));
    assert!(live.near(&covered, &[], 31).is_empty());
    for (n, copy) in copies.iter().enumerate() {
        let near = live.near(&looks(copy), &[], 31);
        let found: Vec<_> = near
            .iter()
            .map(|near| (near.content, near.turned))
            .collect();
        assert_eq!(
            found,
            [(ContentId::from_bits(1), false)],
            "copy {n}: {near:?}"
        );
    }
    let turned = live.near(&looks(&one.rotate90()), &[], 31);
    assert!(
        turned
            .iter()
            .any(|near| near.turned && near.content == ContentId::from_bits(1))
    );
    assert!(live.near(&looks(&drawn(3)), &[], 31).is_empty());
    Ok(())
}

#[tokio::test]
async fn a_shredded_picture_is_not_found_and_a_new_one_is_found_at_once() -> Tested<()> {
    let one = drawn(1);
    let mut live = Live::of(vec![drawing(1, &one)], vec![]).await?;
    live.withdraw(ContentId::from_bits(1));
    assert!(live.near(&looks(&one), &[], 31).is_empty());
    live.admit(Recent {
        pictures: vec![drawing(5, &one)],
        films: vec![],
    });
    assert_eq!(
        live.near(&looks(&one), &[], 31)[0].content,
        ContentId::from_bits(5)
    );
    Ok(())
}

#[test]
fn an_even_picture_is_not_matched_by_likeness() {
    let even = DynamicImage::ImageRgb8(RgbImage::from_pixel(300, 200, Rgb([80, 80, 80])));
    assert!(likeness(&even).looks().is_none());
}

both_engines! {
    async fn a_hash_is_read_back_from_the_records_unless_it_is_poor_or_shredded(db: Db) {
        let tx = db.upkeep("test").await?;
        let of = |n: u128| ContentId::from_bits(n);
        for n in 1..=3_u128 {
            tx.execute(
                "insert into content (id, sha256, sha1, md5, size_bytes, media_type, original,
                     found_at_ms) values ($1, $2, $2, $2, 1, 'image/png', $2, 0)",
                values![of(n), format!("drawing {n}")],
            )
            .await?;
        }
        for n in 1..=2_u128 {
            tx.execute(
                "insert into seal_key (owner, class, wrapped, made_at_ms) values ($1, 'content', $2, 0)",
                values![of(n), vec![1_u8]],
            )
            .await?;
        }
        let sharp = likeness(&drawn(1));
        assert!(put(&tx, of(1), &sharp).await?);
        assert!(!put(&tx, of(1), &sharp).await?);
        put(&tx, of(3), &sharp).await?;
        put(&tx, of(2), &Likeness::NotHashable("the picture is one even tone".into())).await?;
        tx.commit().await?;
        let read = known(&db, 50).await?;
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].hashes[0], looks(&drawn(1)).pdq());
        assert!(known(&db, 101).await?.is_empty());
    }
}
