use crate::report::scene::{film, items, lines, report};
use crate::testing::{Browser, House, house};
use ground::clock::{DAY_MS, HOUR_MS, MINUTE_MS};
use ground::{Ask as _, ItemId, ReportId, both_engines, values};
use staff::Role;

type Tested<T> = Result<T, Box<dyn std::error::Error>>;

/// The usual limits hold, and an analyst has a report of three pictures open. It is seven in the morning.
pub(super) async fn at_work(house: &House) -> Tested<(Browser, ReportId, ItemId)> {
    let mut lead = house.signed_in("rust", &[Role::Wellbeing]).await?;
    let form = "day=300&stretch=60&rest=10&until=16%3A00&hard-run=2&reason-limits=our+policy";
    let set = house.post(&mut lead, "/wellbeing", form).await;
    assert_eq!(set.to(), "/wellbeing?told=rest-site", "{}", set.body);
    let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
    let id = report(house, 1, &[("https://a.example/x", Some("abc"))]).await?;
    house
        .post(&mut ann, &format!("/reports/{id}/take"), "")
        .await;
    house.get(&mut ann, &format!("/reports/{id}")).await;
    film(house, 'b', b"drawn film", "h264").await?;
    let item = items(house, id, 'a').await?[0];
    Ok((ann, id, item))
}

/// Acts that begin or end a stop, or end that the report is held; everything else is asked of each route.
const NOT_ASKED: &[&str] = &[
    "/break",
    "/break/end",
    "/day/end",
    "/reports/{report}/give-back",
    "/reports/{report}/done",
    "/sign-out",
    "/me/password",
    "/me/sessions",
];

/// Asks an analyst's every route, so that a new one is asked as well; gives those that answered with
/// bytes of pictures, of a contact sheet or of a video.
async fn shows(house: &House, ann: &mut Browser, id: ReportId) -> Tested<Vec<String>> {
    let (picture, video) = (
        items(house, id, 'a').await?[0],
        items(house, id, 'b').await?[0],
    );
    let mut showed = Vec::new();
    for line in include_str!("../routes.txt").lines() {
        let mut words = line.split_whitespace();
        let (Some(method @ ("GET" | "POST")), Some(route)) = (words.next(), words.next()) else {
            continue;
        };
        let for_analysts = words.any(|role| role == "analyst" || role == "signed-in");
        if !for_analysts || NOT_ASKED.contains(&route) {
            continue;
        }
        for item in [picture, video] {
            let token = match route {
                "/revealed/{token}" | "/playing/{token}" => tokens(house, ann, id, item).await,
                _ => None,
            };
            let path = route
                .replace("{report}", &id.to_string())
                .replace("{item}", &item.to_string())
                .replace("{token}", token.as_deref().unwrap_or("none"));
            let answer = house.post_or_get(ann, method, &path).await;
            let bytes = [
                "veiled a",
                "veiled b",
                "original a",
                "drawn film",
                "drawn sheet",
            ];
            if bytes.iter().any(|bytes| answer.body.contains(bytes)) {
                showed.push(route.to_owned());
            }
        }
    }
    showed.dedup();
    Ok(showed)
}

/// A token for the picture, or for playing the video after its sheet; none when it is refused.
async fn tokens(house: &House, ann: &mut Browser, id: ReportId, item: ItemId) -> Option<String> {
    let video = items(house, id, 'b').await.ok()?.contains(&item);
    for act in if video {
        &["sheet", "play"][..]
    } else {
        &["reveal"][..]
    } {
        let told = house
            .post(ann, &format!("/reports/{id}/items/{item}/{act}"), "")
            .await;
        let value: serde_json::Value = serde_json::from_str(&told.body).ok()?;
        let path = value.get("path")?.as_str()?.to_owned();
        if *act != "sheet" {
            return path.rsplit('/').next().map(str::to_owned);
        }
    }
    None
}

