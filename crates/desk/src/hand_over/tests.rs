use ::evidence::{HandOver, PoliceKey, hand_over};
use casework::desk::staged::a_report;
use ground::{HandOverId, StaffId, both_engines};
use staff::Role;

use crate::report::scene::lines;
use crate::testing::{House, house, house_with};

const POLICE: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

/// A house in which this person asked for a hand-over.
async fn asked_by(house: &House, by: StaffId) -> Result<HandOverId, crate::testing::Fault> {
    let (report, _, visit) = a_report(&house.desk.work, "one").await?;
    let id = HandOverId::fresh(&house.desk.chance);
    let (asked, _) = HandOver::ask(id, (visit, report), by, house.now());
    let tx = house.desk.db.upkeep("stage").await?;
    assert!(hand_over::put(&tx, &asked).await?);
    tx.commit().await?;
    Ok(id)
}

both_engines! {
    async fn a_second_person_decides_with_a_reason_and_the_one_who_asked_is_not_offered_it(db: Db) {
        let house = house_with(db, |settings| settings.police_key = PoliceKey::parse(POLICE).ok());
        let mut bram = house.signed_in("bram", &[Role::Senior]).await?;
        let mut lies = house.signed_in("lies", &[Role::Liaison]).await?;
        let people = house.desk.staff.people().await?;
        let own = people.iter().find(|one| one.name.as_str() == "bram").ok_or("none")?.id;
        let id = asked_by(&house, own).await?;
        let decide = format!("/hand-over/{id}/decide");
        let page = house.get(&mut bram, "/hand-over").await.body;
        assert!(page.contains(POLICE) && !page.contains(&decide), "waits for somebody else");
        let by_hand = house.post(&mut bram, &decide, "decision=approve&reason-decide=mine").await;
        assert_eq!(by_hand.status.as_u16(), 409);
        let page = house.get(&mut lies, "/hand-over").await.body;
        assert!(page.contains(&decide) && !page.contains("gallery.example"));
        let without = house.post(&mut lies, &decide, "decision=approve&reason-decide=").await;
        assert_eq!(without.status.as_u16(), 422);
        let done = house.post(&mut lies, &decide, "decision=approve&reason-decide=agreed").await;
        assert_eq!(done.to(), "/hand-over?told=hand-over-approved");
        assert_eq!(lines(&house, "hand_over_approved").await?, 1);
        let page = house.get(&mut lies, "/hand-over").await.body;
        assert!(page.contains(&format!("/hand-over/{id}/file")));
        // The visit of this stage has left no evidence.
        let none = house.post(&mut lies, &format!("/hand-over/{id}/file"), "").await;
        assert_eq!(none.status.as_u16(), 404);
        assert_eq!(lines(&house, "handed_over").await?, 0);
    }
}

both_engines! {
    async fn an_analyst_sees_what_waits_and_can_neither_decide_nor_take_it(db: Db) {
        let house = house(db);
        let mut ann = house.signed_in("wilg", &[Role::Analyst]).await?;
        let id = asked_by(&house, StaffId::fresh(&house.desk.chance)).await?;
        let page = house.get(&mut ann, "/hand-over").await.body;
        assert!(page.contains("There is no key of the police in the configuration"));
        assert!(!page.contains(&format!("/hand-over/{id}")));
        let decide = house.post(&mut ann, &format!("/hand-over/{id}/decide"), "decision=approve&reason-decide=x").await;
        assert_eq!(decide.status.as_u16(), 404);
    }
}
