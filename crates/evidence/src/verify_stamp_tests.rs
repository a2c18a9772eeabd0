//! Other programs: OpenSSL stamps and reads stamps, warcio reads our files.

use std::path::Path;
use std::process::Command;

use super::*;

fn openssl(folder: &Path, arguments: &[&str]) -> Shown<Vec<u8>> {
    let run = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()?;
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "openssl {arguments:?}: {told}");
    Ok(run.stdout)
}

/// How OpenSSL makes a root, a key for stamps, and its certificate; one line for each call.
const MAKING: [&str; 3] = [
    "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=Root -days 9000 -config tsa.cnf -extensions ca",
    "req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj /CN=Time -config tsa.cnf",
    "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -days 9000 -CAcreateserial -out tsa.pem -extfile tsa.cnf -extensions ext",
];

/// An authority of our own, made by OpenSSL, that answers one question.
fn authority(folder: &Path) -> Shown<Vec<u8>> {
    std::fs::write(
        folder.join("tsa.cnf"),
        "[tsa]\ndefault_tsa=one\n[one]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\n\
         digests=sha256\naccuracy=secs:1\ness_cert_id_alg=sha256\n[req]\ndistinguished_name=dn\n[dn]\n[ext]\n\
         extendedKeyUsage=critical,timeStamping\n[ca]\nbasicConstraints=critical,CA:TRUE\n",
    )?;
    std::fs::write(folder.join("serial"), "01\n")?;
    for line in MAKING {
        openssl(folder, &line.split(' ').collect::<Vec<_>>())?;
    }
    openssl(folder, &["x509", "-in", "ca.pem", "-outform", "DER"])
}

fn answer(folder: &Path, question: &[u8]) -> Shown<Vec<u8>> {
    std::fs::write(folder.join("q.tsq"), question)?;
    openssl(
        folder,
        &[
            "ts",
            "-reply",
            "-config",
            "tsa.cnf",
            "-queryfile",
            "q.tsq",
            "-signer",
            "tsa.pem",
            "-inkey",
            "tsa.key",
            "-chain",
            "ca.pem",
        ],
    )
}

#[test]
fn a_time_stamp_made_by_openssl_holds_for_its_manifest_and_its_authority_only() -> Shown {
    let folder = tempfile::tempdir()?;
    let root = authority(folder.path())?;
    let stamp = |manifest: &[u8]| {
        let question = stamp::question(stamp::imprint(manifest), &Chance::seeded(3));
        let answer = answer(folder.path(), &question.bytes).ok()?;
        question.answered(&answer).ok().map(|(token, _)| token)
    };
    let made = made(stamp)?;
    let trusted = Authorities::of(&[root])?;
    let key = key().verifying_key();
    let report = verify(&made.light, Some(&key), Some(&trusted));
    assert!(report.holds() && report.is_full(), "{report:?}");
    assert!(!verify(&made.light, Some(&key), None).is_full());
    let elsewhere = tempfile::tempdir()?;
    let other = Authorities::of(&[authority(elsewhere.path())?])?;
    assert!(!verify(&made.light, Some(&key), Some(&other)).holds());
    let moved = altered(&made.light, MANIFEST, |mut bytes| {
        bytes.push(b'\n');
        bytes
    })?;
    assert!(
        fails(&moved)
            .iter()
            .any(|said| said.contains("not of this manifest"))
    );
    for place in 0..60 {
        let file = altered(&made.light, STAMP, |mut bytes| {
            let at = place * bytes.len() / 60;
            bytes[at] ^= 4;
            bytes
        })?;
        assert!(
            !verify(&file, Some(&key), Some(&trusted)).holds(),
            "at {place}/60"
        );
    }
    // OpenSSL reads it as well.
    let one = stamp::question(stamp::imprint(&made.manifest), &Chance::seeded(4));
    let reply = answer(folder.path(), &one.bytes)?;
    std::fs::write(folder.path().join("r.tsr"), &reply)?;
    std::fs::write(folder.path().join("m.json"), &made.manifest)?;
    openssl(
        folder.path(),
        &[
            "ts", "-verify", "-data", "m.json", "-in", "r.tsr", "-CAfile", "ca.pem",
        ],
    )?;
    let another = stamp::question([1; 32], &Chance::seeded(4));
    assert_eq!(
        another.answered(&reply),
        Err(stamp::StampFault::OtherQuestion)
    );
    Ok(())
}

/// warcio of the Webrecorder project reads both files: it goes through every record, holds each
/// against its digests, and indexes what can be shown. MELDPUNT_TEST_PYTHON names a Python that has
/// it; `./test` makes one.
#[test]
fn an_independent_reader_finds_every_record_sound() -> Shown {
    let python = std::env::var("MELDPUNT_TEST_PYTHON").unwrap_or_else(|_| "python3".into());
    let has = Command::new(&python).args(["-c", "import warcio"]).output();
    if !has.is_ok_and(|run| run.status.success()) {
        assert!(
            std::env::var_os("MELDPUNT_TEST_PYTHON").is_none(),
            "{python} has no warcio"
        );
        eprintln!("NOT CHECKED: no Python with warcio here; `./test` makes one");
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let made = made(unstamped)?;
    for (file, kinds) in [
        (
            &made.whole,
            "warcinfo request response request response request resource metadata",
        ),
        (
            &made.light,
            "warcinfo request revisit request revisit request revisit metadata",
        ),
    ] {
        std::fs::write(folder.path().join("e.wacz"), file)?;
        let run = Command::new(&python)
            .arg("-c")
            .arg(include_str!("../tests/read_wacz.py"))
            .arg(folder.path().join("e.wacz"))
            .output()?;
        let told = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(run.status.success(), "{told}");
        assert_eq!(String::from_utf8_lossy(&run.stdout).trim(), kinds);
    }
    Ok(())
}
