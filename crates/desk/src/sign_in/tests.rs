use crate::testing::{Browser, ORIGIN, PASSWORD, SECRET, code, house};
use axum::body::Body;
use axum::http::Request;
use ground::both_engines;
use ground::clock::{HOUR_MS, MINUTE_MS};
use pages::Language;
use staff::{DemoFactor, Role};

both_engines! {
    async fn one_signs_in_by_password_and_code_and_out_again(db: Db) {
        let house = house(db);
        house.account("wilg", &[Role::Auditor], DemoFactor::Secret(SECRET)).await?;
        let mut browser = Browser::default();
        assert_eq!(house.get(&mut browser, "/ledger").await.to(), "/sign-in");
        let page = house.get(&mut browser, "/sign-in").await;
        assert!(page.body.contains("autocomplete=\"current-password\""));
        let form = format!("name=wilg&password={}", PASSWORD.replace(' ', "+"));
        let entered = house.post(&mut browser, "/sign-in", &form).await;
        assert_eq!((entered.status.as_u16(), entered.to()), (303, "/sign-in/code"));
        let line = entered.headers["set-cookie"].to_str()?;
        for part in ["__Host-desk=", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
            assert!(line.contains(part), "{line}");
        }
        assert!(!line.contains("Domain"));
        let half = browser.clone();
        assert_eq!(house.get(&mut browser, "/ledger").await.to(), "/sign-in/code");
        house.get(&mut browser, "/sign-in/code").await;
        let form = format!("code={}", code(&SECRET, house.now()));
        assert_eq!(house.post(&mut browser, "/sign-in/code", &form).await.to(), "/");
        assert_ne!(half.cookie, browser.cookie, "the token is a new one (session fixation)");
        assert_eq!(house.get(&mut half.clone(), "/me").await.to(), "/sign-in");
        assert_eq!(house.get(&mut browser, "/").await.to(), "/ledger");
        assert_eq!(house.get(&mut browser, "/ledger").await.status.as_u16(), 200);
        assert_eq!(house.get(&mut browser, "/sign-in").await.to(), "/");

        let kept = browser.clone();
        let out = house.post(&mut browser, "/sign-out", "").await;
        assert_eq!(out.to(), "/sign-in");
        assert_eq!(out.headers["clear-site-data"], "\"cache\", \"cookies\", \"storage\"");
        assert!(browser.cookie.is_none());
        assert_eq!(house.get(&mut kept.clone(), "/ledger").await.to(), "/sign-in", "ended here too");
    }
}

both_engines! {
    async fn a_refused_sign_in_keeps_the_name_and_tells_no_more(db: Db) {
        let house = house(db);
        house.account("wilg", &[Role::Auditor], DemoFactor::Waived).await?;
        let mut bodies = Vec::new();
        for name in ["wilg", "niemand"] {
            let mut browser = Browser::default();
            let form = format!("name={name}&password=something+else");
            let refused = house.post(&mut browser, "/sign-in", &form).await;
            assert_eq!(refused.status.as_u16(), 422);
            assert!(refused.body.contains(&format!("value=\"{name}\"")));
            assert!(!refused.body.contains("something"), "a password is never shown again");
            assert!(!refused.headers.contains_key("set-cookie"));
            bodies.push(refused.body.replace(name, "NAME"));
        }
        assert_eq!(bodies[0], bodies[1]);
    }
}

both_engines! {
    async fn a_first_sign_in_goes_through_picture_code_and_own_password(db: Db) {
        let house = house(db);
        let new = staff::NewAccount {
            name: staff::Name::parse("beheer")?,
            roles: "administrator".parse()?,
            language: staff::Language::Dutch,
        };
        let (_, handed) = house.desk.staff.add(&house.operator(), new).await?;
        let mut browser = Browser::default();
        let form = format!("name=beheer&password={}", handed.reveal());
        let entered = house.post(&mut browser, "/sign-in", &form).await;
        assert_eq!(entered.to(), "/sign-in/second-factor");
        let page = house.get(&mut browser, "/sign-in/second-factor").await;
        assert!(page.body.contains("<svg role=\"img\"") && page.body.contains("Stel uw codes in"));
        let shown = page.body.split_once("<code class=\"mono\">").unwrap().1;
        let spelled = shown.split_once('<').unwrap().0.replace(' ', "");
        let secret = data_encoding::BASE32_NOPAD.decode(spelled.as_bytes())?;
        let wrong = house.post(&mut browser, "/sign-in/second-factor", "code=12345").await;
        assert!(wrong.status.as_u16() == 422 && wrong.body.contains("De code klopt niet"));
        assert!(wrong.body.contains(&shown[..39]), "the picture stays the same");
        let form = format!("code={}", code(&secret, house.now()));
        let confirmed = house.post(&mut browser, "/sign-in/second-factor", &form).await;
        assert_eq!(confirmed.to(), "/sign-in/password");

        house.get(&mut browser, "/sign-in/password").await;
        let form = "chosen=lantaarn+onder+de+brug&again=lantaarn";
        let differs = house.post(&mut browser, "/sign-in/password", form).await;
        assert!(differs.body.contains("De twee zijn niet gelijk"));
        let short = house.post(&mut browser, "/sign-in/password", "chosen=kort&again=kort").await;
        assert!(short.body.contains("Gebruik minstens 12 tekens"));
        let form = "chosen=lantaarn+onder+de+brug&again=lantaarn+onder+de+brug";
        assert_eq!(house.post(&mut browser, "/sign-in/password", form).await.to(), "/");
        assert_eq!(house.get(&mut browser, "/").await.to(), "/people");
    }
}

