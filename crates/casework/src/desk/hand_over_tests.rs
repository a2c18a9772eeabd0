//! Who opens the evidence of a visit, and how it leaves.

use ground::ReportId;

use super::*;
use crate::desk::{EvidenceReader, HandOverError};

impl House {
    /// The report that names the address.
    async fn report(&self) -> Result<ReportId, Fault> {
        let reports = crate::read::reports_naming(&self.work.db, self.address).await?;
        Ok(*reports.first().ok_or("no report")?)
    }

    /// How many lines of this kind there are about the visit, by this member of staff.
    async fn lines(&self, kind: &str, by: StaffId) -> Result<i64, Fault> {
        let count =
            "select count(*) as n from ledger where kind = $1 and subject = $2 and actor = $3";
        let actor = ground::Actor::Staff(by).to_string();
        let db = &self.work.db;
        Ok(db.count(count, values![kind, self.visit, actor]).await?)
    }
}

const fn analyst(by: StaffId) -> EvidenceReader {
    EvidenceReader {
        by,
        oversees: false,
    }
}

const fn senior(by: StaffId) -> EvidenceReader {
    EvidenceReader { by, oversees: true }
}

both_engines! {
    async fn evidence_is_opened_by_who_holds_the_report_or_oversees_and_never_without_a_line(db: Db) {
        let house = house(db, |_| {}).await?;
        let (work, visit, report) = (&house.work, house.visit, house.report().await?);
        let (anna, bram) = (StaffId::from_bits(1), StaffId::from_bits(2));
        let refused = work.visit_evidence(analyst(anna), report, visit).await;
        assert!(matches!(refused, Err(HandOverError::NotHeld)), "{refused:?}");
        let refused = work.take_evidence(analyst(anna), report, visit).await;
        assert!(matches!(refused, Err(HandOverError::NotHeld)));
        assert_eq!(house.lines("evidence_shown", anna).await?, 0);
        work.take(anna, report).await?;
        work.visit_evidence(analyst(anna), report, visit).await?;
        work.take_evidence(analyst(anna), report, visit).await?;
        assert_eq!(house.lines("evidence_shown", anna).await?, 1);
        assert_eq!(house.lines("evidence_taken_out", anna).await?, 1);
        let other = work.visit_evidence(analyst(bram), report, visit).await;
        assert!(matches!(other, Err(HandOverError::NotHeld)));
        work.visit_evidence(senior(bram), report, visit).await?;
        work.visit_evidence(senior(bram), report, visit).await?;
        assert_eq!(house.lines("evidence_shown", bram).await?, 2, "each time");
    }
}

both_engines! {
    async fn everything_leaves_only_sealed_to_the_police_and_only_when_two_people_agree(db: Db) {
        let police = age::x25519::Identity::generate();
        let key = PoliceKey::parse(&police.to_public().to_string())?;
        let house = house(db, |parts| parts.settings.police_key = Some(key)).await?;
        let (work, visit) = (&house.work, house.visit);
        let pictures = [picture()];
        let kept = work.keep_all(&pictures).await?;
        let sealer = work.vault.ready(&work.db, Owner::Address(house.address)).await?;
        let shot = sealer.put(SHOT).await?;
        let tx = work.db.upkeep("stage").await?;
        let named = "update visit set screenshot = $2 where id = $1";
        tx.execute(named, values![visit, shot.as_str()]).await?;
        capture::store::put_content(&tx, &kept[0].content).await?;
        tx.commit().await?;
        let (anna, bram) = (StaffId::from_bits(1), StaffId::from_bits(2));
        let of = (house.report().await?, visit);
        let why = || because("the police asked for it");
        let id = work.ask_hand_over(senior(anna), of, why()?).await?;
        let again = work.ask_hand_over(senior(bram), of, why()?).await;
        assert!(matches!(again, Err(HandOverError::AskedAlready)));
        let early = work.hand_over_file(bram, id).await;
        assert!(matches!(early, Err(HandOverError::Refused(HandOverRefusal::NotApproved))));
        let own = work.decide_hand_over(anna, id, true, why()?).await;
        assert!(matches!(own, Err(HandOverError::Refused(HandOverRefusal::SamePerson))));
        work.decide_hand_over(bram, id, true, why()?).await?;
        let sealed = work.hand_over_file(bram, id).await?;
        let opened = age::decrypt(&police, &sealed)?;
        let signer = work.vault.keys().evidence().verifying_key();
        let report = verify(&opened, Some(&signer), None);
        assert!(report.holds(), "{report:?}");
        assert!(says(&report, "; 0 of them without"), "{report:?}");
        assert!(!sealed.windows(PICTURE.len()).any(|window| window == PICTURE));
        // What was destroyed since is not in it, and the file holds all the same.
        let act = Act::by_worker("retention", house.clock.clock().now());
        let tx = work.db.act(&act, "shred").await?;
        work.vault.shred(&tx, Owner::Content(kept[0].content.id)).await?;
        tx.commit().await?;
        let less = age::decrypt(&police, &work.hand_over_file(bram, id).await?)?;
        let report = verify(&less, Some(&signer), None);
        assert!(report.holds() && says(&report, "; 1 of them without"), "{report:?}");
        let taken = "select count(*) as n from ledger where kind = 'handed_over' and detail like $1";
        assert_eq!(work.db.count(taken, values!["%\"gone\":0%"]).await?, 1);
        assert_eq!(work.db.count(taken, values!["%\"gone\":1%"]).await?, 1);
        house.clock.advance_ms(2 * DAY_MS);
        let late = work.hand_over_file(bram, id).await;
        assert!(matches!(late, Err(HandOverError::Refused(HandOverRefusal::Lapsed))));
        assert!(work.hand_overs().await?.is_empty());
    }
}