/// What is asked first by hand: the report, taking it, and the next one.
async fn leads_to_the_break(house: &House, ann: &mut Browser, id: ReportId) {
    let page = house.get(ann, &format!("/reports/{id}")).await;
    let take = house.post(ann, &format!("/reports/{id}/take"), "").await;
    let next = house.post(ann, "/queue/next", "").await;
    assert_eq!(
        (page.to(), take.to(), next.to()),
        ("/break", "/break", "/break")
    );
}

/// A reveal of the item; its token when there is one.
async fn token(house: &House, ann: &mut Browser, id: ReportId, item: ItemId) -> Option<String> {
    let told = house
        .post(ann, &format!("/reports/{id}/items/{item}/reveal"), "")
        .await;
    let (_, rest) = told.body.split_once("/revealed/")?;
    rest.split('"').next().map(str::to_owned)
}

/// A colleague judges this content illegal in a report of its own.
pub(super) async fn judged(house: &House, who: &mut Browser, letter: char) -> Tested<()> {
    let id = report(
        house,
        90,
        &[("https://z.example/x", Some(&letter.to_string()))],
    )
    .await?;
    house.post(who, &format!("/reports/{id}/take"), "").await;
    house.get(who, &format!("/reports/{id}")).await;
    let item = items(house, id, letter).await?[0];
    house
        .post(who, &format!("/reports/{id}/items/{item}/judge"), "quick=1")
        .await;
    let done = house.post(who, &format!("/reports/{id}/done"), "").await;
    assert_eq!(done.to(), "/queue?told=report-done");
    Ok(())
}

both_engines! {
    async fn on_a_break_nothing_is_shown_to_whatever_request(db: Db) {
        let house = house(db);
        let (mut ann, id, item) = at_work(&house).await?;
        let token = token(&house, &mut ann, id, item).await.ok_or("no token")?;
        let revealed = lines(&house, "revealed").await?;
        let playing = tokens(&house, &mut ann, id, items(&house, id, 'b').await?[0]).await.ok_or("no token")?;
        house.post(&mut ann, "/break", "").await;
        leads_to_the_break(&house, &mut ann, id).await;
        assert_eq!(shows(&house, &mut ann, id).await?, [""; 0]);
        let film = house.get(&mut ann, &format!("/playing/{playing}")).await;
        assert_eq!((film.status.as_u16(), film.body.contains("drawn film")), (403, false));
        let bytes = house.get(&mut ann, &format!("/revealed/{token}")).await;
        assert_eq!(bytes.status.as_u16(), 403, "a token from before the break shows nothing");
        assert!(!bytes.body.contains("original"));
        assert_eq!(lines(&house, "revealed").await?, revealed + 1, "what was refused was not shown");
        house.post(&mut ann, "/break/end", "").await;
        let film = house.get(&mut ann, &format!("/playing/{playing}")).await;
        assert_eq!(film.status.as_u16(), 410, "what was playing is over");
        assert_eq!(
            shows(&house, &mut ann, id).await?,
            ["/reports/{report}/items/{item}/veiled", "/revealed/{token}", "/playing/{token}"],
            "the same requests show something when there is no break"
        );
    }
}

both_engines! {
    async fn after_an_hour_with_material_the_server_asks_for_a_break_and_then_goes_on(db: Db) {
        let house = house(db);
        let (mut ann, id, item) = at_work(&house).await?;
        for n in 0..30 {
            house.clock.advance_ms(2 * MINUTE_MS);
            let told = house.post(&mut ann, &format!("/reports/{id}/items/{item}/reveal"), "").await;
            assert!(told.body.contains("/revealed/"), "{}", told.body);
            let near = told.body.contains("A limit is near");
            assert_eq!(near, n >= 23, "told from 48 minutes on: {n}");
        }
        let queue = house.get(&mut ann, "/queue").await.body;
        assert!(queue.contains("A limit is near"), "{queue}");
        house.clock.advance_ms(MINUTE_MS);
        let told = house.post(&mut ann, &format!("/reports/{id}/items/{item}/reveal"), "").await;
        assert!(told.body.contains("It is time for a break"), "{}", told.body);
        leads_to_the_break(&house, &mut ann, id).await;
        assert_eq!(shows(&house, &mut ann, id).await?, [""; 0]);
        let page = house.get(&mut ann, "/break").await.body;
        assert!(page.contains("It is time for a break") && page.contains("1 h 0 min"), "{page}");
        house.clock.advance_ms(10 * MINUTE_MS);
        assert!(token(&house, &mut ann, id, item).await.is_some());
    }
}

