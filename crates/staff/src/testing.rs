//! The fixture of this crate's tests: staff on scratch records, with a clock moved by hand.

use std::error::Error;

use ground::{Act, Actor, Chance, Db, Instant, StaffId, TestClock};
use vault::{HotlineKeys, Objects, Vault};

use crate::second_factor::Secret;
use crate::{DemoFactor, Language, Name, NewAccount, Staff, Token};

pub const PASSWORD: &str = "fietsbel lampenkap";
pub const SECRET: [u8; 20] = *b"12345678901234567890";

pub struct House {
    pub db: Db,
    pub clock: TestClock,
    pub staff: Staff,
}

pub fn house(db: Db) -> House {
    let clock = TestClock::at(Instant::from_ms(1_795_500_000_000));
    let keys = HotlineKeys::from_seed(&[9; 32]);
    let vault = Vault::new(keys, Objects::in_memory(), clock.clock(), Chance::system());
    let staff = Staff::new(db.clone(), vault, clock.clock(), Chance::system()).demo(true);
    House { db, clock, staff }
}

impl House {
    pub fn now(&self) -> Instant {
        self.clock.clock().now()
    }

    pub fn operator(&self) -> Act {
        Act {
            who: Actor::Operator,
            at: self.now(),
            why: None,
        }
    }

    pub fn code(&self) -> String {
        Secret::from_bytes(&SECRET).unwrap().code_at(self.now())
    }

    /// An account with a known password and second factor.
    pub async fn account(&self, name: &str, roles: &str) -> Result<StaffId, Box<dyn Error>> {
        let new = NewAccount {
            name: Name::parse(name)?,
            roles: roles.parse()?,
            language: Language::Dutch,
        };
        let factor = DemoFactor::Secret(SECRET);
        Ok(self
            .staff
            .add_demo(&self.operator(), new, PASSWORD, factor)
            .await?)
    }

    /// The same, signed in.
    pub async fn signed_in(
        &self,
        name: &str,
        roles: &str,
    ) -> Result<(StaffId, Token), Box<dyn Error>> {
        let id = self.account(name, roles).await?;
        Ok((id, self.sign_in(name).await?))
    }

    /// Signs somebody in by password and code, in a time step of its own.
    pub async fn sign_in(&self, name: &str) -> Result<Token, Box<dyn Error>> {
        self.clock.advance_ms(30_000);
        let half = self.staff.sign_in(name, PASSWORD, None).await?.token;
        let session = self.staff.present(&half).await?.ok_or("no session")?;
        Ok(self.staff.give_code(&session, &self.code()).await?.token)
    }
}
