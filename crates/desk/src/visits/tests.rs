use axum::body::Body;
use axum::http::Request;
use casework::desk::staged::a_report;
use ground::{Act, Ask as _, Fact, both_engines, values};
use staff::Role;

use crate::report::scene::{lines, report};
use crate::testing::{Answer, Browser, House, house};
use crate::who::COOKIE;

const BOUNDARY: &str = "sheet-of-paper";

/// Sends a form with a file, as a browser does.
async fn upload(
    house: &House,
    browser: &Browser,
    path: &str,
    fields: &[(&str, &str)],
    file: &[u8],
) -> Answer {
    let mut body = Vec::new();
    let mut part = |head: String, bytes: &[u8]| {
        body.extend_from_slice(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    };
    let disposition = "Content-Disposition: form-data; name=";
    for (name, value) in fields {
        part(format!("{disposition}\"{name}\""), value.as_bytes());
    }
    part(
        format!("{disposition}\"file\"; filename=\"their-name.png\""),
        file,
    );
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("sec-fetch-site", "same-origin")
        .header(
            "cookie",
            format!("{COOKIE}={}", browser.cookie.clone().unwrap_or_default()),
        )
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        );
    house.send(request.body(Body::from(body)).unwrap()).await
}

both_engines! {
    async fn the_room_shows_the_queue_and_that_visits_are_paused_and_no_address(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let empty = house.get(&mut ann, "/visits").await.body;
        assert!(empty.contains("No visit waits.") && empty.contains("Our line has never failed its test"));
        let (id, _, visit) = a_report(&house.desk.work, "one").await?;
        report(&house, 1, &[("b.example", None)]).await?;
        let tx = house.desk.db.act(&Act::by_worker("checker", house.now()), "test").await?;
        tx.record("site", &Fact::Canary { healthy: false });
        tx.commit().await?;
        let page = house.get(&mut ann, "/visits").await.body;
        assert!(page.contains("Visits are paused: our own line does not pass its test"));
        assert!(page.contains(&format!("href=\"/reports/{id}\"")));
        assert!(page.contains(&format!("href=\"/visits/{visit}\"")));
        assert!(page.contains("the server answered with an error (503)"), "by cause");
        assert!(!page.contains("gallery.example") && !page.contains("b.example"));
    }
}

both_engines! {
    async fn where_somebody_waits_for_a_visit_it_is_told_that_visits_are_paused_and_why(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let (waits, ..) = a_report(&house.desk.work, "one").await?;
        let visited = report(&house, 1, &[("b.example", Some("a"))]).await?;
        for report in [waits, visited] {
            house.post(&mut ann, &format!("/reports/{report}/take"), "").await;
        }
        let pages = ["/queue".to_owned(), format!("/reports/{waits}"), format!("/reports/{visited}")];
        let says = "Visits are paused: our own line does not pass its test";
        for (works, told) in [(true, [false; 3]), (false, [true, true, false]), (true, [false; 3])] {
            let tx = house.desk.db.act(&Act::by_worker("checker", house.now()), "test").await?;
            tx.record("site", &Fact::Canary { healthy: works });
            tx.commit().await?;
            for (page, told) in pages.iter().zip(told) {
                let shown = house.get(&mut ann, page).await.body;
                assert!(shown.contains("class=\"head\""), "{page}");
                assert_eq!(shown.contains(says), told, "{page} while the line works: {works}");
                assert_eq!(shown.contains("tell who looks after the machines"), told);
            }
        }
    }
}

both_engines! {
    async fn a_look_again_is_asked_for_with_a_reason(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let (_, _, visit) = a_report(&house.desk.work, "one").await?;
        let page = house.get(&mut ann, &format!("/visits/{visit}")).await.body;
        assert!(page.contains("new address") && !page.contains("gallery.example"));
        let again = format!("/visits/{visit}/again");
        let without = house.post(&mut ann, &again, "reason-again=+").await;
        assert_eq!(without.status.as_u16(), 422);
        assert!(without.body.contains("Give a reason."));
        assert_eq!(lines(&house, "visit_wanted").await?, 0);
        let done = house.post(&mut ann, &again, "reason-again=the+host+is+back").await;
        assert_eq!(done.to(), "/visits?told=report-visit-wanted");
        assert_eq!(lines(&house, "visit_wanted").await?, 1);
        let room = house.get(&mut ann, "/visits").await.body;
        assert!(room.contains("asked for at the desk"));
    }
}

both_engines! {
    async fn a_file_is_taken_by_who_holds_the_report_and_its_name_is_not_kept(db: Db) {
        let house = house(db.clone());
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let (id, address, _) = a_report(&house.desk.work, "one").await?;
        let path = format!("/reports/{id}/file");
        let first = house.get(&mut ann, &path).await;
        assert_eq!(first.to(), format!("/reports/{id}"), "it must be taken first");
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let number = ::report::find(&db, id).await?.ok_or("none")?.number;
        let led = house.get(&mut ann, &format!("/visits/file?number={number}")).await;
        assert_eq!(led.to(), path);
        let unknown = house.get(&mut ann, "/visits/file?number=nothing").await;
        assert_eq!(unknown.status.as_u16(), 422);
        assert!(unknown.body.contains("There is no report with this number."));
        let form = house.get(&mut ann, &path).await.body;
        assert!(form.contains("http://gallery.example/one.html") && form.contains("checked"));
        let (at, token) = (address.to_string(), ann.token.clone());
        let form = |reason: &'static str| {
            [("form_token", token.as_str()), ("address", at.as_str()), ("reason-file", reason)]
        };
        let said = form("sent by a partner");
        let empty = upload(&house, &ann, &path, &said, b"").await;
        assert_eq!(empty.status.as_u16(), 422);
        assert!(empty.body.contains("Choose a file that is not empty."));
        let unsaid = upload(&house, &ann, &path, &form(""), b"\x89PNG").await;
        assert!(unsaid.body.contains("Give a reason."));
        // There is no child in this house: our own failure is said, and nothing is kept.
        let ours = upload(&house, &ann, &path, &said, b"\x89PNG").await;
        assert!(ours.body.contains("which says nothing about it"), "{}", ours.body);
        assert!(!ours.body.contains("their-name"));
        assert_eq!(db.count("select count(*) as n from content", values![]).await?, 0);
        let untold = upload(&house, &ann, &path, &said[1..], b"\x89PNG").await;
        assert_eq!(untold.status.as_u16(), 403, "without the token of a page");
    }
}

both_engines! {
    async fn a_file_larger_than_a_picture_may_be_is_refused_before_it_is_read(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let (id, ..) = a_report(&house.desk.work, "one").await?;
        house.post(&mut ann, &format!("/reports/{id}/take"), "").await;
        let path = format!("/reports/{id}/file");
        house.get(&mut ann, &path).await;
        let large = vec![7; house.desk.work.largest_file() as usize + (1 << 20)];
        let token = ann.token.clone();
        let refused = upload(&house, &ann, &path, &[("form_token", token.as_str())], &large).await;
        assert_eq!(refused.status.as_u16(), 413);
        assert!(refused.body.contains("The file is larger than may be taken."));
        // No other form takes one.
        let small = upload(&house, &ann, &format!("/reports/{id}/give-back"), &[("form_token", token.as_str())], b"x").await;
        assert_eq!(small.status.as_u16(), 403);
    }
}
