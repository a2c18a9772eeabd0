//! The hashes of a file in their order, each once, however large the file: sorted in runs that are laid
//! aside in unnamed temporary files and merged. Sorted, they are written ten times as fast.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read as _, Seek as _, Write as _};

use crate::digest::{Key, Kind};

/// Records held in memory, 45 bytes each.
const RUN: usize = 1 << 20;
const SIZE: usize = 45;

/// One hash as a row of the file says it. In the order of kind, digest and row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record([u8; SIZE]);

impl Record {
    /// A hash, its row, the number of its category and whether it is taken back.
    pub fn new(key: &Key, row: u64, category: u16, gone: bool) -> Self {
        let mut bytes = [0; SIZE];
        let kind = Kind::ALL.iter().position(|kind| *kind == key.kind());
        bytes[0] = kind.and_then(|at| u8::try_from(at).ok()).unwrap_or(0);
        let digest = key.as_bytes();
        bytes[1..=digest.len()].copy_from_slice(digest);
        bytes[33..41].copy_from_slice(&row.to_be_bytes());
        bytes[41..43].copy_from_slice(&category.to_be_bytes());
        bytes[43] = u8::from(gone);
        Self(bytes)
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        let at = usize::from(self.0[0]);
        Kind::ALL.get(at).copied().unwrap_or(Kind::Sha256)
    }

    /// Its digest.
    pub fn digest(&self) -> &[u8] {
        &self.0[1..=self.kind().length()]
    }

    /// The number of its category.
    pub const fn category(&self) -> u16 {
        u16::from_be_bytes([self.0[41], self.0[42]])
    }

    /// Whether it is taken back.
    pub const fn gone(&self) -> bool {
        self.0[43] == 1
    }

    fn same_hash(&self, other: &Self) -> bool {
        self.0[..33] == other.0[..33]
    }
}

/// Takes records in any order.
pub struct Sorter {
    run: Vec<Record>,
    aside: Vec<File>,
    most: usize,
    count: u64,
}

impl Sorter {
    /// With none yet.
    pub const fn new() -> Self {
        Self::in_runs_of(RUN)
    }

    const fn in_runs_of(most: usize) -> Self {
        Self {
            run: Vec::new(),
            aside: Vec::new(),
            most,
            count: 0,
        }
    }

    /// Adds one.
    pub fn add(&mut self, record: Record) -> io::Result<()> {
        self.run.push(record);
        self.count += 1;
        if self.run.len() < self.most {
            return Ok(());
        }
        self.run.sort_unstable();
        let mut file = BufWriter::with_capacity(1 << 18, tempfile::tempfile()?);
        for record in self.run.drain(..) {
            file.write_all(&record.0)?;
        }
        let mut file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.aside.push(file);
        Ok(())
    }

    /// How many were added.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// All of them in order.
    pub fn sorted(mut self) -> io::Result<Sorted> {
        self.run.sort_unstable();
        let mut runs = vec![Run::Memory(self.run.into_iter())];
        runs.extend(
            self.aside
                .into_iter()
                .map(|file| Run::File(BufReader::with_capacity(1 << 18, file))),
        );
        let mut heap = BinaryHeap::with_capacity(runs.len());
        for (at, run) in runs.iter_mut().enumerate() {
            if let Some(first) = run.next()? {
                heap.push(Reverse((first, at)));
            }
        }
        Ok(Sorted {
            runs,
            heap,
            gone_through: 0,
        })
    }
}

enum Run {
    Memory(std::vec::IntoIter<Record>),
    File(BufReader<File>),
}

impl Run {
    fn next(&mut self) -> io::Result<Option<Record>> {
        match self {
            Self::Memory(records) => Ok(records.next()),
            Self::File(file) => {
                let mut bytes = [0; SIZE];
                match file.read_exact(&mut bytes) {
                    Ok(()) => Ok(Some(Record(bytes))),
                    Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
                    Err(fault) => Err(fault),
                }
            }
        }
    }
}

/// Gives the records in order; of those with the same hash only the last: its word counts.
pub struct Sorted {
    runs: Vec<Run>,
    heap: BinaryHeap<Reverse<(Record, usize)>>,
    gone_through: u64,
}

impl Sorted {
    fn one(&mut self) -> io::Result<Option<Record>> {
        let Some(mut top) = self.heap.peek_mut() else {
            return Ok(None);
        };
        let Reverse((record, at)) = *top;
        match self.runs[at].next()? {
            Some(next) => *top = Reverse((next, at)),
            None => {
                std::collections::binary_heap::PeekMut::pop(top);
            }
        }
        self.gone_through += 1;
        Ok(Some(record))
    }

    /// How many records were gone through, also those whose hash a later one has.
    pub const fn gone_through(&self) -> u64 {
        self.gone_through
    }

    /// The next hash.
    pub fn next(&mut self) -> io::Result<Option<Record>> {
        let Some(mut last) = self.one()? else {
            return Ok(None);
        };
        while let Some(Reverse((next, _))) = self.heap.peek()
            && next.same_hash(&last)
        {
            match self.one()? {
                Some(next) => last = next,
                None => break,
            }
        }
        Ok(Some(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn every_hash_comes_once_in_order_with_the_last_word_on_it(
            rows in proptest::collection::vec((0..30_u8, any::<bool>(), any::<bool>()), 0..120),
            run in 1..40_usize,
        ) {
            let mut sorter = Sorter::in_runs_of(run);
            let mut plain = BTreeMap::new();
            for (row, (digest, short, gone)) in (0..).zip(&rows) {
                let key = if *short {
                    Key::Bytes(Digest::Md5([*digest; 16]))
                } else {
                    Key::Look([*digest; 32])
                };
                sorter.add(Record::new(&key, row, 7, *gone))?;
                plain.insert((key.kind() == Kind::Pdq, *digest), *gone);
            }
            let (mut sorted, mut found) = (sorter.sorted()?, Vec::new());
            while let Some(record) = sorted.next()? {
                prop_assert_eq!(record.digest().len(), record.kind().length());
                prop_assert_eq!(record.category(), 7);
                found.push(((record.kind() == Kind::Pdq, record.digest()[0]), record.gone()));
            }
            prop_assert_eq!(found, plain.into_iter().collect::<Vec<_>>());
        }
    }
}