both_engines! {
    async fn a_form_needs_a_token_of_its_own_session(db: Db) {
        let house = house(db);
        let mut one = house.signed_in("wilg", &[Role::Auditor]).await?;
        let two = house.signed_in("esdoorn", &[Role::Auditor]).await?;
        let own = one.token.clone();
        for token in ["", "nonsense", two.token.as_str()] {
            one.token = token.to_owned();
            let refused = house.post(&mut one, "/me/language", "language=nl").await;
            assert_eq!(refused.status.as_u16(), 403, "{token}");
            assert!(refused.body.contains("open for too long"));
        }
        one.token = own.clone();
        assert_eq!(house.post(&mut one, "/me/language", "language=nl").await.to(), "/me?told=me-language");
        // As a header, the way htmx sends it; and too old.
        let request = |token: &str| {
            Request::post("/me/language")
                .header("sec-fetch-site", "same-origin")
                .header("cookie", format!("__Host-desk={}", one.cookie.clone().unwrap()))
                .header("x-form-token", token)
                .body(Body::from("language=en"))
        };
        assert_eq!(house.send(request(&own)?).await.status.as_u16(), 303);
        for _ in 0..9 {
            house.clock.advance_ms(HOUR_MS / 5);
            house.get(&mut one.clone(), "/me").await;
        }
        assert_eq!(house.send(request(&own)?).await.status.as_u16(), 303);
    }
}

both_engines! {
    async fn another_site_can_neither_sign_in_nor_act(db: Db) {
        let house = house(db);
        let browser = house.signed_in("wilg", &[Role::Auditor]).await?;
        let cookie = format!("__Host-desk={}", browser.cookie.clone().unwrap_or_default());
        let post = |path: &str, headers: &[(&str, &str)]| {
            let mut request = Request::post(path).header("cookie", cookie.as_str());
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let form = format!("form_token={}&name=x&password=y&language=nl", browser.token);
            request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(Body::from(form))
        };
        for path in ["/sign-in", "/me/language", "/sign-out"] {
            for headers in [
                &[("sec-fetch-site", "cross-site")][..],
                &[("sec-fetch-site", "same-site"), ("origin", ORIGIN)],
                &[("origin", "https://evil.example")],
                &[("origin", "null")],
                &[],
            ] {
                let answer = house.send(post(path, headers)?).await;
                assert_eq!(answer.status.as_u16(), 403, "{path} {headers:?}");
            }
        }
        let own = house.send(post("/me/language", &[("origin", ORIGIN)])?).await;
        assert_eq!(own.status.as_u16(), 303);
    }
}

both_engines! {
    async fn a_session_lapses_and_says_so(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("wilg", &[Role::Auditor]).await?;
        house.clock.advance_ms(20 * MINUTE_MS);
        let sent = house.post(&mut browser, "/me/language", "language=nl").await;
        assert_eq!(sent.status.as_u16(), 401);
        assert!(sent.body.contains("no longer signed in") && sent.body.contains("href=\"/sign-in\""));
        assert_eq!(house.get(&mut browser, "/me").await.to(), "/sign-in");
        let part = Request::get("/me").header("hx-request", "true").body(Body::empty())?;
        let part = house.send(part).await;
        assert_eq!((part.status.as_u16(), &part.headers["hx-redirect"]), (401, &"/sign-in".parse()?));
    }
}

both_engines! {
    async fn every_answer_is_strict_and_never_kept(db: Db) {
        let house = house(db);
        let mut browser = house.signed_in("wilg", &[Role::Auditor]).await?;
        for path in ["/sign-in", "/me", "/nowhere", "/", "/ledger"] {
            let answer = house.get(&mut browser, path).await;
            let policy = answer.headers["content-security-policy"].to_str()?;
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
            assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
            assert!(!answer.body.contains(" style=\""), "{path} has an inline style");
        }
        let too_big = format!("x={}", "a".repeat(300_000));
        assert_eq!(house.post(&mut browser, "/me/language", &too_big).await.status.as_u16(), 422);
        let odd = house.post(&mut browser, "/me/language", "language=%ff").await;
        assert_eq!(odd.status.as_u16(), 422);
    }
}

#[test]
fn every_card_has_its_phrases() {
    for lang in Language::ALL {
        for card in ["sign-in", "sign-in-code", "second-factor", "own-password"] {
            for part in ["title", "lead", "button"] {
                assert!(lang.has(&format!("{card}-{part}")), "{card}-{part}");
            }
        }
    }
}

#[test]
fn every_phrase_named_in_the_sources_exists() {
    let sources = [
        include_str!("mod.rs"),
        include_str!("first_time.rs"),
        include_str!("../error.rs"),
        include_str!("../me/mod.rs"),
        include_str!("../people/mod.rs"),
        include_str!("../people/add.rs"),
        include_str!("../people/acts.rs"),
    ];
    let ours = [
        "desk-fault-",
        "sign-in-",
        "password-",
        "people-",
        "roles-fault-",
        "reason-fault-",
    ];
    for text in sources
        .iter()
        .flat_map(|source| source.split('"').skip(1).step_by(2))
    {
        let is_card = text == "sign-in-code";
        if !is_card && ours.iter().any(|start| text.starts_with(start)) && !text.ends_with('-') {
            for lang in Language::ALL {
                assert!(lang.has(text), "{text}");
            }
        }
    }
}
