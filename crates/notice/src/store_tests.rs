//! A notice is stored once, sealed, and leaves a mark before it leaves.

use egress::{Accepted, SendError};
use ground::{
    Act, Chance, Clock, ContactId, Db, DbError, Instant, NoticeId, ProviderId, Tx, both_engines,
    values,
};
use vault::{HotlineKeys, Objects, Vault, VaultError};

use crate::*;

fn at(ms: i64) -> Instant {
    Instant::from_ms(ms)
}

fn vault() -> Vault {
    let keys = HotlineKeys::from_seed(&[9; 32]);
    Vault::new(
        keys,
        Objects::in_memory(),
        Clock::system(),
        Chance::system(),
    )
}

async fn a_contact(tx: &Tx) -> Result<(ProviderId, ContactId), DbError> {
    let (provider, contact) = (ProviderId::from_bits(1), ContactId::from_bits(1));
    tx.execute(
        "insert into provider (id, key, name, found_at_ms, revision)
         values ($1, 'AS64500', 'Example Hosting B.V.', 0, 0)",
        values![provider],
    )
    .await?;
    tx.execute(
        "insert into contact (id, provider_id, email, language, state, found_by, revision)
         values ($1, $2, 'abuse@hosting.example', 'nl', 'approved', 'rdap', 0)",
        values![contact, provider],
    )
    .await?;
    Ok((provider, contact))
}

fn composed() -> Composed {
    Composed {
        from: "notices@meldpunt.example".into(),
        to: "abuse@hosting.example".into(),
        message_id: "not_7@meldpunt.example".into(),
        raw: "Subject: secret words\r\n\r\nhttps://gallery.example/a.png\r\n".into(),
    }
}

async fn drawn_up(db: &Db, vault: &Vault) -> Result<NoticeId, Box<dyn std::error::Error>> {
    let tx = db.act(&Act::by_worker("sender", at(0)), "draw up").await?;
    let (provider, contact) = a_contact(&tx).await?;
    let mail = composed();
    let from = DrawUp {
        id: NoticeId::from_bits(7),
        contact,
        provider,
        kind: NoticeKind::First,
        language: NoticeLanguage::Dutch,
        message_id: mail.message_id.clone(),
        items: 1,
    };
    let (notice, fact) = Notice::draw_up(from, at(0))?;
    draw_up(&tx, vault, &notice, &mail, &[], &fact).await?;
    tx.commit().await?;
    Ok(notice.id)
}

#[derive(sea_orm::FromQueryResult)]
struct Sealed {
    sealed: Vec<u8>,
}

both_engines! {
    async fn a_notice_is_kept_sealed_and_opens_as_it_was_drawn_up(db: Db) {
        use ground::Ask as _;
        let vault = vault();
        let id = drawn_up(&db, &vault).await?;
        let row: Sealed = db.one("select sealed from notice", values![]).await?.ok_or("none")?;
        assert!(!row.sealed.windows(7).any(|part| part == b"gallery"));
        assert_eq!(open_mail(&db, &vault, id).await?, composed());
        let tx = db.act(&Act::by_worker("retention", at(1)), "shred").await?;
        vault.shred(&tx, vault::Owner::Notice(id)).await?;
        tx.commit().await?;
        let gone = open_mail(&db, &vault, id).await;
        assert!(matches!(gone, Err(StoreFault::Vault(VaultError::Shredded))));
    }
}

both_engines! {
    async fn a_notice_is_sent_once_and_then_no_work_any_more(db: Db) {
        let (vault, chance, patience) = (vault(), Chance::system(), Patience::real());
        let id = drawn_up(&db, &vault).await?;
        let lease = NOTICES.take(&db, &chance, at(1), 1_000).await?.ok_or("no work")?;
        let due = load(&db, lease.id.parse()?).await?.ok_or("none")?;
        let stale = due.clone();
        let marked = hand_over(&db, due, at(2)).await?;
        assert!(matches!(hand_over(&db, stale, at(2)).await, Err(StoreFault::Stale)));
        let sent = Ok(Accepted { reply: "250 2.0.0".into() });
        let (next, fact) =
            marked.attempted(&outcome_of(&sent), lease.attempts, at(3), &patience, &chance)?;
        let tx = db.act(&Act::by_worker("sender", at(3)), "sent").await?;
        save(&tx, &next, &fact).await?;
        assert!(NOTICES.settle(&tx, &lease).await?);
        tx.commit().await?;
        assert!(NOTICES.take(&db, &chance, at(9_999_999), 1_000).await?.is_none());
        let listed = list(&db, Some(NoticeState::Accepted), 10, 0).await?;
        assert_eq!((listed.len(), listed[0].id), (1, id));
        assert_eq!(listed[0].reply.as_deref(), Some("250 2.0.0"));
        assert!(list(&db, Some(NoticeState::Failed), 10, 0).await?.is_empty());
        assert_eq!(of_contact(&db, listed[0].contact_id, 10).await?.len(), 1);
        assert_eq!(by_state(&db).await?[0].n, 1);
    }
}

both_engines! {
    /// Regressions (m), (t): what a dead worker held stayed held, and its work stuck.
    async fn a_worker_that_died_while_handing_over_leaves_a_mark_and_no_second_mail_at_once(db: Db) {
        let (vault, chance, patience) = (vault(), Chance::system(), Patience::real());
        let id = drawn_up(&db, &vault).await?;
        NOTICES.take(&db, &chance, at(1), 1_000).await?.ok_or("no work")?;
        let due = load(&db, id).await?.ok_or("none")?;
        hand_over(&db, due, at(2)).await?;

        let lease = NOTICES.take(&db, &chance, at(5_000), 1_000).await?.ok_or("lapsed")?;
        let found = load(&db, id).await?.ok_or("none")?;
        let again = hand_over(&db, found.clone(), at(5_000)).await;
        assert!(matches!(again, Err(StoreFault::Refused(Refused::Interrupted))));
        let (unsure, fact) = found.interrupted(lease.attempts, at(5_000), &patience)?;
        let tx = db.act(&Act::by_worker("sender", at(5_000)), "unsure").await?;
        save(&tx, &unsure, &fact).await?;
        assert!(NOTICES.put_off(&tx, &lease, unsure.not_before_ms).await?);
        tx.commit().await?;
        assert!(NOTICES.take(&db, &chance, at(6_000), 1_000).await?.is_none(), "it waits");

        let later = unsure.not_before_ms;
        let lease = NOTICES.take(&db, &chance, later, 1_000).await?.ok_or("due again")?;
        assert_eq!(lease.attempts, 3);
        let unsure = hand_over(&db, load(&db, id).await?.ok_or("none")?, later).await?;
        let busy = Err(SendError::Transient("451".into()));
        let (still, _) =
            unsure.attempted(&outcome_of(&busy), lease.attempts, later, &patience, &chance)?;
        assert_eq!(still.state, NoticeState::Unsure);
        assert_eq!(open_mail(&db, &vault, id).await?, composed(), "the same mail every time");
    }
}