both_engines! {
    async fn two_illegal_items_in_a_row_ask_for_a_break_and_judging_itself_is_never_refused(db: Db) {
        let house = house(db);
        let (mut ann, id, _) = at_work(&house).await?;
        for letter in ['a', 'b', 'c'] {
            let item = items(&house, id, letter).await?[0];
            house.post(&mut ann, &format!("/reports/{id}/items/{item}/judge"), "quick=1").await;
        }
        assert_eq!(lines(&house, "content_judged").await?, 3);
        leads_to_the_break(&house, &mut ann, id).await;
        assert_eq!(shows(&house, &mut ann, id).await?, [""; 0]);
        assert!(house.get(&mut ann, "/break").await.body.contains("a lot in a row"));
    }
}

both_engines! {
    async fn after_the_hour_nothing_is_shown_and_ones_own_hour_can_only_be_earlier(db: Db) {
        let house = house(db);
        let (mut ann, id, item) = at_work(&house).await?;
        let wider = house.post(&mut ann, "/break/limits", "until=17%3A00").await;
        assert!(wider.body.contains("can only be narrower"), "{}", wider.body);
        assert!(token(&house, &mut ann, id, item).await.is_some());
        // Seven in the morning and five minutes.
        house.post(&mut ann, "/break/limits", "until=7%3A05").await;
        assert!(token(&house, &mut ann, id, item).await.is_some());
        house.clock.advance_ms(5 * MINUTE_MS);
        leads_to_the_break(&house, &mut ann, id).await;
        assert_eq!(shows(&house, &mut ann, id).await?, [""; 0]);
    }
}

both_engines! {
    async fn what_is_counted_is_private_and_told_together_only_of_five(db: Db) {
        let house = house(db);
        let (mut ann, id, item) = at_work(&house).await?;
        token(&house, &mut ann, id, item).await;
        let mut lead = house.signed_in("linde", &[Role::Wellbeing]).await?;
        let page = house.get(&mut lead, "/wellbeing").await.body;
        assert!(page.contains("Fewer than 5 people"), "{page}");
        assert_eq!(house.get(&mut lead, "/break").await.status.as_u16(), 404);
        let today = staff_days(&house).await?;
        let tx = house.desk.db.upkeep("colleagues").await?;
        for n in 2..=5_u128 {
            let colleague = ground::StaffId::from_bits(n);
            staff::exposure::hold_standing(&tx, colleague, today).await?;
            let day = staff::Day { reveals: 1, last_at: Some(house.now()), ..staff::Day::default() };
            staff::exposure::keep(&tx, colleague, today, &day, DAY_MS).await?;
        }
        tx.commit().await?;
        let page = house.get(&mut lead, "/wellbeing").await.body;
        assert!(page.contains("<dt>People</dt><dd>5</dd>") && !page.contains("wilg"), "{page}");
    }
}

/// The day of the one row there is.
async fn staff_days(house: &House) -> Tested<i64> {
    Ok(house
        .desk
        .db
        .count("select max(day) as n from exposure", vec![])
        .await?)
}

