//! The first half of an import: the file is read once, from beginning to end, its hashes laid out in
//! order.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::format::{Format, FormatFault, Row, Said, read};
use crate::rules::Category;
use crate::sorting::{Record, Sorted, Sorter};

/// A file, how it is read and what it does.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    /// Where it is.
    pub path: &'a Path,
    /// How it is read.
    pub format: &'a Format,
    /// Every row takes its hashes back, whatever else it says.
    pub withdrawals: bool,
    /// Hashes that had been taken back match again when a row names them.
    pub revive: bool,
}

impl Source<'_> {
    /// What makes the reading of the same file another one.
    pub fn how(&self) -> String {
        let Self {
            format,
            withdrawals,
            revive,
            ..
        } = self;
        format!("sorted {format:?} {withdrawals} {revive}")
    }
}

/// What was found in a file.
pub struct Contents {
    /// SHA-256 of how it is read and of its bytes.
    pub digest: Vec<u8>,
    /// Rows.
    pub rows: u64,
    /// Of these, rows that could not be read.
    pub refused: u64,
    /// The first of them.
    pub shown: Vec<(u64, String)>,
    /// Hashes, some more than once.
    pub hashes: u64,
    /// The categories by number.
    pub categories: Vec<Category>,
    /// The hashes in order.
    pub sorted: Sorted,
    /// Why the file ended before its end.
    pub fault: Option<FormatFault>,
}

/// What is told while a file is read.
pub enum Heard {
    /// Bytes read, of so many.
    Read(u64, u64),
    /// Rows that cannot be read, and why.
    Refused(Vec<(u64, String)>),
}

/// Refused rows that are kept to be shown.
pub const SHOWN: usize = 100;
/// Refused rows told at a time.
const TOLD: usize = 1_000;
/// Rows between two words on how far it is.
const STRIDE: u64 = 1 << 16;

/// Digests what is read.
struct Digesting<R> {
    from: R,
    digest: Sha256,
    bytes: std::rc::Rc<std::cell::Cell<u64>>,
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.digest.update(&into[..read]);
        self.bytes.set(self.bytes.get() + read as u64);
        Ok(read)
    }
}

struct Laying<'a> {
    withdrawals: bool,
    sorter: Sorter,
    categories: Vec<Category>,
    numbers: HashMap<Category, u16>,
    rows: u64,
    refused: u64,
    shown: Vec<(u64, String)>,
    to_tell: Vec<(u64, String)>,
    tell: &'a mut dyn FnMut(Heard) -> ControlFlow<()>,
}

impl<'a> Laying<'a> {
    fn begin(withdrawals: bool, tell: &'a mut dyn FnMut(Heard) -> ControlFlow<()>) -> Self {
        Self {
            withdrawals,
            sorter: Sorter::new(),
            categories: Vec::new(),
            numbers: HashMap::new(),
            rows: 0,
            refused: 0,
            shown: Vec::new(),
            to_tell: Vec::new(),
            tell,
        }
    }

    fn number(&mut self, category: Category) -> Result<u16, String> {
        if let Some(number) = self.numbers.get(&category) {
            return Ok(*number);
        }
        let number = u16::try_from(self.categories.len())
            .map_err(|_| "there are more than 65,536 categories; is it the right column?")?;
        self.categories.push(category.clone());
        self.numbers.insert(category, number);
        Ok(number)
    }

    fn lay(&mut self, row: u64, said: Said) -> Result<io::Result<()>, String> {
        let gone = self.withdrawals || said.withdrawn;
        let category = self.number(said.category)?;
        for key in &said.keys {
            if let Err(fault) = self.sorter.add(Record::new(key, row, category, gone)) {
                return Ok(Err(fault));
            }
        }
        Ok(Ok(()))
    }

    fn refuse(&mut self, row: u64, why: String) -> ControlFlow<()> {
        self.refused += 1;
        if self.shown.len() < SHOWN {
            self.shown.push((row, why.clone()));
        }
        self.to_tell.push((row, why));
        if self.to_tell.len() < TOLD {
            return ControlFlow::Continue(());
        }
        self.tell_refused()
    }

    fn tell_refused(&mut self) -> ControlFlow<()> {
        match std::mem::take(&mut self.to_tell) {
            none if none.is_empty() => ControlFlow::Continue(()),
            some => (self.tell)(Heard::Refused(some)),
        }
    }
}

/// Reads a file to its end, or as far as nobody breaks off.
///
/// # Errors
/// When it cannot be read at all, or there is no room to lay its hashes aside.
pub fn lay_out(
    source: &Source<'_>,
    tell: &mut dyn FnMut(Heard) -> ControlFlow<()>,
) -> io::Result<Contents> {
    let file = File::open(source.path)?;
    let of = file.metadata()?.len();
    let bytes = std::rc::Rc::new(std::cell::Cell::new(0));
    let mut digest = Sha256::new();
    digest.update(source.how().as_bytes());
    let mut from = BufReader::with_capacity(
        1 << 18,
        Digesting {
            from: file,
            digest,
            bytes: std::rc::Rc::clone(&bytes),
        },
    );
    let mut laying = Laying::begin(source.withdrawals, tell);
    let mut no_room = None;
    let whole = read(&mut from, source.format, &mut |Row { number, said }| {
        laying.rows += 1;
        if laying.rows.is_multiple_of(STRIDE) {
            (laying.tell)(Heard::Read(bytes.get(), of))?;
        }
        match said.and_then(|said| laying.lay(number, said)) {
            Ok(Ok(())) => ControlFlow::Continue(()),
            Ok(Err(fault)) => {
                no_room = Some(fault);
                ControlFlow::Break(())
            }
            Err(why) => laying.refuse(number, why),
        }
    });
    if let Some(fault) = no_room {
        return Err(fault);
    }
    // What a reader leaves behind the end of the list belongs to the file as well.
    io::copy(&mut from, &mut io::sink())?;
    let _ = laying.tell_refused();
    let _ = (laying.tell)(Heard::Read(bytes.get(), of));
    Ok(Contents {
        digest: from.into_inner().digest.finalize().to_vec(),
        rows: laying.rows,
        refused: laying.refused,
        shown: laying.shown,
        hashes: laying.sorter.count(),
        categories: laying.categories,
        sorted: laying.sorter.sorted()?,
        fault: whole.err(),
    })
}
