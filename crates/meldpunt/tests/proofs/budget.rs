//! How long files and functions may be.

use std::collections::BTreeMap;

use crate::Shown;
use crate::source::{Source, sources};

/// Most lines of a file.
const FILE_LINES: usize = 400;
/// Most lines of a function.
const FUNCTION_LINES: usize = 60;
/// An exception may allow this many lines more than there are; beyond, it must be tightened.
const SLACK: usize = 20;

/// The exceptions as written: what (a file, or a file and a function) and how many lines it may have.
fn exceptions() -> BTreeMap<String, usize> {
    include_str!("exceptions.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(what, lines)| (what.to_owned(), lines.parse().unwrap_or(0)))
        .collect()
}

/// What is over its budget, by the name it has in the list of exceptions.
fn over_budget(sources: &[Source]) -> BTreeMap<String, usize> {
    let mut over = BTreeMap::new();
    for source in sources {
        let lines = source.text.lines().count();
        if lines > FILE_LINES {
            over.insert(source.path.clone(), lines);
        }
        for (name, _, lines) in source.functions() {
            if lines > FUNCTION_LINES {
                over.insert(format!("{} {name}", source.path), lines);
            }
        }
    }
    over
}

#[test]
fn files_and_functions_stay_short_and_exceptions_only_shrink() -> Shown {
    let over = over_budget(&sources()?);
    let allowed = exceptions();
    let mut wrong = Vec::new();
    for (what, lines) in &over {
        match allowed.get(what) {
            None => wrong.push(format!("{what}: {lines} lines is too long; divide it")),
            Some(most) if lines > most => {
                wrong.push(format!(
                    "{what}: grew from {most} to {lines} lines; divide it"
                ));
            }
            Some(most) if most - lines > SLACK => {
                wrong.push(format!(
                    "{what}: has {lines} lines now; lower its exception of {most}"
                ));
            }
            Some(_) => {}
        }
    }
    for what in allowed.keys().filter(|what| !over.contains_key(*what)) {
        wrong.push(format!("{what}: needs no exception any more; remove it"));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}