both_engines! {
    async fn at_the_end_of_a_day_one_sees_what_went_well_and_what_one_held_goes_back(db: Db) {
        let house = house(db);
        let (mut ann, id, item) = at_work(&house).await?;
        house.post(&mut ann, &format!("/reports/{id}/items/{item}/judge"), "quick=1").await;
        judged(&house, &mut ann, 'f').await?;
        let page = house.get(&mut ann, "/day").await.body;
        let number = ::report::find(&house.desk.db, id).await?.ok_or("none")?.number.to_string();
        assert!(page.contains(&number), "what one still holds: {page}");
        assert!(page.contains("<dt>Reports you closed today</dt><dd>1</dd>"), "{page}");
        assert!(page.contains("<dt>Pictures you judged today</dt><dd>2</dd>"), "{page}");
        assert!(page.contains("thanks to your judgement</dt><dd>0</dd>"), "{page}");
        let gone = "update watch set presence = 'gone', removed_at_ms = $1";
        let tx = house.desk.db.upkeep("removed").await?;
        tx.execute(gone, values![house.now()]).await?;
        tx.commit().await?;
        let page = house.get(&mut ann, "/day").await.body;
        assert!(page.contains("thanks to your judgement</dt><dd>1</dd>"), "{page}");

        let ended = house.post(&mut ann, "/day/end", "").await;
        assert_eq!(ended.to(), "/day?told=rest-day-ended");
        assert!(house.get(&mut ann, "/day").await.body.contains("your hands are free"));
        assert_eq!(lines(&house, "report_given_back").await?, 1);
        let mut bob = house.signed_in("berk", &[Role::Analyst]).await?;
        let next = house.post(&mut bob, "/queue/next", "").await;
        assert_eq!(next.to(), format!("/reports/{id}"), "a colleague goes on with it");
        assert_eq!(house.post(&mut ann, "/queue/next", "").await.to(), "/break");
    }
}

both_engines! {
    async fn a_newcomer_has_narrower_limits_and_somebody_else_lets_them_go_on(db: Db) {
        let house = house(db);
        let (mut ann, ..) = at_work(&house).await?;
        let id = house.desk.staff.named(&staff::Name::parse("wilg")?).await?.ok_or("nobody")?.id;
        let tx = house.desk.db.upkeep("new").await?;
        let new = "insert into induction (staff_id, level, since_ms) values ($1, 'first', 1)";
        tx.execute(new, values![id]).await?;
        tx.commit().await?;
        let page = house.get(&mut ann, "/break").await.body;
        assert!(page.contains("1 h 15 min") && page.contains("first level"), "a quarter of five hours: {page}");
        assert_eq!(house.get(&mut ann, "/induction").await.status.as_u16(), 404);

        let mut lead = house.again("rust").await?;
        assert!(house.get(&mut lead, "/induction").await.body.contains("wilg"));
        let without = house.post(&mut lead, "/induction", &format!("person={id}+first&reason-level=")).await;
        assert_eq!((without.status.as_u16(), lines(&house, "level_raised").await?), (422, 0));
        let form = format!("person={id}+first&reason-level=spoke+with+each+other");
        assert_eq!(house.post(&mut lead, "/induction", &form).await.to(), "/induction?told=rest-level");
        assert_eq!(lines(&house, "level_raised").await?, 1);
        assert_eq!(house.post(&mut lead, "/induction", &form).await.status.as_u16(), 409, "seen as it was");
        assert!(house.get(&mut ann, "/break").await.body.contains("2 h 30 min"));
    }
}

both_engines! {
    async fn who_often_reaches_the_limit_is_told_to_the_lead_and_knows_that(db: Db) {
        let house = house(db);
        let (mut ann, id, item) = at_work(&house).await?;
        token(&house, &mut ann, id, item).await;
        let who = house.desk.staff.named(&staff::Name::parse("wilg")?).await?.ok_or("nobody")?.id;
        let today = staff_days(&house).await?;
        let full = staff::Day { material_ms: 5 * HOUR_MS, ..staff::Day::default() };
        let tx = house.desk.db.upkeep("days").await?;
        for day in today - 3..today {
            staff::exposure::hold_standing(&tx, who, day).await?;
            staff::exposure::keep(&tx, who, day, &full, 5 * HOUR_MS).await?;
        }
        tx.commit().await?;
        let mut lead = house.again("rust").await?;
        let page = house.get(&mut lead, "/wellbeing").await.body;
        assert!(page.contains("<li>wilg</li>") && !page.contains("5 h"), "a name and nothing more: {page}");
        let own = house.get(&mut ann, "/break").await.body;
        assert!(own.contains("is told that"), "{own}");
    }
}
