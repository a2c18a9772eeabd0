//! Many keys at once: a page of many things asks the records once, not once for each.

use std::collections::HashMap;

use ground::{Ask, sea_orm};

use super::{Opener, Owner, Vault, VaultError};

/// Most keys asked for in one statement.
const STRIDE: usize = 400;

#[derive(sea_orm::FromQueryResult)]
struct Row {
    owner: String,
    wrapped: Vec<u8>,
}

impl Vault {
    /// Takes the keys of many owners out for opening; an owner whose key is gone is absent.
    ///
    /// # Errors
    /// [`VaultError::Db`] when the records fail; [`VaultError::Seal`] when a key does not open.
    pub async fn openers(
        &self,
        ask: &impl Ask,
        owners: &[Owner],
    ) -> Result<HashMap<Owner, Opener>, VaultError> {
        let mut found = HashMap::with_capacity(owners.len());
        for some in owners.chunks(STRIDE) {
            let named: HashMap<String, Owner> = some
                .iter()
                .map(|owner| (owner.to_string(), *owner))
                .collect();
            let places: Vec<String> = (1..=some.len()).map(|at| format!("${at}")).collect();
            let sql = format!(
                "select owner, wrapped from seal_key where owner in ({})",
                places.join(", ")
            );
            let values = some
                .iter()
                .map(|owner| sea_orm::Value::from(owner.to_string()))
                .collect();
            for row in ask.rows::<Row>(&sql, values).await? {
                let Some(owner) = named.get(&row.owner).copied() else {
                    continue;
                };
                let key = self.unwrapped(owner, &row.wrapped)?;
                let objects = self.objects.clone();
                found.insert(
                    owner,
                    Opener {
                        objects,
                        owner,
                        key,
                    },
                );
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{HotlineKeys, Objects, Place};
    use ground::{AddressId, Chance, Clock, both_engines};

    both_engines! {
        async fn each_of_many_keys_opens_what_it_sealed_and_no_other(db: Db) {
            let keys = HotlineKeys::from_seed(&[9; 32]);
            let vault = Vault::new(keys, Objects::in_memory(), Clock::system(), Chance::system());
            let owners: Vec<Owner> = (0..410).map(|n| Owner::Address(AddressId::from_bits(n))).collect();
            let mut sealed = Vec::new();
            let tx = db.upkeep("seal").await?;
            for owner in &owners[1..] {
                let plain = owner.to_string();
                let place = Place::new("address.sealed", owner);
                sealed.push(vault.seal(&tx, *owner, place, plain.as_bytes()).await?);
            }
            tx.commit().await?;
            let openers = vault.openers(&db, &owners).await?;
            assert_eq!(openers.len(), owners.len() - 1, "the first never had a key");
            for (owner, sealed) in owners[1..].iter().zip(&sealed) {
                let opener = openers.get(owner).ok_or("no key")?;
                let plain = opener.open(&Place::new("address.sealed", owner), sealed)?;
                assert_eq!(plain.as_slice(), owner.to_string().as_bytes());
                assert!(openers[&owners[1]].open(&Place::new("address.sealed", owner), sealed).is_err()
                    || *owner == owners[1]);
            }
        }
    }
}
