//! The architecture, held against the project's own text: see ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};

use crate::Shown;
use crate::source::{files, listed, root, sources};

/// Which crate lives on which floor.
const FLOORS: [&[&str]; 5] = [
    &[
        "ground",
        "vault",
        "egress",
        "pdq",
        "likeness-index",
        "pages",
    ],
    &[
        "letterbox",
        "report",
        "capture",
        "assessment",
        "provider",
        "notice",
        "takedown",
        "staff",
        "figures",
        "chat",
        "hashcheck",
        "hashlist",
        "evidence",
    ],
    &["casework"],
    &["door", "hatch", "desk", "api", "line"],
    &["meldpunt"],
];
/// Who may meet on one floor: vault and egress keep records and time, so they stand on the ground; the
/// two halves of likeness are one thing.
const MAY_MEET: [(&str, &str); 3] = [
    ("vault", "ground"),
    ("egress", "ground"),
    ("likeness-index", "pdq"),
];
/// All that the public face can reach.
const DOOR_REACHES: [&str; 4] = ["ground", "letterbox", "pages", "vault"];
/// All that the chat platforms' face can reach.
const LINE_REACHES: [&str; 3] = ["ground", "letterbox", "vault"];
/// What opens connections or resolves names: for `egress` only (law 4).
const WAYS_OUT: [&str; 5] = [
    "reqwest",
    "hickory-resolver",
    "tokio-rustls",
    "tokio-socks",
    "hyper-rustls",
];
/// The one fetcher outside it: it runs in the box of a visit, where the only thing it can connect to is
/// the bridge to egress.
const BOXED_FETCHER: (&str, &str) = ("capture", "crates/capture/src/child/fetch.rs");

/// The manifests of all crates: name and `[dependencies]`, those for tests left out.
fn crates() -> Shown<BTreeMap<String, BTreeSet<String>>> {
    let mut found = BTreeMap::new();
    for path in files(&root().join("crates"))? {
        if path.file_name().is_none_or(|name| name != "Cargo.toml") {
            continue;
        }
        let manifest: toml::Table = toml::from_str(&std::fs::read_to_string(&path)?)?;
        let name = manifest["package"]["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let mut uses = BTreeSet::new();
        for section in ["dependencies", "build-dependencies"] {
            if let Some(table) = manifest.get(section).and_then(toml::Value::as_table) {
                uses.extend(table.keys().cloned());
            }
        }
        assert!(
            !manifest.contains_key("target"),
            "{}: dependencies by target",
            listed(&path)
        );
        found.insert(name, uses);
    }
    Ok(found)
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&name))
}

