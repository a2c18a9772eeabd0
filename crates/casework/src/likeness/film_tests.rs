use super::*;
use ground::both_engines;

/// A frame at this second; another `seed` is another picture.
fn frame(second: u32, seed: u64) -> FilmFrame {
    let mixed = |n: u64| {
        (seed * 1_009 + n)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .rotate_left(29)
    };
    let words = [
        mixed(1),
        mixed(2),
        !mixed(3),
        mixed(4).wrapping_mul(0xD134_2543_DE82_EF95),
    ];
    FilmFrame::new(second * 1_000, Hash256::from_words(words), 90)
}

/// The same frame, re-encoded: so many bits are other ones.
fn altered(second: u32, seed: u64, bits: u32) -> FilmFrame {
    let hash = frame(second, seed).frame().hash.words();
    let words = [hash[0] ^ ((1 << bits) - 1), hash[1], hash[2], hash[3]];
    FilmFrame::new(second * 1_000, Hash256::from_words(words), 70)
}

fn film(frames: Vec<FilmFrame>) -> Film {
    Film {
        duration_ms: Some(20_000),
        codec: "h264".to_owned(),
        frames,
    }
}

fn drawn(number: u128, film: &Film) -> KnownFilm {
    KnownFilm {
        content: ContentId::from_bits(number),
        video: video(film, LikenessRule::default()),
    }
}

fn whole() -> Film {
    film((0..20).map(|n| frame(n, u64::from(n))).collect())
}

fn near(films: &Films, asked: &Film) -> Vec<(ContentId, Option<u8>, u32)> {
    let rule = LikenessRule::default();
    let near = films.near(&video(asked, rule), &[], rule);
    let told = near.iter();
    told.map(|one| (one.content, one.share, one.distance))
        .collect()
}

#[tokio::test]
async fn a_re_encoded_video_is_found_with_the_share_of_its_frames() -> Result<(), WorkError> {
    let films = Films::of(vec![drawn(1, &whole())]).await?;
    let again = film((0..20).map(|n| altered(n, u64::from(n), 12)).collect());
    assert_eq!(
        near(&films, &again),
        [(ContentId::from_bits(1), Some(100), 12)]
    );
    let mut cut: Vec<FilmFrame> = (0..17).map(|n| altered(n, u64::from(n), 4)).collect();
    cut.extend((17..20).map(|n| frame(n, 900 + u64::from(n))));
    assert_eq!(
        near(&films, &film(cut)),
        [(ContentId::from_bits(1), Some(85), 4)]
    );
    Ok(())
}

#[tokio::test]
async fn a_piece_of_a_video_and_one_that_shares_its_title_are_not_proposed() -> Result<(), WorkError>
{
    let films = Films::of(vec![drawn(1, &whole())]).await?;
    let piece = film((0..5).map(|n| frame(n, u64::from(n))).collect());
    assert!(near(&films, &piece).is_empty());
    let mut other = vec![frame(0, 0)];
    other.extend((1..20).map(|n| frame(n, 500 + u64::from(n))));
    assert!(near(&films, &film(other)).is_empty());
    let dark = film(vec![FilmFrame::new(0, Hash256::from_words([0; 4]), 10)]);
    assert!(near(&films, &dark).is_empty());
    Ok(())
}

#[tokio::test]
async fn a_shredded_video_is_not_found_and_a_new_one_is_found_at_once() -> Result<(), WorkError> {
    let mut films = Films::of(vec![drawn(1, &whole())]).await?;
    films.withdraw(ContentId::from_bits(1));
    assert!(near(&films, &whole()).is_empty());
    let rule = LikenessRule::default();
    let recent = [drawn(7, &whole())];
    assert_eq!(films.near(&video(&whole(), rule), &recent, rule).len(), 1);
    films.admit(recent.into());
    assert_eq!(near(&films, &whole())[0].0, ContentId::from_bits(7));
    let listed = films.like(&frame(3, 3).frame().hash, 31);
    assert_eq!(listed, [(ContentId::from_bits(7), 0, Some(3_000))]);
    Ok(())
}

#[test]
fn stored_frames_are_read_back_and_pieces_of_frames_are_not() {
    let frames = whole().frames;
    let bytes = packed(&frames);
    assert_eq!(unpacked(&bytes).as_ref(), Some(&frames));
    assert_eq!(unpacked(&bytes[..bytes.len() - 1]), None);
    assert_eq!(unpacked(&[]), Some(Vec::new()));
}

both_engines! {
    async fn a_video_is_read_back_from_the_records_unless_it_is_shredded(db: Db) {
        let tx = db.upkeep("test").await?;
        let of = |n: u128| ContentId::from_bits(n);
        for n in 1..=2_u128 {
            tx.execute(
                "insert into content (id, sha256, sha1, md5, size_bytes, media_type, original,
                     found_at_ms) values ($1, $2, $2, $2, 1, 'video/mp4', $2, 0)",
                values![of(n), format!("film {n}")],
            )
            .await?;
            assert!(put(&tx, of(n), &whole(), Some("sheet")).await?);
            assert!(!put(&tx, of(n), &whole(), None).await?);
        }
        tx.execute(
            "insert into seal_key (owner, class, wrapped, made_at_ms) values ($1, 'content', $2, 0)",
            values![of(1), vec![1_u8]],
        )
        .await?;
        tx.commit().await?;
        let read = known(&db, LikenessRule::default()).await?;
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].video, video(&whole(), LikenessRule::default()));
        let told = sheet(&db, of(2)).await?.ok_or("no row")?;
        assert_eq!((told.duration_ms, told.codec.as_str()), (Some(20_000), "h264"));
        assert_eq!(told.sheet.as_deref(), Some("sheet"));
    }
}
