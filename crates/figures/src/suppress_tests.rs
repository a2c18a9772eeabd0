use std::collections::BTreeSet;

use super::*;
use proptest::prelude::*;

fn shown(table: &Table) -> Vec<Vec<Option<i64>>> {
    (0..=table.rows)
        .map(|r| {
            (0..=table.columns)
                .map(|c| match table.shown(r, c) {
                    Shown::Count(n) => Some(n),
                    Shown::LeftOut => None,
                })
                .collect()
        })
        .collect()
}

#[test]
fn a_table_of_large_cells_is_shown_whole() {
    let table = Table::of(&[vec![10, 0], vec![7, 22]]);
    assert_eq!(table.left_out(), 0);
    assert_eq!(
        shown(&table),
        [
            [Some(10), Some(0), Some(10)],
            [Some(7), Some(22), Some(29)],
            [Some(17), Some(22), Some(39)]
        ]
    );
}

#[test]
fn a_small_cell_takes_others_with_it_that_hide_it() {
    let table = Table::of(&[vec![10, 2, 30], vec![20, 40, 50], vec![11, 60, 70]]);
    assert_eq!(table.shown(0, 1), Shown::LeftOut);
    assert_eq!(table.left_out(), 4, "{:?}", shown(&table));
    assert_eq!(table.shown(3, 3), Shown::Count(293), "the total stays");
}

#[test]
fn a_single_row_with_one_small_cell_does_not_give_it_away_by_its_total() {
    let table = Table::of(&[vec![100, 3, 50]]);
    assert_eq!(table.shown(0, 1), Shown::LeftOut);
    assert!(table.left_out() >= 3, "{:?}", shown(&table));
}

#[test]
fn nothing_is_nothing() {
    assert_eq!(Table::of(&[]).left_out(), 0);
    assert_eq!(Table::of(&[vec![]]).left_out(), 0);
    assert_eq!(Table::of(&[vec![1]]).left_out(), 4);
}

/// Every number each cell could have, by trying all tables that agree with what is shown. Led along a
/// cycle no cell changes by more than one, so numbers up to one above the largest are enough.
fn possible(table: &Table) -> Vec<Vec<BTreeSet<i64>>> {
    let shown = shown(table);
    let (rows, columns) = (table.rows, table.columns);
    let unknown: Vec<(usize, usize)> = (0..rows)
        .flat_map(|r| (0..columns).map(move |c| (r, c)))
        .filter(|(r, c)| shown[*r][*c].is_none())
        .collect();
    let inner = table.cells[..rows].iter().flat_map(|row| &row[..columns]);
    let highest = inner.max().copied().unwrap_or(0) + 1;
    let mut found = vec![vec![BTreeSet::new(); columns + 1]; rows + 1];
    let mut tried: Vec<i64> = vec![0; unknown.len()];
    let mut cells = vec![vec![0; columns + 1]; rows + 1];
    loop {
        for (r, row) in cells.iter_mut().enumerate().take(rows) {
            for (c, cell) in row.iter_mut().enumerate().take(columns) {
                *cell = shown[r][c].unwrap_or(0);
            }
        }
        for (at, n) in unknown.iter().zip(&tried) {
            cells[at.0][at.1] = *n;
        }
        let mut totals = vec![0; columns + 1];
        for row in cells.iter_mut().take(rows) {
            row[columns] = row[..columns].iter().sum();
            for (total, n) in totals.iter_mut().zip(row) {
                *total += *n;
            }
        }
        cells[rows] = totals;
        let agrees = |(r, c): (usize, usize)| shown[r][c].is_none_or(|n| n == cells[r][c]);
        if table.places().all(agrees) {
            for (r, c) in table.places() {
                found[r][c].insert(cells[r][c]);
            }
        }
        let Some(at) = tried.iter().position(|n| *n < highest) else {
            return found;
        };
        tried[at] += 1;
        tried[..at].fill(0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn no_small_cell_can_be_worked_out_from_the_rest_and_the_totals(
        counts in prop_oneof![
            proptest::collection::vec(proptest::collection::vec(0_i64..8, 2), 2),
            proptest::collection::vec(proptest::collection::vec(0_i64..8, 4), 1),
            proptest::collection::vec(proptest::collection::vec(0_i64..5, 2), 3),
        ]
    ) {
        let table = Table::of(&counts);
        let possible = possible(&table);
        for (r, c) in table.places() {
            let n = table.cells[r][c];
            prop_assert!(possible[r][c].contains(&n));
            if (1..=FEW).contains(&n) {
                prop_assert_eq!(table.shown(r, c), Shown::LeftOut);
                prop_assert!(possible[r][c].len() > 1, "{:?} gives away {} at {},{}", shown(&table), n, r, c);
            }
        }
    }

    #[test]
    fn large_tables_are_protected_too_and_quickly(
        counts in proptest::collection::vec(proptest::collection::vec(0_i64..40, 7), 6)
    ) {
        let table = Table::of(&counts);
        for (r, c) in table.places() {
            if (1..=FEW).contains(&table.cells[r][c]) {
                prop_assert!(table.left_out[r][c] && table.is_hidden(r, c));
            }
        }
    }
}
