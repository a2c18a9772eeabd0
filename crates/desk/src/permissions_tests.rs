use super::*;
use crate::gate::Stopped;
use crate::testing::{Answer, Browser, House, PASSWORD, house};
use ground::both_engines;
use staff::DemoFactor;
use std::collections::BTreeSet;

#[test]
fn the_file_is_well_formed() {
    assert!(Permissions::parse(FILE).unwrap().iter().count() > 10);
}

#[test]
fn a_bad_line_is_named() {
    let bad = |text: &str| Permissions::parse(text).unwrap_err().line;
    assert_eq!(bad("GET / anyone\nGET /x"), 2);
    assert_eq!(bad("FETCH / anyone"), 1);
    assert_eq!(bad("GET / boss"), 1);
    assert_eq!(bad("\n\nGET"), 3);
    assert_eq!(bad("GET / anyone\nGET / signed-in"), 2);
    assert!(Permissions::parse("# remark\n\nGET /x analyst senior # why").is_ok());
}

#[test]
fn every_route_has_a_line_and_every_line_a_route() {
    let built: BTreeSet<String> = crate::routes()
        .listed()
        .iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let written: BTreeSet<String> = permissions()
        .iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert_eq!(
        built, written,
        "left: routes that exist, right: lines of routes.txt"
    );
}

/// Whether the gate let the request through, whatever the page then answered.
fn passed(answer: &Answer) -> bool {
    answer.stopped != Some(Stopped::NoEntry)
}

/// A path of this shape that exists or leads nowhere.
fn example(path: &str) -> String {
    path.split('/')
        .map(|part| {
            if part.starts_with('{') {
                "unknown"
            } else {
                part
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// Sends no form token: who is let in is stopped by that, and nothing is changed.
async fn lets_in(house: &House, browser: &Browser, method: &str, path: &str) -> bool {
    let mut browser = browser.clone();
    passed(&house.ask(&mut browser, method, &example(path), "").await)
}

/// What the walk found, in the words of the file.
fn said(nobody: bool, half: bool, roles: &[Role]) -> String {
    if nobody {
        "anyone".to_owned()
    } else if half {
        "signing-in".to_owned()
    } else if roles.len() == Role::ALL.len() {
        "signed-in".to_owned()
    } else {
        roles
            .iter()
            .map(|role| role.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

both_engines! {
    async fn every_route_lets_in_exactly_who_the_file_names(db: Db) {
        let house = house(db);
        let mut people = Vec::new();
        for role in Role::ALL {
            people.push((*role, house.signed_in(role.as_str(), &[*role]).await?));
        }
        house.account("half", &[Role::Analyst], DemoFactor::Secret([7; 20])).await?;
        let half = house.desk.staff.sign_in("half", PASSWORD, None).await?;
        let half = Browser {
            cookie: Some(half.token.to_cookie().to_string()),
            ..Browser::default()
        };
        let (mut found, mut written) = (Vec::new(), Vec::new());
        for (method, path, who) in permissions().iter() {
            let by_nobody = lets_in(&house, &Browser::default(), method, path).await;
            let by_half = lets_in(&house, &half, method, path).await;
            let mut roles = Vec::new();
            for (role, browser) in &people {
                if lets_in(&house, browser, method, path).await {
                    roles.push(*role);
                }
            }
            found.push(format!("{method} {path} {}", said(by_nobody, by_half, &roles)));
            written.push(format!("{method} {path} {who}"));
        }
        assert_eq!(found, written);
    }
}

both_engines! {
    async fn a_route_without_a_line_is_refused_to_everybody(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("beheer", &[Role::Administrator]).await?;
        for (method, path) in [("GET", "/nowhere"), ("DELETE", "/people"), ("POST", "/"), ("PUT", "/me")] {
            let answer = house.ask(&mut browser, method, path, "").await;
            assert_eq!((answer.status.as_u16(), passed(&answer)), (404, false), "{method} {path}");
        }
        let answer = house.get(&mut browser, "/nowhere").await;
        assert!(answer.body.contains("<h1>This did not work</h1>"), "a page, not a blank");
        let nobody = house.get(&mut Browser::default(), "/nowhere").await;
        assert_eq!(nobody.status.as_u16(), 404);
    }
}

both_engines! {
    async fn a_lacking_role_looks_like_a_page_that_is_not_there(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("wilg", &[Role::Analyst]).await?;
        let refused = house.get(&mut browser, "/people").await;
        let absent = house.get(&mut browser, "/nowhere").await;
        assert_eq!(refused.status, absent.status);
        // The tokens of the pages are made in the same hour, so the pages are the same to the byte.
        assert_eq!(refused.body, absent.body);
    }
}
