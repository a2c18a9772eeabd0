//! The table of schemes that were drawn up at the desk.

use ground::{Ask, DbError, Instant, Tx, sea_orm, values};

use crate::standing::{Draft, SchemeRefusal, Standing};
use crate::{AssessmentError, Refusal, Scheme};

/// A scheme as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct KeptScheme {
    /// Its number, in the order in which they were begun.
    pub no: i64,
    /// Its TOML.
    pub text: String,
    /// How it stands.
    pub standing: Standing,
    /// Name and version, once it was active.
    pub id: Option<String>,
    /// When it was begun.
    pub drawn_at_ms: Instant,
    /// Since when it is or was in force.
    pub activated_at_ms: Option<Instant>,
    /// Until when it was.
    pub retired_at_ms: Option<Instant>,
    /// How often it was changed.
    pub revision: i64,
}

const COLUMNS: &str =
    "no, text, standing, id, drawn_at_ms, activated_at_ms, retired_at_ms, revision";

/// All of them, newest first.
///
/// # Errors
/// When the records fail.
pub async fn all(ask: &impl Ask) -> Result<Vec<KeptScheme>, DbError> {
    let sql = format!("select {COLUMNS} from scheme order by no desc");
    ask.rows(&sql, values![]).await
}

/// The one with this number.
///
/// # Errors
/// When the records fail.
pub async fn find(ask: &impl Ask, no: i64) -> Result<Option<KeptScheme>, DbError> {
    let sql = format!("select {COLUMNS} from scheme where no = $1");
    ask.one(&sql, values![no]).await
}

/// Name and version of the one in force; none while that is the scheme of the program.
///
/// # Errors
/// When the records fail.
pub async fn active(ask: &impl Ask) -> Result<Option<String>, DbError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Active {
        id: String,
    }
    let sql = "select id from scheme where standing = 'active'";
    Ok(ask.one::<Active>(sql, values![]).await?.map(|row| row.id))
}

/// The text of the one that is or was in force under this name and version.
///
/// # Errors
/// When the records fail.
pub async fn text_of(ask: &impl Ask, id: &str) -> Result<Option<String>, DbError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Text {
        text: String,
    }
    let sql = "select text from scheme where id = $1";
    Ok(ask.one::<Text>(sql, values![id]).await?.map(|row| row.text))
}

/// Begins a draft; gives its number.
///
/// # Errors
/// [`AssessmentError::Refused`] when no member of staff acts.
pub async fn begin(tx: &Tx, text: String) -> Result<i64, AssessmentError> {
    let act = tx.act().ok_or(Refusal::NotStaff)?;
    let ground::Actor::Staff(by) = act.who else {
        return Err(Refusal::NotStaff.into());
    };
    let no = tx
        .count(
            "select coalesce(max(no), 0) + 1 as n from scheme",
            values![],
        )
        .await?;
    let (draft, fact) = Draft::begun(text);
    tx.execute(
        "insert into scheme (no, text, standing, drawn_by, drawn_at_ms, revision)
         values ($1, $2, 'draft', $3, $4, $5)",
        values![no, draft.text, by, act.at, draft.revision],
    )
    .await?;
    tx.record(no, &fact);
    Ok(no)
}

/// A draft that was seen at this revision.
async fn draft(tx: &Tx, no: i64, seen: i64) -> Result<Draft, AssessmentError> {
    let kept = find(tx, no).await?.ok_or(AssessmentError::NoSuchScheme)?;
    if kept.standing != Standing::Draft {
        return Err(SchemeRefusal::NoDraft.into());
    }
    if kept.revision != seen {
        return Err(AssessmentError::Stale);
    }
    Ok(Draft {
        text: kept.text,
        revision: kept.revision,
    })
}

/// Changes the text of a draft that was seen at revision `seen`.
///
/// # Errors
/// [`AssessmentError::Stale`] when it was changed since; [`AssessmentError::Scheme`].
pub async fn rewrite(tx: &Tx, no: i64, seen: i64, text: String) -> Result<(), AssessmentError> {
    let (draft, fact) = draft(tx, no, seen).await?.rewritten(text)?;
    let changed = tx
        .execute(
            "update scheme set text = $3, revision = $4
             where no = $1 and revision = $2 and standing = 'draft'",
            values![no, seen, draft.text, draft.revision],
        )
        .await?;
    if changed == 0 {
        return Err(AssessmentError::Stale);
    }
    tx.record(no, &fact);
    Ok(())
}

