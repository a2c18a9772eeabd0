//! What comes back is never called sent, and what is not ours is left to people.

use ground::{
    Chance, ContactId, Db, Fact, Instant, NoticeId, StaffId, TakedownId, TestClock, both_engines,
};
use notice::NoticeState;
use takedown::{Cause, Stage};
use tempfile::TempDir;
use vault::{HotlineKeys, Objects, Vault};

use crate::Casework;
use crate::desk::staged::{
    Ending, Fault, RIPE_MS, a_contact, a_notice, a_provider, because, facts_of, hosted_by,
    illegal_item,
};

const ANN: StaffId = StaffId::from_bits(1);

struct Told {
    work: Casework,
    clock: TestClock,
    folder: TempDir,
    item: TakedownId,
    contact: ContactId,
    notice: NoticeId,
}

/// One item of which a provider was told in a notice that the relay accepted.
async fn told(db: Db) -> Result<Told, Fault> {
    let clock = TestClock::at(Instant::from_ms(1_795_500_000_000));
    let keys = HotlineKeys::from_seed(&[9; 32]);
    let vault = Vault::new(keys, Objects::in_memory(), clock.clock(), Chance::system());
    let folder = tempfile::tempdir()?;
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir(folder.path().join(part))?;
    }
    let work = crate::testing::idle_with(db, vault, clock.clock(), |parts| {
        parts.settings.bounces = Some(folder.path().to_owned());
    })?;
    let provider = a_provider(&work).await?;
    let contact = a_contact(&work, provider, "abuse@hosting.example").await?;
    let item = illegal_item(&work, "one.png", None).await?;
    hosted_by(&work, item, provider, Some(contact)).await?;
    work.approve_contact(ANN, contact, 0, because("it is theirs")?)
        .await?;
    clock.advance_ms(RIPE_MS);
    let notice = a_notice(&work, Ending::Unsure).await?;
    let seen = notice::load(&work.db, notice)
        .await?
        .ok_or("none")?
        .revision;
    work.notice_arrived(ANN, notice, seen, because("the relay says so")?)
        .await?;
    Ok(Told {
        work,
        clock,
        folder,
        item,
        contact,
        notice,
    })
}

impl Told {
    /// A mail server's report about the notice comes in.
    async fn comes(&self, file: &str, action: &str) -> Result<(), Fault> {
        let row = notice::load(&self.work.db, self.notice)
            .await?
            .ok_or("none")?;
        let mail = format!(
            "From: MAILER-DAEMON@relay.example\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n\
             Final-Recipient: rfc822; abuse@hosting.example\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n\
             --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{}>\r\n\r\n--b--\r\n",
            row.message_id
        );
        std::fs::write(self.folder.path().join("new").join(file), mail)?;
        Ok(())
    }

    fn files(&self, part: &str) -> Result<Vec<String>, Fault> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.folder.path().join(part))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        Ok(names)
    }

    async fn stands(&self) -> Result<NoticeState, Fault> {
        Ok(notice::load(&self.work.db, self.notice)
            .await?
            .ok_or("none")?
            .state)
    }
}

both_engines! {
    /// Law 6: a notice that came back is not sent, and its provider was not told.
    async fn a_notice_that_comes_back_is_not_delivered_and_its_items_wait_for_somebody(db: Db) {
        let stage = told(db).await?;
        let before = takedown::load(&stage.work.db, stage.item).await?.ok_or("none")?;
        assert_eq!(before.stage, Stage::Told);
        stage.comes("1.a", "failed").await?;
        assert!(stage.work.read_bounces().await?);
        let row = notice::load(&stage.work.db, stage.notice).await?.ok_or("none")?;
        assert_eq!((row.state, row.accepted_at_ms), (NoticeState::Failed, None));
        assert!(row.returned_at_ms.is_some());
        let waits = takedown::load(&stage.work.db, stage.item).await?.ok_or("none")?;
        assert_eq!((waits.stage, waits.cause), (Stage::AwaitingContact, Cause::NoticeFailed));
        assert_eq!((waits.told_at_ms, waits.reminders), (None, 0));
        let facts = facts_of(&stage.work, stage.notice).await?;
        let returned = |fact: &Fact| matches!(fact, Fact::NoticeReturned { status, .. } if status == "5.1.1");
        assert!(facts.iter().any(|(fact, _)| returned(fact)));
        assert!(stage.files("new")?.is_empty() && stage.files("cur")?.is_empty());

        // Sent again by a human, it is the same mail.
        let why = because("their mailbox is back")?;
        stage.work.retry_notice(ANN, stage.notice, row.revision, why).await?;
        assert_eq!(stage.stands().await?, NoticeState::Due);
    }
}

