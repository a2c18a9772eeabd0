//! Lists the phrase files and the icons that lie in this crate's folders, so that a new room adds
//! its phrases, or a page an icon, by adding a file and nothing else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let mut phrases = String::new();
    for language in ["nl", "en"] {
        let folder = here.join("phrases").join(language);
        writeln!(
            phrases,
            "const {}: &[(&str, &str)] = &[",
            language.to_uppercase()
        )
        .map_err(io::Error::other)?;
        for file in files(&folder, "ftl")? {
            writeln!(phrases, "    ({:?}, include_str!({file:?})),", stem(&file))
                .map_err(io::Error::other)?;
        }
        phrases.push_str("];\n");
    }
    fs::write(out.join("phrases.rs"), phrases)?;

    let mut icons = String::from("const DRAWINGS: &[(&str, &str)] = &[\n");
    for file in files(&here.join("icons"), "svg")? {
        let drawing = fs::read_to_string(&file)?;
        writeln!(icons, "    ({:?}, {:?}),", stem(&file), shapes(&drawing))
            .map_err(io::Error::other)?;
    }
    icons.push_str("];\n");
    fs::write(out.join("icons.rs"), icons)
}

/// The files of one kind in a folder, by name; Cargo is told to look again when the folder changes.
fn files(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|is| is == extension) {
            found.push(path);
        }
    }
    // By name without extension: icons are looked up by binary search.
    found.sort_by_key(|file| stem(file));
    Ok(found)
}

fn stem(file: &Path) -> String {
    file.file_stem()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// What is drawn inside the `<svg>` of an icon file, without its invisible bounding box.
fn shapes(drawing: &str) -> String {
    drawing
        .lines()
        .map(str::trim)
        .filter(|line| {
            line.starts_with('<') && line.ends_with("/>") && !line.contains("M0 0h24v24H0z")
        })
        .collect()
}