#[test]
fn a_crate_uses_only_crates_of_lower_floors() -> Shown {
    let crates = crates()?;
    let mut wrong = Vec::new();
    for (name, uses) in &crates {
        let ours = uses.iter().filter(|used| crates.contains_key(*used));
        let Some(here) = floor(name) else {
            // The demonstration stands beside the house: what is reported must not know who looks.
            assert_eq!(name, "demo", "{name} has no floor; give it one here");
            wrong.extend(ours.map(|used| format!("demo uses {used}")));
            continue;
        };
        for used in ours {
            let lower = floor(used).is_some_and(|there| there < here);
            let may_meet = MAY_MEET.contains(&(name.as_str(), used.as_str()));
            let shows_demo = name == "meldpunt" && used == "demo";
            if !(lower || may_meet || shows_demo) {
                wrong.push(format!("{name} uses {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

#[test]
fn the_door_and_the_line_reach_the_letterbox_and_nothing_more() -> Shown {
    let crates = crates()?;
    for (face, reaches) in [("door", &DOOR_REACHES[..]), ("line", &LINE_REACHES)] {
        assert!(reached_from(&crates, face).iter().eq(reaches), "{face}");
    }
    Ok(())
}

/// Every crate of ours that this one uses, directly or through others.
fn reached_from(crates: &BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<String> {
    let (mut reached, mut next) = (BTreeSet::from([from.to_owned()]), vec![from.to_owned()]);
    while let Some(name) = next.pop() {
        for used in crates.get(&name).into_iter().flatten() {
            if crates.contains_key(used) && reached.insert(used.clone()) {
                next.push(used.clone());
            }
        }
    }
    reached.remove(from);
    reached
}

#[test]
fn only_egress_leads_out() -> Shown {
    let mut wrong = Vec::new();
    for (name, uses) in crates()? {
        let ways = uses.iter().filter(|used| WAYS_OUT.contains(&used.as_str()));
        if !["egress", "demo"].contains(&name.as_str()) {
            let boxed = |way: &String| name == BOXED_FETCHER.0 && way == "reqwest";
            let ways = ways.filter(|way| !boxed(way));
            wrong.extend(ways.map(|way| format!("{name} depends on {way}")));
        }
    }
    let signs = [
        "TcpStream",
        "TcpSocket",
        "UdpSocket",
        "reqwest::",
        "SmtpTransport",
        "lookup_host",
        "ToSocketAddrs",
    ];
    for source in sources()?.iter().filter(|source| !source.is_trial()) {
        let free = ["crates/egress/", "crates/demo/", BOXED_FETCHER.1];
        if free.iter().any(|free| source.path.starts_with(free)) {
            continue;
        }
        let code = source.code_in_use();
        wrong.extend(
            signs
                .iter()
                .filter(|sign| code.contains(*sign))
                .map(|s| format!("{}: {s}", source.path)),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

/// A file with payloads is made where it is sealed to the police, and nowhere else (law 3).
#[test]
fn whole_evidence_is_made_only_where_it_is_sealed() -> Shown {
    const SEALED: &str = "crates/casework/src/evidence/whole.rs";
    let sources = sources()?;
    let outside = |source: &&crate::source::Source| !source.path.starts_with("crates/evidence/");
    let makes = sources.iter().filter(outside).filter(|source| {
        let code = source.code_in_use();
        code.contains("package::whole") || code.contains("package::{Contents, whole}")
    });
    let makes: Vec<&str> = makes.map(|source| source.path.as_str()).collect();
    assert_eq!(makes, [SEALED]);
    Ok(())
}

#[test]
fn rules_neither_wait_nor_speak_sql_nor_touch_the_world() -> Shown {
    let worldly = [
        ".await", "async ", "std::fs", "tokio::", "Clock", "Tx", "Db",
    ];
    let sql = ["select ", "insert into ", "update ", "delete from "];
    let mut wrong = Vec::new();
    let mut rules = 0;
    for source in sources()?
        .iter()
        .filter(|source| source.path.ends_with("/rules.rs"))
    {
        rules += 1;
        let code = source.code_in_use();
        for sign in worldly.iter().filter(|sign| holds_word(&code, sign)) {
            wrong.push(format!("{}: {sign}", source.path));
        }
        let quoted: Vec<&str> = source.text.split('"').skip(1).step_by(2).collect();
        for sign in sql
            .iter()
            .filter(|sign| quoted.iter().any(|q| q.trim_start().starts_with(*sign)))
        {
            wrong.push(format!("{}: {sign}", source.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(rules >= 5, "only {rules} files of rules were found");
    Ok(())
}

/// Whether the code holds `sign` not as a part of a longer name.
fn holds_word(code: &str, sign: &str) -> bool {
    let in_name = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(sign).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + sign.len()..]);
        let opens = !sign.starts_with(in_name) || !before.ends_with(in_name);
        opens && (!sign.ends_with(in_name) || !after.starts_with(in_name))
    })
}

#[test]
fn rooms_are_named_after_words_not_after_techniques() -> Shown {
    let empty_names = [
        "utils", "util", "helpers", "helper", "handlers", "services", "managers", "common",
    ];
    for source in sources()? {
        for part in source.path.trim_end_matches(".rs").split('/') {
            assert!(!empty_names.contains(&part), "{}", source.path);
        }
    }
    Ok(())
}

#[test]
fn nothing_is_left_to_be_done_and_nothing_tells_where_it_was_made() -> Shown {
    // Put together here, so that this file does not hold them.
    let unfinished = [
        ["TO", "DO"],
        ["FIX", "ME"],
        ["to", "do!("],
        ["unimpl", "emented!("],
    ]
    .map(|half| half.concat());
    let places = [
        ["/wo", "rk/"],
        [".lib", "rary"],
        ["far", "m-"],
        ["/ro", "ot/"],
    ]
    .map(|half| half.concat());
    let texts = [
        "rs", "toml", "md", "sql", "html", "css", "js", "ts", "ftl", "sh", "txt", "svg", "",
    ];
    let mut wrong = Vec::new();
    for path in files(&root())? {
        let kind = path
            .extension()
            .and_then(|kind| kind.to_str())
            .unwrap_or_default();
        let name = listed(&path);
        // The issues are a conversation, kept beside the program; a second work tree names the first.
        if !texts.contains(&kind)
            || name == "LICENSE"
            || name.starts_with(".issues")
            || name == ".git"
        {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            let mut signs = unfinished.iter().chain(&places);
            if let Some(sign) = signs.find(|sign| line.contains(*sign)) {
                wrong.push(format!("{name}:{}: {sign}", number + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

#[test]
fn every_crate_keeps_the_house_lints_and_licence() -> Shown {
    // These two need `unsafe` for vector instructions and repeat the other lints.
    let by_hand = [
        "crates/likeness/pdq/Cargo.toml",
        "crates/likeness/index/Cargo.toml",
    ];
    for path in files(&root().join("crates"))? {
        if path.file_name().is_none_or(|name| name != "Cargo.toml") {
            continue;
        }
        let text = std::fs::read_to_string(&path)?;
        let name = listed(&path);
        let lints = if by_hand.contains(&name.as_str()) {
            text.contains("unwrap_used") && text.contains("undocumented_unsafe_blocks = \"deny\"")
        } else {
            text.contains("[lints]\nworkspace = true")
        };
        assert!(lints && text.contains("license.workspace = true"), "{name}");
    }
    Ok(())
}

#[test]
fn every_file_that_the_documents_name_is_there() -> Shown {
    let mut wrong = Vec::new();
    for path in files(&root())? {
        if path.extension().is_none_or(|kind| kind != "md") {
            continue;
        }
        let text = std::fs::read_to_string(&path)?;
        let folder = path.parent().unwrap_or(&path);
        for named in names_of_files(&text) {
            let there = [root(), root().join("crates"), folder.to_owned()]
                .iter()
                .any(|from| from.join(&named).exists());
            if !there {
                wrong.push(format!("{} names {named}", listed(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    Ok(())
}

/// The files a document names: in backquotes, with a folder and a usual ending, or as a link.
fn names_of_files(text: &str) -> Vec<String> {
    let endings = [".rs", ".sql", ".md", ".txt", ".toml", ".png"];
    let quoted = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|quoted| quoted.contains('/'));
    let quoted = quoted.filter(|quoted| endings.iter().any(|ending| quoted.ends_with(ending)));
    let linked = text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let linked = linked.filter(|link| !link.contains("://") && !link.starts_with('#'));
    let clean = |name: &str| name.split('#').next().unwrap_or_default().to_owned();
    quoted
        .filter(|quoted| !quoted.contains(' '))
        .chain(linked)
        .map(clean)
        .collect()
}
