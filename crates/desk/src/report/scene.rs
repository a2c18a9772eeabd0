//! Reports with drawn pictures, for the tests of the pages.

use axum::body::Body;
use axum::http::Request;
use capture::store::{ContentRow, Ended, ItemRow};
use ground::{
    Act, Ask as _, Channel, ContentId, Instant, ItemId, LetterId, Origin, ReportId, VisitId,
    WebAddress, sea_orm, values,
};
use vault::{Blind, Owner, Place};

use crate::testing::{Answer, Browser, Fault, House, ORIGIN};

/// The letter of a content that no decoder reads.
pub const UNDECODABLE: char = 'u';

/// A report with one address per entry, and at each the contents with these letters; a capital is
/// too small and set apart. `None`: nothing could be captured there.
pub async fn report(
    house: &House,
    letter: u128,
    addresses: &[(&str, Option<&str>)],
) -> Result<ReportId, Fault> {
    let desk = &house.desk;
    let hour = house.now().start_of_hour();
    let typed = addresses
        .iter()
        .map(|(typed, _)| Ok(((*typed).to_owned(), WebAddress::parse(typed)?)))
        .collect::<Result<_, Fault>>()?;
    let receiving = ::report::Receiving {
        letter: LetterId::from_bits(letter),
        channel: Channel::Web,
        origin: Origin::National,
        language: "en".into(),
        received_hour: hour,
        addresses: typed,
        seen_where: "on a <list> of links".into(),
        words: "two lines\nof words".into(),
        reach: String::new(),
        mailbox: None,
    };
    let act = Act::by_worker("collector", hour);
    let tx = desk.db.act(&act, "receive").await?;
    let received = ::report::receive(&tx, &desk.vault, &desk.chance, &receiving).await?;
    tx.commit().await?;
    for (sighted, (_, contents)) in received.addresses.iter().zip(addresses) {
        visited(house, received.report, sighted.id, *contents).await?;
    }
    Ok(received.report)
}

async fn visited(
    house: &House,
    report: ReportId,
    address: ground::AddressId,
    contents: Option<&str>,
) -> Result<(), Fault> {
    let desk = &house.desk;
    let visit = VisitId::fresh(&desk.chance);
    let act = Act::by_worker("visitor", house.now());
    let tx = desk.db.act(&act, "visit").await?;
    capture::order::want(&tx, visit, address, capture::Wish::First, house.now()).await?;
    let ended = Ended {
        state: if contents.is_some() {
            capture::rules::VisitState::Captured
        } else {
            capture::rules::VisitState::NotCaptured
        },
        cause: contents.is_none().then(|| "http-status 503".to_owned()),
        via: Some("plain".into()),
        status: Some(200),
        ip: Some("192.0.2.7".into()),
        record: None,
        screenshot: None,
        at: house.now(),
    };
    capture::store::end(&tx, visit, &ended).await?;
    tx.record(visit, &ground::Fact::VisitWanted);
    tx.commit().await?;
    for (position, letter) in (0..).zip(contents.unwrap_or_default().chars()) {
        found(house, report, (visit, address), letter, position).await?;
    }
    Ok(())
}

async fn found(
    house: &House,
    report: ReportId,
    (visit, address): (VisitId, ground::AddressId),
    letter: char,
    position: i64,
) -> Result<(), Fault> {
    let desk = &house.desk;
    let name = letter.to_ascii_lowercase();
    let content = ContentId::from_bits(u128::from(u32::from(name)));
    let sealer = desk.vault.ready(&desk.db, Owner::Content(content)).await?;
    let original = format!("original {name}");
    let veiled = sealer.put(format!("veiled {name}").as_bytes()).await?;
    let row = ContentRow {
        id: content,
        sha256: format!("{:064x}", u32::from(name)),
        sha1: format!("{:040x}", u32::from(name)),
        md5: format!("{:032x}", u32::from(name)),
        size_bytes: 2_048,
        media_type: "image/png".into(),
        width: Some(640),
        height: Some(480),
        undecodable: (name == UNDECODABLE).then(|| "cut off".to_owned()),
        original: sealer.put(original.as_bytes()).await?.as_str().to_owned(),
        veiled: (name != UNDECODABLE).then(|| veiled.as_str().to_owned()),
        soft: None,
        found_at_ms: Instant::from_ms(1),
    };
    let act = Act::by_worker("visitor", house.now());
    let tx = desk.db.act(&act, "find").await?;
    let (content, _) = capture::store::put_content(&tx, &row).await?;
    let id = ItemId::fresh(&desk.chance);
    let own = format!("https://pictures.example/{position}.png");
    let place = Place::new("item.sealed", id);
    let item = ItemRow {
        id,
        address_id: address,
        content_id: content,
        blind: desk.vault.blind(Blind::Address, &format!("{address}{own}")),
        sealed: desk
            .vault
            .seal(&tx, Owner::Address(address), place, own.as_bytes())
            .await?,
        found_by: "image".into(),
        set_apart: i64::from(letter.is_uppercase()),
        position,
        found_at_ms: house.now(),
    };
    capture::store::put_item(&tx, visit, &item).await?;
    tx.record(id, &ground::Fact::VisitWanted);
    assessment::store::inherit(&tx, id, content, report).await?;
    Ok(tx.commit().await?)
}