/// Throws a draft away.
///
/// # Errors
/// As [`rewrite`].
pub async fn throw_away(tx: &Tx, no: i64, seen: i64) -> Result<(), AssessmentError> {
    draft(tx, no, seen).await?;
    let gone = tx
        .execute(
            "delete from scheme where no = $1 and revision = $2 and standing = 'draft'",
            values![no, seen],
        )
        .await?;
    if gone == 0 {
        return Err(AssessmentError::Stale);
    }
    tx.record(no, &ground::Fact::SchemeDropped);
    Ok(())
}

/// The highest version of each name that ever was in force; `delivered` is the program's own.
///
/// # Errors
/// When the records fail.
pub async fn earlier(ask: &impl Ask, delivered: &Scheme) -> Result<Vec<(String, u32)>, DbError> {
    let mut earlier = vec![(delivered.name().to_owned(), delivered.version())];
    for id in all(ask).await?.into_iter().filter_map(|kept| kept.id) {
        if let Some((name, version)) = id.rsplit_once('-')
            && let Ok(version) = version.parse()
        {
            earlier.push((name.to_owned(), version));
        }
    }
    Ok(earlier)
}

/// Puts a draft in force, which was seen at revision `seen`; the one in force until now is retired.
///
/// # Errors
/// As [`rewrite`].
pub async fn activate(
    tx: &Tx,
    no: i64,
    seen: i64,
    delivered: &Scheme,
) -> Result<Scheme, AssessmentError> {
    let act = tx.act().ok_or(Refusal::NotStaff)?;
    let before = active(tx).await?.unwrap_or_else(|| delivered.id());
    let earlier = earlier(tx, delivered).await?;
    let (scheme, fact) = draft(tx, no, seen).await?.activated(&before, &earlier)?;
    tx.execute(
        "update scheme set standing = 'retired', retired_at_ms = $1 where standing = 'active'",
        values![act.at],
    )
    .await?;
    let changed = tx
        .execute(
            "update scheme set standing = 'active', id = $3, activated_at_ms = $4, revision = $5
             where no = $1 and revision = $2 and standing = 'draft'",
            values![no, seen, scheme.id(), act.at, seen + 1],
        )
        .await?;
    if changed == 0 {
        return Err(AssessmentError::Stale);
    }
    tx.record(no, &fact);
    Ok(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standing::next_version;
    use ground::{Act, Db, StaffId, both_engines};

    async fn act(db: &Db) -> Result<Tx, DbError> {
        let by = Act::by_staff(StaffId::from_bits(1), Instant::from_ms(7));
        db.act(&by, "scheme").await
    }

    both_engines! {
        async fn a_draft_becomes_the_scheme_in_force_and_the_one_before_is_retired(db: Db) {
            let delivered = Scheme::standard()?;
            assert_eq!(active(&db).await?, None);
            for version in [1, 2] {
                let tx = act(&db).await?;
                let no = begin(&tx, next_version(Scheme::standard_text(), version)).await?;
                activate(&tx, no, 1, &delivered).await?;
                tx.commit().await?;
            }
            assert_eq!(active(&db).await?.as_deref(), Some("standard-3"));
            let standings: Vec<Standing> = all(&db).await?.iter().map(|kept| kept.standing).collect();
            assert_eq!(standings, [Standing::Active, Standing::Retired]);
            let old = text_of(&db, "standard-2").await?.ok_or("the old text is gone")?;
            assert_eq!(Scheme::parse(&old)?.version(), 2);
        }
    }

    both_engines! {
        async fn what_was_in_force_is_never_changed_again(db: Db) {
            let delivered = Scheme::standard()?;
            let tx = act(&db).await?;
            let no = begin(&tx, next_version(Scheme::standard_text(), 1)).await?;
            activate(&tx, no, 1, &delivered).await?;
            for refused in [
                rewrite(&tx, no, 2, "name = 'x'".into()).await,
                throw_away(&tx, no, 2).await,
                activate(&tx, no, 2, &delivered).await.map(|_| ()),
            ] {
                assert!(matches!(refused, Err(AssessmentError::Scheme(SchemeRefusal::NoDraft))));
            }
        }
    }

    both_engines! {
        async fn a_draft_that_a_colleague_changed_meanwhile_is_not_overwritten(db: Db) {
            let tx = act(&db).await?;
            let no = begin(&tx, "# nothing yet".into()).await?;
            rewrite(&tx, no, 1, "# hers".into()).await?;
            let late = rewrite(&tx, no, 1, "# mine".into()).await;
            assert!(matches!(late, Err(AssessmentError::Stale)));
            assert_eq!(find(&tx, no).await?.ok_or("gone")?.text, "# hers");
            throw_away(&tx, no, 2).await?;
            assert_eq!(find(&tx, no).await?, None);
        }
    }
}
