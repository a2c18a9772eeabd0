use super::*;
use crate::letter::LetterForm;
use crate::{Collector, FormToken};
use ground::{both_engines, migrate};
use vault::{HotlineKeys, IntakeSecret};

fn slot(db: &Db) -> (Slot, IntakeSecret) {
    let (secret, public) = IntakeSecret::from_seed(&[4; 32]);
    (
        Slot::open(db.clone(), public, Clock::system(), Chance::system()),
        secret,
    )
}

fn letter(words: &str) -> Letter {
    let form = LetterForm {
        addresses: "https://gallery.example/spring".into(),
        words: words.into(),
        ..LetterForm::default()
    };
    Letter::parse(&form, "nl").expect("a fine letter")
}

both_engines! {
    @steps migrate::LETTERBOX;
    async fn a_receipt_shown_means_a_letter_that_opens(db: Db) {
        let (slot, secret) = slot(&db);
        let receipt = slot.drop_letter(&letter("hello"), Receipt::fresh(&Chance::system())).await?;
        assert_eq!(slot.ask(&receipt).await?, Some(Answer::Received));
        let collector = Collector::new(db.clone(), Chance::system());
        let lease = collector.take(Instant::from_ms(1), 1_000).await?.ok_or("no letter")?;
        let opened = collector.open(&lease, &secret).await?;
        assert_eq!(opened.letter, letter("hello"));
        collector.answer(&opened.lookup, &opened.answer_key, Answer::SentOn).await?;
        collector.burn(&lease).await?;
        assert_eq!(slot.ask(&receipt).await?, Some(Answer::SentOn));
        assert!(collector.take(Instant::from_ms(9_000), 1_000).await?.is_none());
    }
}

both_engines! {
    @steps migrate::LETTERBOX;
    async fn the_same_form_sent_twice_is_one_letter_and_a_changed_one_is_a_second(db: Db) {
        let (slot, _) = slot(&db);
        let first = slot.drop_letter(&letter("hello"), Receipt::from_bits(77)).await?;
        let again = slot.drop_letter(&letter("hello"), Receipt::from_bits(77)).await?;
        assert_eq!(first, again);
        let changed = slot.drop_letter(&letter("and this too"), Receipt::from_bits(77)).await?;
        assert_ne!(first, changed);
        assert_eq!(db.count("select count(*) as n from letter", vec![]).await?, 2);
    }
}

both_engines! {
    @steps migrate::LETTERBOX;
    async fn an_unknown_receipt_has_no_answer(db: Db) {
        let (slot, _) = slot(&db);
        assert_eq!(slot.ask(&Receipt::from_bits(5)).await?, None);
    }
}

both_engines! {
    @steps migrate::LETTERBOX;
    async fn letters_dropped_together_are_all_stored(db: Db) {
        let (slot, _) = slot(&db);
        let mut senders = Vec::new();
        for n in 0..64 {
            let slot = slot.clone();
            senders.push(tokio::spawn(async move {
                slot.drop_letter(&letter(&format!("number {n}")), Receipt::fresh(&Chance::system())).await
            }));
        }
        for sender in senders {
            let receipt = sender.await??;
            assert_eq!(slot.ask(&receipt).await?, Some(Answer::Received));
        }
        assert_eq!(db.count("select count(*) as n from letter", vec![]).await?, 64);
    }
}

both_engines! {
    @steps migrate::LETTERBOX;
    async fn repeats_and_strangers_in_one_commit_are_told_apart(db: Db) {
        let (slot, _) = slot(&db);
        let mut batch = Vec::new();
        for (receipt, words) in [(1, "one"), (2, "two"), (1, "one"), (1, "another")] {
            let (tell, _) = oneshot::channel();
            let letter = slot.sealed(&letter(words), &Receipt::from_bits(receipt))?;
            batch.push(Drop { letter, tell });
        }
        for n in 3..200 {
            let (tell, _) = oneshot::channel();
            let letter = slot.sealed(&letter("many"), &Receipt::from_bits(n))?;
            batch.push(Drop { letter, tell });
        }
        let dropped = store(&db, &batch).await?;
        assert_eq!(dropped[..4], [Dropped::In, Dropped::In, Dropped::In, Dropped::Taken]);
        assert!(dropped[4..].iter().all(|what| *what == Dropped::In));
        assert_eq!(db.count("select count(*) as n from letter", vec![]).await?, 199);
    }
}

both_engines! {
    @steps migrate::LETTERBOX;
    async fn the_stored_time_is_the_start_of_an_hour(db: Db) {
        let (slot, _) = slot(&db);
        slot.drop_letter(&letter("hello"), Receipt::fresh(&Chance::system())).await?;
        let off = "select count(*) as n from letter where received_hour_ms % 3600000 <> 0";
        assert_eq!(db.count(off, vec![]).await?, 0);
    }
}

both_engines! {
    @steps migrate::LETTERBOX;
    async fn nothing_readable_lies_in_the_letterbox(db: Db) {
        let (slot, _) = slot(&db);
        slot.drop_letter(&letter("CANARY-WORDS"), Receipt::fresh(&Chance::system())).await?;
        #[derive(FromQueryResult)]
        struct Row { sealed: Vec<u8> }
        let row = db.one::<Row>("select sealed from letter", vec![]).await?.ok_or("no letter")?;
        for canary in [&b"CANARY-WORDS"[..], b"gallery.example"] {
            assert!(!row.sealed.windows(canary.len()).any(|part| part == canary));
        }
        let other = HotlineKeys::from_seed(&[5; 32]);
        let collector = Collector::new(db.clone(), Chance::system());
        let lease = collector.take(Instant::from_ms(1), 1_000).await?.ok_or("no letter")?;
        assert!(collector.open(&lease, other.intake()).await.is_err());
    }
}

#[test]
fn a_form_token_gives_the_receipt_of_the_letter_to_be() {
    let token = FormToken::mint(&Chance::seeded(1), Instant::from_ms(1));
    assert_eq!(token.receipt, Receipt::fresh(&Chance::seeded(1)));
}
