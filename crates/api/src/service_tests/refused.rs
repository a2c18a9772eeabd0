//! Questions that are refused.

use super::*;

both_engines! {
    async fn a_wrong_question_is_told_what_is_wrong(db: Db) {
        let house = house(db, Quota::USUAL).await;
        let many: Vec<Value> = (0..1_001).map(|_| sha256(1)).collect();
        for (body, status) in [
            (json!({ "hashes": many }), 422),
            (json!({ "hashes": [] }), 422),
            (one(json!({ "kind": "md5", "hash": "ab*" })), 422),
            (json!({ "url": "http://127.0.0.1/" }), 400),
            (json!({ "hashes": ["x".repeat(BODY_BYTES)] }), 413),
        ] {
            assert_eq!(house.ask(&body).await.status, status);
        }
        let heard = house.ask(&json!({ "hashes": [sha256(1), { "kind": "md5", "hash": "a" }] })).await;
        assert_eq!(heard.body["errors"][0]["pointer"], "#/hashes/1");
        let text = house.asking().header("content-type", "text/plain");
        assert_eq!(house.send(text, "{}").await.status, 400, "two kinds: the first one counts");
        let form = Request::builder().method("POST").uri("/v1/hash-check")
            .header("authorization", format!("Bearer {}", house.key))
            .header("content-type", "text/plain");
        assert_eq!(house.send(form, "{}").await.status, 415);
        let with = house.asking().uri("/v1/hash-check?url=http://127.0.0.1/");
        assert_eq!(house.send(with, "{}").await.status, 400);
        let read = Request::builder().uri("/v1/hash-check");
        assert_eq!(house.send(read, "").await.status, 405);
    }
}

both_engines! {
    /// Regression (af): an address in a question, wherever it stands, is refused and never visited.
    async fn no_question_makes_the_service_fetch_anything(db: Db) {
        let house = house(db, Quota::USUAL).await;
        let trap = std::net::TcpListener::bind("127.0.0.1:0")?;
        trap.set_nonblocking(true)?;
        let at = format!("http://{}/picture.png", trap.local_addr()?);
        for body in [
            json!({ "url": at }),
            json!({ "hashes": [], "url": at }),
            json!({ "hashes": at }),
            one(json!({ "url": at })),
            one(json!({ "kind": "url", "hash": at })),
            one(json!({ "kind": "pdq", "hash": at })),
            one(json!({ "kind": at, "hash": at })),
        ] {
            let status = house.ask(&body).await.status;
            assert!(matches!(status, 400 | 422), "{status}: {body}");
        }
        for (method, query) in [("POST", "url"), ("GET", "url"), ("POST", "hashes"), ("GET", "callback")] {
            let uri = format!("/v1/hash-check?{query}={at}");
            let status = house.send(house.asking().method(method).uri(uri), "{}").await.status;
            assert!(matches!(status, 400 | 405), "{status}");
        }
        for header in ["referer", "origin", "x-forwarded-host", "link"] {
            let heard = house.send(house.asking().header(header, &at), &one(sha256(8)).to_string()).await;
            assert_eq!(heard.status, 200);
        }
        // Also none that was begun beside the answer.
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let heard = trap.accept();
        assert!(heard.is_err_and(|fault| fault.kind() == std::io::ErrorKind::WouldBlock));
    }
}
