//! The cell in which a decoder works, inside the box: bounded memory, no file, no connection.
//!
//! Decoders read what strangers made, so whoever takes one over must find nothing to do. Landlock
//! takes the files and the network from the whole process, for good and for all that it starts; the
//! limit on open files keeps a decoder of pictures from opening anything at all, also where the kernel
//! has no Landlock. A decoder of videos may still read and run the machine's programs: ffmpeg.

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, RulesetAttr,
    RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, setrlimit};

/// The newest rules that are asked for; an older kernel keeps those it knows.
const RULES: ABI = ABI::V6;
/// The most address space of a decoder, in bytes: the pixels of the largest picture that is decoded,
/// what decoding takes besides, and the program itself.
const MEMORY: u64 = 1_536 << 20;
/// The files a decoder has open: its standard input, output and error.
const FILES: u64 = 3;
/// Where the machine's programs and their libraries are.
const PROGRAMS: [&str; 8] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/lib32",
    "/etc/ld.so.cache",
    "/etc/alternatives",
];

/// For what there is a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Decoding pictures: needs nothing.
    Pictures,
    /// Decoding videos: runs ffmpeg.
    Films,
}

/// Shuts this process in. It must have no other thread yet: they would stay outside.
///
/// # Errors
/// When a limit cannot be set, or Landlock is there and refuses.
pub fn shut(cell: Cell) -> std::io::Result<()> {
    let limit = |most| Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    setrlimit(Resource::As, limit(MEMORY))?;
    setrlimit(Resource::Core, limit(0))?;
    lock(cell).map_err(std::io::Error::other)?;
    if cell == Cell::Pictures {
        setrlimit(Resource::Nofile, limit(FILES))?;
    }
    Ok(())
}

/// Takes files, connections and signals from this thread and all that it starts.
fn lock(cell: Cell) -> Result<RulesetStatus, RulesetError> {
    let rules = landlock::Ruleset::default()
        .handle_access(AccessFs::from_all(RULES))?
        .handle_access(AccessNet::from_all(RULES))?
        .scope(Scope::from_all(RULES))?
        .create()?;
    let rules = match cell {
        Cell::Pictures => rules,
        Cell::Films => {
            let nowhere: BitFlags<AccessFs> = AccessFs::ReadFile | AccessFs::WriteFile;
            rules
                .add_rules(path_beneath_rules(PROGRAMS, AccessFs::from_read(RULES)))?
                .add_rules(path_beneath_rules(["/dev/null"], nowhere))?
        }
    };
    Ok(rules.restrict_self()?.ruleset)
}

