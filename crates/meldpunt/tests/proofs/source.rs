//! The project's own text, read as text: crates, files, functions.

use std::path::{Path, PathBuf};

use crate::Shown;

/// The top folder of the project.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Folders that hold nothing written for the project.
const FOREIGN: [&str; 5] = ["target", ".git", "node_modules", ".venv", "meldpunt-data"];

/// Every file under `folder`, as paths from the top folder, in order.
pub fn files(folder: &Path) -> Shown<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let kind = entry.file_type()?;
            if kind.is_dir() && !FOREIGN.iter().any(|foreign| name == *foreign) {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A file's path as it is written in lists: from the top folder, with `/`.
pub fn listed(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// One Rust file.
pub struct Source {
    /// Its path from the top folder.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The same with comments and the inside of literals blanked out, line for line.
    pub code: String,
}

impl Source {
    /// Whether it is there for tests, benchmarks or examples only.
    pub fn is_trial(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        ["/tests/", "/benches/", "/examples/"]
            .iter()
            .any(|part| self.path.contains(part))
            || name == "tests.rs"
            || name.ends_with("_tests.rs")
            || self.path == "crates/ground/src/testing.rs"
    }

    /// The code without the modules that are compiled for tests only.
    pub fn code_in_use(&self) -> String {
        let mut code = self.code.clone();
        let mut from = 0;
        while let Some(at) = code[from..].find("#[cfg(test)]").map(|at| at + from) {
            let after = at + "#[cfg(test)]".len();
            let end = match code[after..].find(['{', ';']).map(|at| at + after) {
                Some(open) if code.as_bytes()[open] == b'{' => end_of_block(&code, open),
                Some(semicolon) => semicolon,
                None => code.len(),
            };
            let blank: String = code[at..end]
                .chars()
                .map(|c| if c == '\n' { c } else { ' ' })
                .collect();
            code.replace_range(at..end, &blank);
            from = at + blank.len();
        }
        code
    }

    /// Name, first line (from 1) and number of lines of every function.
    pub fn functions(&self) -> Vec<(String, usize, usize)> {
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("fn ") {
            if self.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let rest = &self.code[at + 3..];
            let name: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            // A function type (`fn (…)`) has no name; a declaration ends before any block.
            let Some(end) = signature_end(rest).map(|end| end + at + 3) else {
                continue;
            };
            if name.is_empty() || self.code.as_bytes()[end] == b';' {
                continue;
            }
            let last = end_of_block(&self.code, end);
            let first_line = self.code[..at].matches('\n').count() + 1;
            found.push((
                name,
                first_line,
                self.code[at..last].matches('\n').count() + 1,
            ));
        }
        found
    }
}

/// Where a function's block begins, or the semicolon that stands for one; those within brackets, as
/// in `[u8; 4]`, are passed over.
fn signature_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && matches!(byte, b'{' | b';')
    })
}

/// The place after the brace that closes the one at `open`.
fn end_of_block(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    code.len()
}

/// Every Rust file of every crate.
pub fn sources() -> Shown<Vec<Source>> {
    let mut sources = Vec::new();
    for path in files(&root().join("crates"))? {
        if path.extension().is_some_and(|kind| kind == "rs") {
            let text = std::fs::read_to_string(&path)?;
            sources.push(Source {
                path: listed(&path),
                code: blanked(&text),
                text,
            });
        }
    }
    Ok(sources)
}

/// The text with comments and the inside of string and character literals blanked out; as long as
/// the text, line for line.
fn blanked(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = literal_end(bytes, at);
        for byte in out
            .iter_mut()
            .take(end)
            .skip(at)
            .filter(|byte| **byte != b'\n')
        {
            *byte = b' ';
        }
        at = end.max(at + 1);
    }
    String::from_utf8(out).unwrap_or_default()
}

/// Where the comment or literal that begins at `at` ends; `at` itself when none begins there.
fn literal_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    let after_name = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    match rest {
        [b'/', b'/', ..] => at + rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
        [b'/', b'*', ..] => comment_end(bytes, at),
        [b'"', ..] => string_end(bytes, at),
        [b'r', b'"' | b'#', ..] if !after_name => raw_end(bytes, at, 1),
        [b'b', b'r', b'"' | b'#', ..] if !after_name => raw_end(bytes, at, 2),
        [b'\'', b'\\', ..] => {
            at + 3
                + rest
                    .iter()
                    .skip(3)
                    .position(|b| *b == b'\'')
                    .map_or(0, |end| end + 1)
        }
        // A character; `'a` without a closing quote is a lifetime. Beyond ASCII it is up to four bytes.
        [b'\'', first, tail @ ..] if *first != b'\'' => {
            let most = if first.is_ascii() { 1 } else { 4 };
            tail.iter()
                .take(most)
                .position(|b| *b == b'\'')
                .map_or(at, |end| at + end + 3)
        }
        _ => at,
    }
}

fn comment_end(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0_usize;
    let mut place = at;
    while place < bytes.len() {
        match &bytes[place..] {
            [b'/', b'*', ..] => (depth, place) = (depth + 1, place + 2),
            [b'*', b'/', ..] => (depth, place) = (depth - 1, place + 2),
            _ => place += 1,
        }
        if depth == 0 {
            break;
        }
    }
    place
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut place = at + 1;
    while place < bytes.len() && bytes[place] != b'"' {
        place += if bytes[place] == b'\\' { 2 } else { 1 };
    }
    (place + 1).min(bytes.len())
}

/// The end of a raw string whose hashes begin `skip` bytes after `at`; `at` when it is none.
fn raw_end(bytes: &[u8], at: usize, skip: usize) -> usize {
    let hashes = bytes[at + skip..]
        .iter()
        .take_while(|b| **b == b'#')
        .count();
    let open = at + skip + hashes;
    if bytes.get(open) != Some(&b'"') {
        return at;
    }
    let close = [b"\"".as_slice(), &vec![b'#'; hashes]].concat();
    bytes[open + 1..]
        .windows(close.len())
        .position(|part| part == close)
        .map_or(bytes.len(), |end| open + 1 + end + close.len())
}

#[test]
fn comments_and_literals_are_blanked_and_code_is_not() {
    let text = "fn a<'x>() { let s = \"} \\\" {\"; let c = '}'; /* { /* } */ */ let r = r#\"\"}\"#; } // }";
    let code = blanked(text);
    assert_eq!(code.len(), text.len());
    assert_eq!(code.matches('}').count(), 1, "{code}");
    assert!(code.contains("fn a<'x>() { let s ="));
    let source = Source {
        path: String::new(),
        text: text.into(),
        code,
    };
    assert_eq!(source.functions(), [("a".into(), 1, 1)]);
}

#[test]
fn modules_of_tests_are_not_code_in_use() {
    let text = "fn used() {}\n#[cfg(test)]\nmod tests {\n fn unused() { }\n}\nfn also() {}\n";
    let source = Source {
        path: String::new(),
        text: text.into(),
        code: blanked(text),
    };
    let code = source.code_in_use();
    assert!(code.contains("used") && code.contains("also") && !code.contains("unused"));
    assert_eq!(code.matches('\n').count(), 6);
}
