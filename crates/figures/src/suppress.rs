//! Small cells of a sensitive table are left out, with as many others as it takes that no one who knows
//! the rest and all the totals can work them out.
//!
//! A table with its totals is a circulation: what flows into a row from its cells flows out as its
//! total. The cells that are left out are the unknown flows. A cell cannot be worked out exactly when
//! some other table of whole numbers, none below nought, has the same shown cells and totals and another
//! number there; and there is one just when the cell lies on a cycle of unknown flows in which every
//! flow against its direction is at least one.

use std::collections::VecDeque;

/// From one to this many people or things in a cell are too few to be shown.
pub const FEW: i64 = 4;

/// A table of counts with its totals: each row ends with its total, and the last row is that of totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    rows: usize,
    columns: usize,
    cells: Vec<Vec<i64>>,
    left_out: Vec<Vec<bool>>,
}

/// One cell as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The number.
    Count(i64),
    /// Left out.
    LeftOut,
}

impl Table {
    /// A table of these counts; totals are added and small cells left out. Rows that are too short are
    /// filled with noughts, numbers below nought count as nought.
    #[must_use]
    pub fn of(counts: &[Vec<i64>]) -> Self {
        let (rows, columns) = (counts.len(), counts.iter().map(Vec::len).max().unwrap_or(0));
        let mut cells = vec![vec![0; columns + 1]; rows + 1];
        for (r, row) in counts.iter().enumerate() {
            for (c, n) in row.iter().enumerate() {
                let n = (*n).max(0);
                for (r, c) in [(r, c), (r, columns), (rows, c), (rows, columns)] {
                    cells[r][c] += n;
                }
            }
        }
        let few = |n: &i64| (1..=FEW).contains(n);
        let left_out = cells
            .iter()
            .map(|row| row.iter().map(few).collect())
            .collect();
        let mut table = Self {
            rows,
            columns,
            cells,
            left_out,
        };
        table.protect();
        table
    }

    /// The cell of a row and a column; one past the last is the total.
    #[must_use]
    pub fn shown(&self, row: usize, column: usize) -> Shown {
        if self.left_out[row][column] {
            Shown::LeftOut
        } else {
            Shown::Count(self.cells[row][column])
        }
    }

    /// How many cells are left out, totals among them.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out.iter().flatten().filter(|out| **out).count()
    }

    fn places(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let columns = self.columns + 1;
        (0..(self.rows + 1) * columns).map(move |at| (at / columns, at % columns))
    }

    /// Leaves out more until nothing small can be worked out. At worst all is left out, and then
    /// nothing can.
    fn protect(&mut self) {
        loop {
            let bare = self.places().find(|(r, c)| {
                self.left_out[*r][*c]
                    && (1..=FEW).contains(&self.cells[*r][*c])
                    && !self.is_hidden(*r, *c)
            });
            let Some((row, column)) = bare else { return };
            let Some(other) = self.companion(row, column) else {
                return;
            };
            self.left_out[other.0][other.1] = true;
        }
    }

    /// The next cell to be left out for the sake of this one: one that hides it at once when there is
    /// one, else one beside it; the smallest, and a total last.
    fn companion(&mut self, row: usize, column: usize) -> Option<(usize, usize)> {
        let mut shown: Vec<(usize, usize)> = self
            .places()
            .filter(|(r, c)| !self.left_out[*r][*c])
            .collect();
        let total = |(r, c): (usize, usize)| r == self.rows || c == self.columns;
        shown.sort_by_key(|at| {
            let n = self.cells[at.0][at.1];
            (total(*at), n == 0, n, *at)
        });
        for at in &shown {
            self.left_out[at.0][at.1] = true;
            let hides = self.is_hidden(row, column);
            self.left_out[at.0][at.1] = false;
            if hides {
                return Some(*at);
            }
        }
        self.corner(row, column).or(shown.first().copied())
    }

    /// The next corner of the rectangle that costs least to leave out together with this cell: totals
    /// last, then the smallest numbers. A rectangle without noughts beside the cell hides it.
    fn corner(&self, row: usize, column: usize) -> Option<(usize, usize)> {
        let mut best = None;
        for (r, c) in self.places() {
            let corners = [(row, c), (r, column), (r, c)];
            let nought = self.cells[row][c] == 0 || self.cells[r][column] == 0;
            if r == row || c == column || nought {
                continue;
            }
            let new = corners.into_iter().filter(|at| !self.left_out[at.0][at.1]);
            let cost = new.clone().fold((0, 0), |(totals, sum), (r, c)| {
                let total = r == self.rows || c == self.columns;
                (totals + usize::from(total), sum + self.cells[r][c])
            });
            let first = new.min_by_key(|at| self.cells[at.0][at.1]);
            if let Some(first) = first
                && best.is_none_or(|(least, _)| cost < least)
            {
                best = Some((cost, first));
            }
        }
        best.map(|(_, corner)| corner)
    }

    /// From which node to which a cell flows. Rows are nodes from nought, the row of totals last; columns
    /// come after them, the column of totals last.
    const fn flow(&self, row: usize, column: usize) -> (usize, usize) {
        let (r, c) = (row, self.rows + 1 + column);
        let totals = (row == self.rows, column == self.columns);
        match totals {
            (false, false) | (true, true) => (r, c),
            (true, false) | (false, true) => (c, r),
        }
    }

    /// Whether the number of a cell that is left out could also be another one.
    fn is_hidden(&self, row: usize, column: usize) -> bool {
        let (from, to) = self.flow(row, column);
        // One more here: something must flow back from its end to its beginning. One less: the other way.
        self.reaches(to, from, (row, column))
            || (self.cells[row][column] > 0 && self.reaches(from, to, (row, column)))
    }

    /// Whether one unit can be led from one node to another through the unknown flows but this one: with
    /// a flow always, against it when there is any.
    fn reaches(&self, from: usize, to: usize, without: (usize, usize)) -> bool {
        let mut seen = vec![false; self.rows + self.columns + 2];
        let mut next = VecDeque::from([from]);
        seen[from] = true;
        while let Some(node) = next.pop_front() {
            if node == to {
                return true;
            }
            for (r, c) in self.places() {
                if (r, c) == without || !self.left_out[r][c] {
                    continue;
                }
                let (tail, head) = self.flow(r, c);
                let on = (tail == node).then_some(head);
                let back = (head == node && self.cells[r][c] > 0).then_some(tail);
                for reached in on.into_iter().chain(back) {
                    if !std::mem::replace(&mut seen[reached], true) {
                        next.push_back(reached);
                    }
                }
            }
        }
        false
    }
}

#[cfg(test)]
#[path = "suppress_tests.rs"]
mod tests;
