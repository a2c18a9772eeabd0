//! The page of what providers say, as a senior analyst uses it.

use casework::desk::staged::{a_contact, a_provider, because, hosted_by, illegal_item, told_of};
use casework::provider_page::{LinkSetting, Says, Words};
use ground::clock::DAY_MS;
use ground::{StaffId, both_engines};
use staff::Role;

use crate::testing::house_with;

both_engines! {
    async fn a_senior_analyst_reads_an_objection_and_decides_with_a_reason(db: Db) {
        let house = house_with(db, |settings| {
            settings.provider_page = Some(LinkSetting {
                origin: "https://providers.hotline.example".into(),
                lasts_ms: DAY_MS,
            });
        });
        let work = &house.desk.work;
        let id = illegal_item(work, "one.png", None).await?;
        let provider = a_provider(work).await?;
        let contact = a_contact(work, provider, "abuse@hosting.example").await?;
        work.approve_contact(StaffId::from_bits(1), contact, 0, because("theirs")?).await?;
        hosted_by(work, id, provider, Some(contact)).await?;
        told_of(work, id).await?;
        let link = work.provider_link_of(contact).await?.ok_or("no link")?;
        let (_, link) = link.rsplit_once('/').ok_or("no link")?;
        work.respond(link, &[id], &Says::Objection(Words::parse("drawn by <us>")?)).await?;

        let mut senior = house.signed_in("bram", &[Role::Senior]).await?;
        let page = house.get(&mut senior, "/responses").await.body;
        assert!(page.contains("An objection") && page.contains("drawn by &#60;us&#62;"), "{page}");
        let (_, rest) = page.split_once("action=\"/responses/").ok_or("no form")?;
        let (response, _) = rest.split_once('"').ok_or("no id")?;
        let path = format!("/responses/{response}");
        let without = house.post(&mut senior, &path, "seen=0&decision=uphold&reason-response=").await;
        assert_eq!(without.status.as_u16(), 422);
        assert!(without.body.contains("Give a reason."));
        let form = "seen=0&decision=dismiss&reason-response=no+ground";
        let done = house.post(&mut senior, &path, form).await;
        assert_eq!(done.to(), "/responses?told=response-decided");
        let again = house.post(&mut senior, &path, form).await;
        assert_eq!(again.status.as_u16(), 409);
        let one = house.get(&mut senior, &format!("/takedowns/{id}")).await.body;
        assert!(one.contains("our request stands"));
    }
}
