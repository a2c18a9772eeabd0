//! Whether the engine puts to disk what it says it stored (law 1).

use sea_orm::{DbBackend, FromQueryResult};

use crate::{Ask as _, Db, DbError};

/// Settings of PostgreSQL without which a confirmed transaction can be lost.
const NEEDED: [&str; 3] = ["fsync", "synchronous_commit", "full_page_writes"];

#[derive(FromQueryResult)]
struct Setting {
    setting: String,
}

/// The settings of the database server that are off and must not be; none with the embedded
/// engine, whose settings are our own.
///
/// # Errors
/// [`DbError`] when the engine is out of reach.
pub async fn careless_settings(db: &Db) -> Result<Vec<&'static str>, DbError> {
    let mut careless = Vec::new();
    if db.backend() != DbBackend::Postgres {
        return Ok(careless);
    }
    for name in NEEDED {
        let sql = format!("select current_setting('{name}') as setting");
        let found = db.one::<Setting>(&sql, vec![]).await?;
        if found.is_none_or(|found| found.setting == "off") {
            careless.push(name);
        }
    }
    Ok(careless)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{both_engines, values};

    both_engines! {
        async fn what_the_server_does_not_put_to_disk_is_named(db: Db) {
            let careless = careless_settings(&db).await?;
            if db.backend() == DbBackend::Sqlite {
                assert!(careless.is_empty());
            } else {
                let off = db
                    .one::<Setting>("select current_setting('fsync') as setting", values![])
                    .await?
                    .is_some_and(|found| found.setting == "off");
                assert_eq!(careless.contains(&"fsync"), off);
            }
        }
    }
}
