use super::*;
use crate::report::scene::{by_script, film, items, lines, report};
use crate::testing::{Browser, House, house};
use axum::http::Request;
use ground::{Act, Ask as _, ContentId, both_engines, values};
use proptest::prelude::*;
use staff::Role;
use vault::Owner;

fn range(text: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(text) = HeaderValue::from_str(text) {
        headers.insert(header::RANGE, text);
    }
    headers
}

#[test]
fn a_range_is_read_as_the_standard_says() {
    let of = |text: &str| asked(&range(text), 1_000);
    assert_eq!(of("bytes=0-"), Asked::Part(0..1_000));
    assert_eq!(of("bytes=10-19"), Asked::Part(10..20));
    assert_eq!(of("bytes=900-5000"), Asked::Part(900..1_000));
    assert_eq!(of("bytes=-100"), Asked::Part(900..1_000));
    assert_eq!(of("bytes=-5000"), Asked::Part(0..1_000));
    assert_eq!(of("bytes=1000-"), Asked::Nothing);
    for whole in ["lines=1-2", "bytes=20-10", "bytes=0-1,5-6", "bytes=x-y"] {
        assert_eq!(of(whole), Asked::All, "{whole}");
    }
    assert_eq!(asked(&HeaderMap::new(), 5), Asked::All);
}

proptest! {
    #[test]
    fn a_range_never_goes_beyond_what_there_is(text in "bytes=[0-9,-]{0,24}", length in 0_u64..5_000) {
        if let Asked::Part(part) = asked(&range(&text), length) {
            prop_assert!(part.start < part.end && part.end <= length);
        }
    }
}

async fn fetched(house: &House, browser: &Browser, path: &str, dest: &str, range: &str) -> Got {
    let cookie = browser.cookie.clone().unwrap_or_default();
    let request = Request::builder()
        .uri(path)
        .header("sec-fetch-dest", dest)
        .header("range", range)
        .header("cookie", format!("{}={cookie}", crate::who::COOKIE));
    let answer = house.send(request.body(Body::empty()).unwrap()).await;
    Got {
        status: answer.status.as_u16(),
        body: answer.body,
    }
}

struct Got {
    status: u16,
    body: String,
}

fn path_in(body: &str) -> Option<String> {
    let told: serde_json::Value = serde_json::from_str(body).ok()?;
    told.get("path")?.as_str().map(str::to_owned)
}

both_engines! {
    async fn a_video_is_shown_sheet_first_and_each_step_stands_in_the_ledger_before_a_byte(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = report(&house, 1, &[("a.example", Some("a"))]).await?;
        let item = items(&house, id, 'a').await?[0];
        let plain: String = (0..200_000).map(|n| char::from(b'a' + (n % 26) as u8)).collect();
        film(&house, 'a', plain.as_bytes(), "h264").await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let page = house.get(&mut ann, &format!("/reports/{id}")).await;
        assert!(page.body.contains("1:23 · h264 · 640 × 480"), "{}", page.body);
        assert!(!page.body.contains("drawn sheet") && !page.body.contains(&plain[..100]));
        let of = |what: &str| format!("/reports/{id}/items/{item}/{what}");
        // Not as a picture, and not before the sheet was seen.
        assert_eq!(by_script(&house, &ann, &of("reveal"), "").await.status.as_u16(), 404);
        let early = by_script(&house, &ann, &of("play"), "").await;
        assert_eq!((early.status.as_u16(), path_in(&early.body)), (409, None));
        assert_eq!((lines(&house, "sheet_revealed").await?, lines(&house, "revealed").await?), (0, 0));
        let sheet = by_script(&house, &ann, &of("sheet"), "").await;
        assert_eq!(lines(&house, "sheet_revealed").await?, 1);
        let sheet = path_in(&sheet.body).ok_or("no path")?;
        assert_eq!(fetched(&house, &ann, &sheet, "image", "").await.body, "drawn sheet");
        let play = by_script(&house, &ann, &of("play"), "").await;
        assert_eq!(lines(&house, "revealed").await?, 1);
        let play = path_in(&play.body).ok_or("no path")?;
        for dest in ["document", "image", "empty"] {
            assert_eq!(fetched(&house, &ann, &play, dest, "").await.status, 404, "{dest}");
        }
        let part = fetched(&house, &ann, &play, "video", "bytes=65530-131080").await;
        assert_eq!(part.status, 206);
        assert!(part.body == plain[65_530..131_081], "across two chunks");
        let rest = fetched(&house, &ann, &play, "video", "bytes=199990-").await;
        assert_eq!((rest.status, rest.body.as_str()), (206, &plain[199_990..]));
        assert_eq!(fetched(&house, &ann, &play, "video", "bytes=200000-").await.status, 416);
        assert!(fetched(&house, &ann, &play, "video", "").await.body == plain);
        assert_eq!(lines(&house, "revealed").await?, 1, "parts of one look");
        let ended = by_script(&house, &ann, &format!("{play}/end"), "").await;
        assert_eq!(ended.status.as_u16(), 204);
        assert_ne!(fetched(&house, &ann, &play, "video", "").await.status, 200);
    }
}

both_engines! {
    async fn a_video_is_played_to_nobody_else_and_not_after_its_time(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let bob = house.signed_in("els", &[Role::Senior]).await?;
        let id = report(&house, 1, &[("a.example", Some("ab"))]).await?;
        film(&house, 'a', b"moving", "h264").await?;
        film(&house, 'b', b"moving", "wmv2").await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let (a, b) = (items(&house, id, 'a').await?[0], items(&house, id, 'b').await?[0]);
        let of = |item: ItemId, what: &str| format!("/reports/{id}/items/{item}/{what}");
        for what in ["sheet", "play"] {
            assert_eq!(by_script(&house, &bob, &of(a, what), "").await.status.as_u16(), 409);
        }
        by_script(&house, &ann, &of(b, "sheet"), "").await;
        assert_eq!(by_script(&house, &ann, &of(b, "play"), "").await.status.as_u16(), 404);
        let page = house.get(&mut ann, &format!("/reports/{id}?item={b}")).await;
        assert!(page.body.contains("No browser plays this kind of video"), "{}", page.body);
        by_script(&house, &ann, &of(a, "sheet"), "").await;
        let play = by_script(&house, &ann, &of(a, "play"), "").await;
        let play = path_in(&play.body).ok_or("no path")?;
        assert_ne!(fetched(&house, &bob, &play, "video", "").await.status, 200);
        house.clock.advance_ms(29_000);
        assert_eq!(fetched(&house, &ann, &play, "video", "").await.body, "moving");
        house.clock.advance_ms(151_000);
        assert_ne!(fetched(&house, &ann, &play, "video", "").await.status, 200);
        // Nor is there anything for whoever guesses a token of the other kind.
        let as_image = play.replace("/playing/", "/revealed/");
        assert_ne!(fetched(&house, &ann, &as_image, "image", "").await.status, 200);
        let tx = house.desk.db.act(&Act::by_worker("retention", house.now()), "shred").await?;
        house.desk.vault.shred(&tx, Owner::Content(ContentId::from_bits(97))).await?;
        tx.commit().await?;
        let again = by_script(&house, &ann, &of(a, "play"), "").await;
        let again = path_in(&again.body).ok_or("no path")?;
        assert_ne!(fetched(&house, &ann, &again, "video", "").await.status, 200, "shredded");
        let count = "select count(*) as n from ledger where kind = 'revealed'";
        assert_eq!(house.desk.db.count(count, values![]).await?, 2);
    }
}