/// The items of a report that carry this content, in the order of the page.
pub async fn items(house: &House, report: ReportId, letter: char) -> Result<Vec<ItemId>, Fault> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        id: ItemId,
    }
    let content = ContentId::from_bits(u128::from(u32::from(letter)));
    let rows = house
        .desk
        .db
        .rows::<Row>(
            "select i.id from item i join sighting s on s.address_id = i.address_id
             where s.report_id = $1 and i.content_id = $2 order by s.position, i.position",
            values![report, content],
        )
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// How many lines of this kind the ledger has.
pub async fn lines(house: &House, kind: &str) -> Result<i64, Fault> {
    let sql = "select count(*) as n from ledger where kind = $1";
    Ok(house.desk.db.count(sql, values![kind]).await?)
}

/// Sends a form as the script on the page does.
pub async fn by_script(house: &House, browser: &Browser, path: &str, form: &str) -> Answer {
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("sec-fetch-site", "same-origin")
        .header("origin", ORIGIN)
        .header("hx-request", "true")
        .header("x-form-token", browser.token.as_str())
        .header("content-type", "application/x-www-form-urlencoded")
        .header(
            "cookie",
            format!(
                "{}={}",
                crate::who::COOKIE,
                browser.cookie.clone().unwrap_or_default()
            ),
        );
    house
        .send(request.body(Body::from(form.to_owned())).unwrap())
        .await
}

/// Gives these contents hashes that differ from the first by so many bits.
pub async fn hashed(house: &House, contents: &[(char, u32)]) -> Result<(), Fault> {
    let tx = house.desk.db.upkeep("hash").await?;
    for (letter, bits) in contents {
        let mut pdq = vec![0_u8; 32];
        for bit in 0..*bits {
            pdq[usize::try_from(bit / 8)?] |= 1 << (bit % 8);
        }
        tx.execute(
            "insert into likeness (content_id, pdq, pdq_512, quality) values ($1, $2, $2, 90)",
            values![ContentId::from_bits(u128::from(u32::from(*letter))), pdq],
        )
        .await?;
    }
    Ok(tx.commit().await?)
}

/// Notes that two contents are alike, as a visit does.
pub async fn near(house: &House, one: char, other: char, bits: u32) -> Result<(), Fault> {
    let of = |letter: char| ContentId::from_bits(u128::from(u32::from(letter)));
    let tx = house.desk.db.upkeep("near").await?;
    for (content, like) in [(one, other), (other, one)] {
        tx.execute(
            "insert into near (content_id, like_id, distance, turned, rule)
             values ($1, $2, $3, 0, 'pdq-1')",
            values![of(content), of(like), i64::from(bits)],
        )
        .await?;
    }
    Ok(tx.commit().await?)
}

/// Makes the content with this letter a video of these bytes, with a contact sheet.
pub async fn film(house: &House, letter: char, bytes: &[u8], codec: &str) -> Result<(), Fault> {
    let desk = &house.desk;
    let content = ContentId::from_bits(u128::from(u32::from(letter)));
    let sealer = desk.vault.ready(&desk.db, Owner::Content(content)).await?;
    let (original, sheet) = (sealer.put(bytes).await?, sealer.put(b"drawn sheet").await?);
    let tx = desk.db.upkeep("film").await?;
    let kind = "update content set media_type = 'video/mp4', original = $2 where id = $1";
    tx.execute(kind, values![content, original.as_str()])
        .await?;
    tx.execute(
        "insert into film (content_id, duration_ms, codec, frames, sheet)
         values ($1, 83000, $2, $3, $4)",
        values![content, codec, Vec::<u8>::new(), sheet.as_str()],
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Notes that the content with this letter is on a list under this category.
pub async fn known(house: &House, letter: char, list: &str, category: &str) -> Result<(), Fault> {
    let content = ContentId::from_bits(u128::from(u32::from(letter)));
    let tx = house.desk.db.upkeep("known").await?;
    let made =
        "insert into hash_list (no, id, name, enabled, made_at_ms) values (7, 'list', $1, 1, 1)";
    tx.execute(made, values![list]).await?;
    let entry = "insert into hash_entry (entry, list_no, kind, digest, category, changed)
         values (7, 7, 'md5', $1, $2, 1)";
    tx.execute(entry, values![vec![7_u8; 16], category]).await?;
    let matched =
        "insert into list_match (content_id, entry, kind, distance, turned, category, at_ms)
         values ($1, 7, 'md5', 0, 0, $2, 1)";
    tx.execute(matched, values![content, category]).await?;
    Ok(tx.commit().await?)
}