both_engines! {
    async fn another_approved_address_of_the_provider_is_tried_before_a_human_is_asked(db: Db) {
        let stage = told(db).await?;
        let work = &stage.work;
        let provider = takedown::load(&work.db, stage.item).await?.and_then(|t| t.provider_id);
        let second = a_contact(work, provider.ok_or("none")?, "desk@hosting.example").await?;
        work.approve_contact(ANN, second, 0, because("theirs as well")?).await?;
        stage.comes("1.a", "failed").await?;
        assert!(work.read_bounces().await?);
        let due = takedown::load(&work.db, stage.item).await?.ok_or("none")?;
        assert_eq!((due.stage, due.contact_id), (Stage::NoticeDue, Some(second)));
        assert_ne!(second, stage.contact);
        stage.clock.advance_ms(RIPE_MS);
        assert!(work.gather_notices().await?);
        let drawn = notice::list(&work.db, Some(NoticeState::Due), 10, 0).await?;
        assert_eq!(notice::open_mail(&work.db, &work.vault, drawn[0].id).await?.to, "desk@hosting.example");
    }
}

both_engines! {
    async fn a_delay_changes_nothing_and_the_same_report_twice_is_one(db: Db) {
        let stage = told(db).await?;
        stage.comes("1.a", "delayed").await?;
        assert!(!stage.work.read_bounces().await?);
        assert_eq!(stage.stands().await?, NoticeState::Accepted);
        assert!(stage.files("new")?.is_empty(), "nobody need read it");
        stage.comes("2.a", "failed").await?;
        stage.comes("3.a", "failed").await?;
        assert!(stage.work.read_bounces().await?);
        assert!(stage.files("new")?.is_empty());
        let facts = facts_of(&stage.work, stage.notice).await?;
        let returned = |fact: &&(Fact, _)| matches!(fact.0, Fact::NoticeReturned { .. });
        assert_eq!(facts.iter().filter(returned).count(), 1);
    }
}

both_engines! {
    async fn a_mail_that_is_no_report_about_a_notice_of_ours_is_left_to_people(db: Db) {
        let stage = told(db).await?;
        let answer = "From: abuse@hosting.example\r\n\r\nWe removed it.\r\n";
        std::fs::write(stage.folder.path().join("new/1.a"), answer)?;
        stage.comes("2.b", "failed").await?;
        let forged = std::fs::read_to_string(stage.folder.path().join("new/2.b"))?;
        std::fs::write(stage.folder.path().join("new/2.b"), forged.replace("<not_", "<not_x"))?;
        assert!(!stage.work.read_bounces().await?);
        assert_eq!(stage.stands().await?, NoticeState::Accepted);
        let mut left = stage.files("cur")?;
        left.sort_unstable();
        assert_eq!(left, ["1.a:2,", "2.b:2,"]);
        assert_eq!(std::fs::read_to_string(stage.folder.path().join("cur/1.a:2,"))?, answer);
    }
}

both_engines! {
    async fn a_folder_that_is_gone_says_nothing_about_any_notice(db: Db) {
        let stage = told(db).await?;
        std::fs::remove_dir(stage.folder.path().join("new"))?;
        assert!(!stage.work.read_bounces().await?);
        assert_eq!(stage.stands().await?, NoticeState::Accepted);
    }
}
