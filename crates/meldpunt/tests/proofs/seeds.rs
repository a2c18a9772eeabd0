//! Every seed of the fuzzers and everything they ever found, given to its reader once more: what the
//! fuzzers know stays true in every `./test`, also where nothing can be fuzzed.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::Shown;
use crate::source::root;

#[path = "../../../../fuzz/src/targets/mod.rs"]
mod targets;

/// The longest one small file may take, in a build that is not optimised.
const LONGEST: Duration = Duration::from_secs(10);

fn replay(folder: &Path, target: fn(&[u8])) -> Shown<usize> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(0);
    };
    let mut replayed = 0;
    for entry in entries {
        let path = entry?.path();
        let began = Instant::now();
        target(&std::fs::read(&path)?);
        assert!(began.elapsed() < LONGEST, "{} is slow", path.display());
        replayed += 1;
    }
    Ok(replayed)
}

#[test]
fn every_reader_of_foreign_bytes_bears_its_seeds_and_what_was_once_found() -> Shown {
    let mut readers = String::new();
    for file in std::fs::read_dir(root().join("fuzz/src/targets"))? {
        readers += &std::fs::read_to_string(file?.path())?;
    }
    for (name, target) in targets::ALL {
        let seeds = replay(&root().join("fuzz/seeds").join(name), target)?;
        assert!(seeds > 0, "{name} has no seeds");
        replay(&root().join("fuzz/findings").join(name), target)?;
        let program = root().join(format!("fuzz/fuzz_targets/{name}.rs"));
        let program = std::fs::read_to_string(&program).unwrap_or_default();
        assert!(
            program.contains(&format!("targets::{name}(")),
            "{name} is not fuzzed"
        );
        // The programs are built by `./test --long` only; what they call must be open to them.
        assert!(
            readers.contains(&format!("pub fn {name}(")),
            "{name} is not public"
        );
    }
    let programs = std::fs::read_dir(root().join("fuzz/fuzz_targets"))?.count();
    assert_eq!(programs, targets::ALL.len());
    Ok(())
}
