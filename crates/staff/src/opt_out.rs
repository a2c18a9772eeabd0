//! What somebody is not offered, by their own choice and without a reason (WB-12). Private to them.

use std::fmt;
use std::str::FromStr;

use ground::clock::DAY_MS;
use ground::id::Unreadable;
use ground::{Ask, DbError, Instant, StaffId, Tx, sea_orm, stored_as_text, values};

/// Longest category, in bytes.
const LONGEST: usize = 200;

/// A kind of material that is known before anybody looks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Videos.
    Film,
    /// What is on a hash list under this category of its source.
    List(String),
    /// What is, or looks like, something judged before with this answer of a scheme.
    Answer {
        /// The question.
        question: String,
        /// The option.
        option: String,
    },
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Film => f.write_str("film"),
            Self::List(category) => write!(f, "list:{category}"),
            Self::Answer { question, option } => write!(f, "answer:{question}:{option}"),
        }
    }
}

impl FromStr for Category {
    type Err = Unreadable;

    fn from_str(text: &str) -> Result<Self, Unreadable> {
        let read = match text.split_once(':') {
            _ if text.len() > LONGEST => None,
            None => (text == "film").then_some(Self::Film),
            Some(("list", category)) if !category.is_empty() => {
                Some(Self::List(category.to_owned()))
            }
            Some(("answer", answer)) => {
                answer
                    .split_once(':')
                    .map(|(question, option)| Self::Answer {
                        question: question.to_owned(),
                        option: option.to_owned(),
                    })
            }
            Some(_) => None,
        };
        read.ok_or(Unreadable { wanted: "Category" })
    }
}

stored_as_text!(Category);

/// How long something is not offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// For 24 hours.
    Day,
    /// For seven days.
    Week,
    /// Until they want it again.
    Always,
}

impl Period {
    /// The moment at which it ends; none for never.
    #[must_use]
    pub const fn until(self, now: Instant) -> Option<Instant> {
        match self {
            Self::Day => Some(now.plus_ms(DAY_MS)),
            Self::Week => Some(now.plus_ms(7 * DAY_MS)),
            Self::Always => None,
        }
    }
}

/// A category that is not offered to somebody now.
#[derive(Debug, Clone, PartialEq, Eq, sea_orm::FromQueryResult)]
pub struct OptOut {
    /// Which.
    pub category: Category,
    /// Until when; none for until they want it again.
    pub until_ms: Option<Instant>,
}

/// What is not offered to somebody at this moment.
///
/// # Errors
/// When the records fail.
pub async fn of(ask: &impl Ask, staff: StaffId, now: Instant) -> Result<Vec<OptOut>, DbError> {
    ask.rows(
        "select category, until_ms from opted_out
         where staff_id = $1 and (until_ms is null or until_ms > $2) order by category",
        values![staff, now],
    )
    .await
}

/// From now on a category is not offered to somebody.
///
/// # Errors
/// When the records fail.
pub async fn add(
    tx: &Tx,
    staff: StaffId,
    category: &Category,
    until: Option<Instant>,
) -> Result<(), DbError> {
    tx.execute(
        "insert into opted_out (staff_id, category, until_ms) values ($1, $2, $3)
         on conflict (staff_id, category) do update set until_ms = excluded.until_ms",
        values![staff, category.clone(), until],
    )
    .await?;
    Ok(())
}

/// A category is offered again.
///
/// # Errors
/// When the records fail.
pub async fn remove(tx: &Tx, staff: StaffId, category: &Category) -> Result<(), DbError> {
    tx.execute(
        "delete from opted_out where staff_id = $1 and category = $2",
        values![staff, category.clone()],
    )
    .await?;
    Ok(())
}

/// Destroys what is over; gives how many.
///
/// # Errors
/// When the records fail.
pub(crate) async fn forget(tx: &Tx, now: Instant) -> Result<u64, DbError> {
    tx.execute("delete from opted_out where until_ms <= $1", values![now])
        .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use ground::both_engines;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_category_is_read_back_as_it_was_written(
            question in "[a-z-]{1,12}", option in "[a-z:-]{1,12}", list in "[ -~]{1,40}",
        ) {
            for category in [Category::Film, Category::List(list), Category::Answer { question, option }] {
                prop_assert_eq!(category.to_string().parse(), Ok(category));
            }
        }
    }

    #[test]
    fn what_is_no_category_is_refused() {
        for text in [
            "",
            "films",
            "list:",
            "answer:age",
            &format!("list:{}", "x".repeat(200)),
        ] {
            assert!(text.parse::<Category>().is_err(), "{text}");
        }
    }

    both_engines! {
        async fn an_opt_out_ends_by_itself_or_when_it_is_taken_back(db: Db) {
            let (ann, bob) = (StaffId::from_bits(1), StaffId::from_bits(2));
            let now = Instant::from_ms(DAY_MS);
            let list = Category::List("baseline".into());
            let tx = db.upkeep("opt out").await?;
            add(&tx, ann, &Category::Film, Period::Day.until(now)).await?;
            add(&tx, ann, &list, Period::Always.until(now)).await?;
            tx.commit().await?;
            let names = |all: Vec<OptOut>| all.into_iter().map(|one| one.category).collect::<Vec<_>>();
            assert_eq!(names(of(&db, ann, now).await?), [Category::Film, list.clone()]);
            assert!(of(&db, bob, now).await?.is_empty());
            let later = now.plus_ms(DAY_MS);
            assert_eq!(names(of(&db, ann, later).await?), std::slice::from_ref(&list));
            let tx = db.upkeep("want again").await?;
            assert_eq!(forget(&tx, later).await?, 1);
            remove(&tx, ann, &list).await?;
            tx.commit().await?;
            assert!(of(&db, ann, now).await?.is_empty());
        }
    }
}