/// Whether this kernel has Landlock for files; what it lacks besides is said with it.
///
/// # Errors
/// With the reason in words, for `meldpunt doctor`.
pub fn works() -> Result<(), String> {
    let asked = |rules: ABI| -> Result<(), RulesetError> {
        let wanted = landlock::Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
        let wanted = wanted.handle_access(AccessFs::from_all(rules))?;
        let wanted = match rules {
            ABI::V1 => wanted,
            _ => wanted.handle_access(AccessNet::from_all(rules))?,
        };
        wanted.create().map(drop)
    };
    if asked(ABI::V1).is_err() {
        return Err("this kernel has no Landlock, or it is switched off".to_owned());
    }
    asked(ABI::V4)
        .map_err(|_| "this kernel's Landlock knows files only, not the network".to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::net::{TcpListener, UdpSocket};
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::path::Path;
    use std::process::Command;

    use super::*;

    const FOLDER: &str = "CELL_TEST_FOLDER";
    const PORT: &str = "CELL_TEST_PORT";
    const WHICH: &str = "CELL_TEST_WHICH";

    /// What can be tried from where the code stands, and which of it goes.
    fn tried(folder: &Path, port: u16) -> Vec<&'static str> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the test proves that this leads nowhere"
        )]
        let dialled = std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        let all = [
            ("read", File::open(folder.join("there")).is_ok()),
            ("list", std::fs::read_dir(folder).is_ok()),
            ("write", File::create(folder.join("new")).is_ok()),
            (
                "change",
                File::options()
                    .append(true)
                    .open(folder.join("there"))
                    .is_ok(),
            ),
            ("remove", std::fs::remove_file(folder.join("new")).is_ok()),
            ("own", File::open("/proc/self/environ").is_ok()),
            ("dial", dialled),
            ("listen", TcpListener::bind("127.0.0.1:0").is_ok()),
            ("datagram", UdpSocket::bind("127.0.0.1:0").is_ok()),
            ("socket", UnixStream::connect(folder.join("socket")).is_ok()),
            (
                "program",
                Command::new("/usr/bin/true")
                    .status()
                    .is_ok_and(|ended| ended.success()),
            ),
        ];
        all.into_iter()
            .filter(|(_, went)| *went)
            .map(|(name, _)| name)
            .collect()
    }

    /// Runs this test program again and shuts it in; what went there.
    fn inside(which: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("there"), "words").unwrap();
        let _socket = UnixListener::bind(folder.path().join("socket")).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let output = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "child::cell::tests::shut_in",
                "--ignored",
                "--nocapture",
            ])
            .env(FOLDER, folder.path())
            .env(PORT, listener.local_addr().unwrap().port().to_string())
            .env(WHICH, which)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = said.lines().find_map(|line| line.split("went: ").nth(1));
        line.unwrap_or_else(|| panic!("{said} {}", String::from_utf8_lossy(&output.stderr)))
            .to_owned()
    }

    #[test]
    #[ignore = "runs in a process of its own, started by the tests below"]
    fn shut_in() {
        let (Ok(folder), Ok(port), Ok(which)) = (
            std::env::var(FOLDER),
            std::env::var(PORT),
            std::env::var(WHICH),
        ) else {
            eprintln!("SKIPPED, NOTHING PROVEN: not started by the tests below");
            return;
        };
        match which.as_str() {
            "open" => {}
            "pictures" => shut(Cell::Pictures).unwrap(),
            "films" => shut(Cell::Films).unwrap(),
            "landlock" => assert_eq!(lock(Cell::Pictures).unwrap(), RulesetStatus::FullyEnforced),
            _ => setrlimit(
                Resource::Nofile,
                Rlimit {
                    current: Some(FILES),
                    maximum: Some(FILES),
                },
            )
            .unwrap(),
        }
        let went = tried(Path::new(&folder), port.parse().unwrap());
        println!("went: {}", went.join(" "));
    }

    #[test]
    fn a_decoder_of_pictures_opens_no_file_and_no_socket_and_starts_nothing() {
        let outside = "read list write change remove own dial listen datagram socket program";
        assert_eq!(inside("open"), outside, "outside a cell all of it goes");
        assert_eq!(inside("pictures"), "");
    }

    #[test]
    fn where_the_kernel_has_no_landlock_the_limit_on_files_holds_nearly_as_well() {
        // What needs no open file goes on: taking a name away from a folder of its own.
        let went = inside("limit");
        for kept in [
            "read", "list", "write", "dial", "listen", "datagram", "socket",
        ] {
            assert!(!went.split(' ').any(|word| word == kept), "{kept}: {went}");
        }
    }

    #[test]
    fn landlock_alone_takes_every_file_and_every_connection() {
        if let Err(why) = works() {
            eprintln!("SKIPPED, NOTHING PROVEN: {why}");
            return;
        }
        // Datagrams are no part of Landlock: the box has no network, and the limit no place for them.
        let went = inside("landlock");
        for kept in [
            "read", "list", "write", "change", "own", "dial", "listen", "program",
        ] {
            assert!(!went.split(' ').any(|word| word == kept), "{kept}: {went}");
        }
    }

    #[test]
    fn a_decoder_of_videos_runs_the_machines_programs_and_reads_nothing_else() {
        if works().is_err() {
            eprintln!("SKIPPED, NOTHING PROVEN: there is no Landlock here");
            return;
        }
        let went = inside("films");
        assert!(went.split(' ').any(|word| word == "program"), "{went}");
        for kept in ["read", "list", "write", "change", "own", "dial", "listen"] {
            assert!(!went.split(' ').any(|word| word == kept), "{kept}: {went}");
        }
    }
}
