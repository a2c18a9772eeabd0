//! The page as a provider's abuse desk uses it, over HTTP, on both engines.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use casework::Casework;
use casework::desk::staged::{Fault, a_contact, a_provider, because, hosted_by, illegal_item};
use casework::provider_page::LinkSetting;
use ground::clock::DAY_MS;
use ground::{Chance, Db, Instant, StaffId, TakedownId, TestClock, both_engines};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use vault::{HotlineKeys, Objects, Vault};

use crate::{Hatch, router};

struct House {
    work: Casework,
    clock: TestClock,
    face: Router,
    item: TakedownId,
    link: String,
}

/// One item of which a provider was told, and the link in its notice.
async fn house(db: Db) -> Result<House, Fault> {
    let clock = TestClock::at(Instant::from_ms(1_795_500_000_000));
    let keys = HotlineKeys::from_seed(&[9; 32]);
    let vault = Vault::new(keys, Objects::in_memory(), clock.clock(), Chance::system());
    let mut parts = casework::testing::parts(db, vault, clock.clock())?;
    parts.settings.provider_page = Some(LinkSetting {
        origin: "https://providers.hotline.example".into(),
        lasts_ms: 30 * DAY_MS,
    });
    let work = Casework::new(parts);
    let item = illegal_item(&work, "one.png", None).await?;
    let provider = a_provider(&work).await?;
    let contact = a_contact(&work, provider, "abuse@hosting.example").await?;
    let ann = StaffId::from_bits(1);
    work.approve_contact(ann, contact, 0, because("theirs")?)
        .await?;
    hosted_by(&work, item, provider, Some(contact)).await?;
    clock.advance_ms(DAY_MS);
    work.gather_notices().await?;
    let notices = notice::list(&work.db, None, 1, 0).await?;
    let id = notices.first().ok_or("no notice")?.id;
    let mail = notice::open_mail(&work.db, &work.vault, id).await?;
    // Quoted-printable may have broken the line.
    let raw = mail.raw.replace("=\r\n", "");
    let (_, rest) = raw
        .split_once("https://providers.hotline.example/p/")
        .ok_or("no link in the notice")?;
    let link: String = rest
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    // As when the relay took it over.
    let moved = takedown::load(&work.db, item).await?.ok_or("no takedown")?;
    let (told, facts) = moved.told(id, work.clock.now())?;
    let act = ground::Act::by_worker("sender", work.clock.now());
    let tx = work.db.act(&act, "stage an answer").await?;
    takedown::save(&tx, &told, &facts).await?;
    tx.commit().await?;
    let face = router(Hatch::new(work.clone(), true, false));
    Ok(House {
        work,
        clock,
        face,
        item,
        link,
    })
}

impl House {
    async fn get(&self, path: &str) -> Result<(StatusCode, String), Fault> {
        let request = Request::get(path).body(Body::empty())?;
        self.send(request).await
    }

    async fn post(&self, path: &str, form: String) -> Result<(StatusCode, String), Fault> {
        let kind = "application/x-www-form-urlencoded";
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(form))?;
        self.send(request).await
    }

    async fn send(&self, request: Request<Body>) -> Result<(StatusCode, String), Fault> {
        let answer = self.face.clone().oneshot(request).await?;
        let status = answer.status();
        let to = answer.headers().get(header::LOCATION).cloned();
        let body = answer.into_body().collect().await?.to_bytes();
        let text = match to {
            Some(to) => to.to_str()?.to_owned(),
            None => String::from_utf8(body.to_vec())?,
        };
        Ok((status, text))
    }
}

both_engines! {
    async fn the_link_in_a_notice_opens_the_page_and_a_response_is_taken_down(db: Db) {
        let house = house(db).await?;
        let path = format!("/p/{}", house.link);
        let (status, page) = house.get(&path).await?;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("lang=\"nl\"") && page.contains("http://gallery.example/one.png"));
        let form = format!("item={}&say=removed&lang=en", house.item);
        let (status, to) = house.post(&path, form).await?;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (_, page) = house.get(&to).await?;
        assert!(page.contains("Taken down for 1 item."), "{page}");
        assert!(page.contains("You said that you removed it"));
        assert_eq!(takedown::responses_about(&house.work.db, house.item).await?.len(), 1);
    }
}

both_engines! {
    async fn what_is_wrong_with_a_form_is_said_and_what_was_typed_stays(db: Db) {
        let house = house(db).await?;
        let path = format!("/p/{}", house.link);
        let (status, page) = house.post(&path, "say=removed&lang=en".into()).await?;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.contains("Tick the items that it is about."));
        let form = format!("item={}&say=objection&words=+&lang=en", house.item);
        let (_, page) = house.post(&path, form).await?;
        assert!(page.contains("Say why you object."));
        assert!(page.contains("checked"), "the tick stays");
        let long = "x".repeat(2_001);
        let form = format!("item={}&say=objection&words={long}&lang=en", house.item);
        let (_, page) = house.post(&path, form).await?;
        assert!(page.contains("at most 2,000 characters") && page.contains(&long));
        assert!(takedown::responses_about(&house.work.db, house.item).await?.is_empty());
    }
}

both_engines! {
    async fn the_list_for_machines_holds_text_and_no_formula(db: Db) {
        let house = house(db).await?;
        let (_, csv) = house.get(&format!("/p/{}/items.csv", house.link)).await?;
        assert_eq!(csv.lines().count(), 2);
        assert!(csv.contains("\"http://gallery.example/one.png\""));
        let (_, json) = house.get(&format!("/p/{}/items.json", house.link)).await?;
        let feed: serde_json::Value = serde_json::from_str(&json)?;
        assert_eq!(feed.pointer("/items/0/there"), Some(&serde_json::Value::Bool(true)));
        assert_eq!(feed.pointer("/next"), Some(&serde_json::Value::Null));
        let sha = feed.pointer("/items/0/sha256").and_then(|v| v.as_str()).unwrap_or("");
        assert_eq!(sha.len(), 64);
    }
}

both_engines! {
    async fn a_wrong_link_shows_nothing_and_an_ended_one_can_only_be_renewed(db: Db) {
        let house = house(db).await?;
        let (first, rest) = house.link.split_at(57);
        let other = if rest == "a" { "b" } else { "a" };
        let (status, page) = house.get(&format!("/p/{first}{other}")).await?;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(!page.contains("gallery.example"));
        house.clock.advance_ms(40 * DAY_MS);
        let (status, page) = house.get(&format!("/p/{}", house.link)).await?;
        assert_eq!(status, StatusCode::GONE);
        assert!(page.contains("/again") && !page.contains("gallery.example"));
        let again = format!("/p/{}/again", house.link);
        let (status, _) = house.post(&again, String::new()).await?;
        assert_eq!(status, StatusCode::ACCEPTED);
        let asked = "select count(*) as n from link_request where sent_at_ms is null";
        assert_eq!(ground::Ask::count(&house.work.db, asked, ground::values![]).await?, 1);
    }
}

both_engines! {
    async fn nothing_may_be_kept_framed_or_told_onwards(db: Db) {
        let house = house(db).await?;
        let request = Request::get(format!("/p/{}", house.link)).body(Body::empty())?;
        let answer = house.face.clone().oneshot(request).await?;
        let says = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or("");
        assert_eq!(says("referrer-policy"), "no-referrer");
        assert_eq!(says("cache-control"), "no-store");
        assert!(says("x-robots-tag").starts_with("noindex"));
        assert!(says("content-security-policy").contains("default-src 'none'"));
        assert!(answer.headers().get("set-cookie").is_none());
    }
}
