use axum::body::Body;
use axum::http::Request;
use data_encoding::HEXLOWER;
use ground::{Ask as _, Chance, Clock, Db, both_engines, migrate};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::BodyExt as _;
use sha2::Sha256;
use tower::ServiceExt as _;
use vault::IntakeSecret;

use super::*;

const APP: &str = "the-secret-of-the-app";
const WORD: &str = "the-word-in-the-header";
/// Escaped letters, so that the bytes are not what writing them again would give.
const BODY: &[u8] = br#"{"entry":[{"x":"\u00e9\/"}]}"#;

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn line(db: Db) -> Router {
    let (_, public) = IntakeSecret::from_seed(&[7; 32]);
    let inlet = Inlet::open(db, public, Clock::system(), Chance::system());
    router(
        inlet,
        Platforms {
            whatsapp: Some(WhatsApp {
                app_secret: secret(APP),
                verify_token: secret("the-word-agreed-on"),
            }),
            telegram: Some(secret(WORD)),
        },
    )
}

fn signature(under: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(under.as_bytes()).unwrap();
    mac.update(body);
    HEXLOWER.encode(&mac.finalize().into_bytes())
}

async fn answer(line: &Router, request: Request<Body>) -> (u16, Vec<u8>) {
    let answer = line.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    (status, body.to_vec())
}

async fn post(
    line: &Router,
    to: &str,
    header: Option<(&str, String)>,
    body: &[u8],
) -> (u16, Vec<u8>) {
    let mut request = Request::post(to);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    answer(line, request.body(Body::from(body.to_vec())).unwrap()).await
}

async fn stored(db: &Db) -> i64 {
    db.count("select count(*) as n from envelope", vec![])
        .await
        .unwrap()
}

both_engines! {
    @steps migrate::LETTERBOX;
    async fn only_what_the_app_signed_is_taken_and_the_answer_is_empty(db: Db) {
        let line = line(db.clone());
        let header = |value: String| Some(("x-hub-signature-256", value));
        let right = signature(APP, BODY);
        let wrong = [
            None,
            header(String::new()),
            header(right.clone()),
            header(format!("sha256={}", &right[..62])),
            header(format!("sha1={right}")),
            header(format!("sha256={}", signature("an-old-secret-of-the-app", BODY))),
            header(format!("sha256={}", signature(APP, b"{\"entry\":[{\"x\":\"\xc3\xa9/\"}]}"))),
        ];
        for header in wrong {
            assert_eq!(post(&line, WHATSAPP, header, BODY).await, (401, vec![]));
        }
        assert_eq!(stored(&db).await, 0);
        for hex in [right.clone(), right.to_uppercase()] {
            let taken = post(&line, WHATSAPP, header(format!("sha256={hex}")), BODY).await;
            assert_eq!(taken, (200, vec![]));
        }
        assert_eq!(stored(&db).await, 2);
    }
}

both_engines! {
    @steps migrate::LETTERBOX;
    async fn telegram_is_known_by_its_word_and_answered_with_nothing(db: Db) {
        let line = line(db.clone());
        let header = |value: &str| Some(("x-telegram-bot-api-secret-token", value.to_owned()));
        for header in [None, header(""), header("the-word-in-the-heade"), header("THE-WORD-IN-THE-HEADER")] {
            assert_eq!(post(&line, TELEGRAM, header, b"{}").await, (401, vec![]));
        }
        assert_eq!(post(&line, TELEGRAM, header(WORD), b"{\"update_id\":1}").await, (200, vec![]));
        assert_eq!(post(&line, TELEGRAM, header(WORD), b"not json at all").await, (200, vec![]));
        assert_eq!(stored(&db).await, 2);
    }
}

both_engines! {
    @steps migrate::LETTERBOX;
    async fn what_cannot_be_stored_is_not_acknowledged(db: Db) {
        let line = line(db.clone());
        let tx = db.upkeep("break it").await?;
        tx.execute("drop table envelope", vec![]).await?;
        tx.commit().await?;
        let header = Some(("x-telegram-bot-api-secret-token", WORD.to_owned()));
        assert_eq!(post(&line, TELEGRAM, header, b"{}").await, (503, vec![]));
        let asked = Request::get(HEALTH).body(Body::empty())?;
        assert_eq!(answer(&line, asked).await.0, 503);
    }
}

both_engines! {
    @steps migrate::LETTERBOX;
    async fn the_hand_is_given_to_who_knows_the_word_and_only_a_number_comes_back(db: Db) {
        let line = line(db);
        let ask = async |query: &str| {
            let asked = Request::get(format!("{WHATSAPP}?{query}")).body(Body::empty()).unwrap();
            answer(&line, asked).await
        };
        let known = "hub.mode=subscribe&hub.verify_token=the-word-agreed-on";
        assert_eq!(ask(&format!("{known}&hub.challenge=1158201444")).await, (200, b"1158201444".to_vec()));
        assert_eq!(ask(&format!("{known}&hub.challenge=%3Cscript%3E")).await, (403, vec![]));
        assert_eq!(ask("hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1").await, (403, vec![]));
        assert_eq!(ask("").await, (403, vec![]));
    }
}

both_engines! {
    @steps migrate::LETTERBOX;
    async fn three_megabytes_are_taken_and_much_more_is_not(db: Db) {
        let line = line(db.clone());
        let header = || Some(("x-telegram-bot-api-secret-token", WORD.to_owned()));
        assert_eq!(post(&line, TELEGRAM, header(), &vec![b' '; 3_000_000]).await.0, 200);
        assert_eq!(post(&line, TELEGRAM, header(), &vec![b' '; 5_000_000]).await.0, 413);
        assert_eq!(stored(&db).await, 1);
    }
}

#[test]
fn a_secret_that_could_be_guessed_is_none() {
    assert!(Secret::new("too short").is_none());
    assert!(Secret::new(APP).is_some());
}
