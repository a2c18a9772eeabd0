use std::path::Path;
use std::process::Command;

use capture::{
    Captured, Decode, Digests, Exchange, FoundBy, Looked, Picture, ShownBy, Traffic, Via, Visited,
};
use egress::{DnsFault, Guard, HttpClient, Policy, Resolver, TlsSetup};
use evidence::verify::{Answer, verify};
use evidence::{HandOverRefusal, PoliceKey};
use ground::clock::DAY_MS;
use ground::{Ask as _, Chance, Clock, Db, StaffId, TestClock, both_engines, values};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use vault::{HotlineKeys, Objects, Vault};

use super::*;
use crate::desk::staged::{because, illegal_item};

type Fault = Box<dyn std::error::Error>;

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and what is drawn in it: a circle and two lines";
const PAGE: &[u8] = b"<html><body>a page that is drawn by a test, with one picture</body></html>";
const SHOT: &[u8] = b"\x89PNG\r\n\x1a\n the whole page as it would be seen by a person";

fn asked(path: &str, sha256: &str, media_type: &str) -> Exchange {
    Exchange {
        at_ms: 1_790_000_000_100,
        method: "GET".into(),
        address: format!("https://gallery.example/{path}"),
        asked_with: vec![("User-Agent".into(), "visitor".into())],
        status: Some(200),
        headers: vec![("Content-Type".into(), media_type.into())],
        sha256: Some(sha256.into()),
        truncated: false,
        fault: None,
    }
}

fn picture() -> Picture {
    Picture {
        address: "https://gallery.example/1.png".into(),
        found_by: FoundBy::Page,
        media_type: "image/png".into(),
        status: Some(200),
        bytes: PICTURE.to_vec(),
        width: Some(64),
        height: Some(64),
        small: false,
        decode: Decode::Decoded,
        likeness: None,
        film: None,
        cut_short: false,
        veiled: None,
        soft: None,
        sheet: None,
        digests: Digests::of(PICTURE),
    }
}

/// A visit as it would have come back.
fn seen() -> Visited {
    let at = Instant::from_ms(1_790_000_000_000);
    let mut traffic = Traffic::default();
    traffic.pieces.insert(sha256_hex(PAGE), PAGE.to_vec());
    traffic.exchanges = vec![
        asked("", &sha256_hex(PAGE), "text/html"),
        asked("1.png", &sha256_hex(PICTURE), "image/png"),
    ];
    traffic.looked.push(Looked {
        host: "gallery.example".into(),
        port: 443,
        sha256: vec!["ab".repeat(32)],
        fault: None,
    });
    traffic.shown.push(ShownBy {
        host: "gallery.example".into(),
        port: 443,
        sha256: vec!["ab".repeat(32)],
    });
    Visited {
        outcome: Captured::Yes,
        address: "https://gallery.example/".into(),
        final_address: Some("https://gallery.example/".into()),
        redirects: Vec::new(),
        status: Some(200),
        headers: Vec::new(),
        title: None,
        gate: None,
        remark: None,
        links: Vec::new(),
        loaded_ms: Some(400),
        screenshot: Some(SHOT.to_vec()),
        pictures: vec![picture()],
        missed: Vec::new(),
        left_out: 0,
        complete: true,
        traffic,
        connections: vec![egress::Record {
            host: "gallery.example".into(),
            port: 443,
            ip: Some([192, 0, 2, 7].into()),
            through: None,
            opened_at: at,
            connect_ms: Some(12),
            bytes_in: 900,
            bytes_out: 300,
            refused: None,
            ours: false,
        }],
        via: Some(Via::Browser),
        sandboxed: true,
        browser_sandboxed: Some(true),
        browser_version: Some("Chrome/156".into()),
        started_at: at,
        ended_at: at.plus_ms(3_000),
    }
}

struct House {
    work: Casework,
    clock: TestClock,
    visit: VisitId,
    address: AddressId,
}

/// A house in which a visit has left evidence.
async fn house(db: Db, alter: impl FnOnce(&mut crate::Parts)) -> Result<House, Fault> {
    let clock = TestClock::at(Instant::from_ms(1_790_000_000_000));
    let keys = HotlineKeys::from_seed(&[4; 32]);
    let vault = Vault::new(keys, Objects::in_memory(), clock.clock(), Chance::system());
    let work = crate::testing::idle_with(db, vault, clock.clock(), alter)?;
    let takedown = illegal_item(&work, "one.png", None).await?;
    let row = takedown::load(&work.db, takedown).await?.ok_or("none")?;
    let address = row.address_id;
    let visits = capture::store::visits_of(&work.db, address, 1).await?;
    let visit = visits.first().ok_or("no visit")?.id;
    let sealer = work.vault.ready(&work.db, Owner::Address(address)).await?;
    let kept = work.seal_evidence(&sealer, visit, address, &seen()).await?;
    let act = Act::by_worker("visitor", clock.clock().now());
    let tx = work.db.act(&act, "keep evidence").await?;
    work.keep_evidence(&tx, &kept).await?;
    tx.execute(
        "update visit set state = 'captured', ended_at_ms = $2 where id = $1",
        values![visit, clock.clock().now()],
    )
    .await?;
    tx.commit().await?;
    Ok(House {
        work,
        clock,
        visit,
        address,
    })
}

both_engines! {
    async fn what_leaves_is_whole_signed_and_without_a_byte_of_what_was_seen(db: Db) {
        let house = house(db, |_| {}).await?;
        let (work, visit) = (&house.work, house.visit);
        let act = Act::by_staff(StaffId::from_bits(1), house.clock.clock().now());
        let file = work.evidence_file(&act, visit).await?;
        let key = work.vault.keys().evidence().verifying_key();
        let report = verify(&file, Some(&key), None);
        assert!(report.holds(), "{report:?}");
        let manifest = report.manifest.ok_or("no manifest")?;
        let open = work.open_evidence(visit).await?.ok_or("no evidence")?;
        assert_eq!(open.manifest, manifest);
        assert_eq!(manifest.certificates.len(), 2);
        assert_eq!(manifest.items[0].sha256, sha256_hex(PICTURE));
        let ip = "select count(*) as n from ledger where kind = 'evidence_taken_out' and subject = $1";
        assert_eq!(work.db.count(ip, values![visit]).await?, 1);
        // The digest in the ledger is that of the file's own manifest.
        let noted = format!("%{}%", open.digest);
        let line = "select count(*) as n from ledger where kind = 'evidence_kept' and detail like $1";
        assert_eq!(work.db.count(line, values![noted]).await?, 1);
        for secret in [PICTURE, PAGE, SHOT] {
            let part = &secret[secret.len() - 24..];
            assert!(!file.windows(24).any(|window| window == part));
        }
    }
}

both_engines! {
    async fn the_pieces_of_a_page_and_all_evidence_go_in_their_time(db: Db) {
        let house = house(db, |_| {}).await?;
        let (work, visit) = (&house.work, house.visit);
        let row = evidence::store::of_visit(&work.db, visit).await?.ok_or("none")?;
        let opener = work.vault.opener(&work.db, Owner::Address(house.address)).await?;
        let pieces = ObjectName::stored(row.pieces.as_deref().ok_or("no pieces")?);
        let kept = Pieces::from_bytes(&opener.get(&pieces).await?)?;
        assert_eq!(kept.get(&sha256_hex(PAGE)), Some(PAGE));
        assert_eq!(kept.get(&sha256_hex(PICTURE)), None, "a picture is under its own key only");
        let tx = work.db.upkeep("stage").await?;
        tx.execute("update report set state = 'closed', closed_at_ms = $1", values![house.clock.clock().now()]).await?;
        tx.execute("update watch set presence = 'ended', removed_at_ms = $1", values![house.clock.clock().now()]).await?;
        tx.commit().await?;
        house.clock.advance_ms(400 * DAY_MS);
        while work.shred_one().await? {}
        let gone = "select count(*) as n from ledger where kind = 'pieces_destroyed'";
        assert_eq!(work.db.count(gone, vec![]).await?, 1);
        assert!(opener.get(&pieces).await.is_err());
        let records = ObjectName::stored(&row.records);
        assert!(opener.get(&records).await.is_err(), "the records go with their address");
        assert!(work.open_evidence(visit).await.is_err());
    }
}

fn openssl(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Fault> {
    let run = Command::new("openssl")
        .args(arguments)
        .current_dir(folder)
        .output()?;
    let told = String::from_utf8_lossy(&run.stderr).into_owned();
    if run.status.success() {
        Ok(run.stdout)
    } else {
        Err(told.into())
    }
}

/// Keys of an authority of the test's own; its certificate, DER.
fn authority(folder: &Path) -> Result<Vec<u8>, Fault> {
    std::fs::write(
        folder.join("tsa.cnf"),
        "[tsa]\ndefault_tsa=one\n[one]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\n\
         digests=sha256\ness_cert_id_alg=sha256\n[req]\ndistinguished_name=dn\n[dn]\n[ext]\n\
         basicConstraints=critical,CA:FALSE\nextendedKeyUsage=critical,timeStamping\n",
    )?;
    std::fs::write(folder.join("serial"), "01\n")?;
    openssl(
        folder,
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            "tsa.key",
            "-out",
            "tsa.pem",
            "-subj",
            "/CN=Example Time",
            "-days",
            "9000",
            "-config",
            "tsa.cnf",
            "-extensions",
            "ext",
        ],
    )?;
    openssl(folder, &["x509", "-in", "tsa.pem", "-outform", "DER"])
}

/// Serves the authority over HTTP on a port of its own; the first answer is a fault.
async fn serve(folder: std::path::PathBuf) -> Result<u16, Fault> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move {
        let mut asked = 0;
        while let Ok((mut stream, _)) = listener.accept().await {
            asked += 1;
            let mut request = Vec::new();
            let mut piece = [0; 1_024];
            // A question is the last 60 to 70 bytes of a request that ends there.
            while !request.windows(4).any(|part| part == b"\r\n\r\n")
                || request.last() != Some(&0xff)
            {
                match stream.read(&mut piece).await {
                    Ok(read @ 1..) => request.extend_from_slice(&piece[..read]),
                    _ => break,
                }
            }
            let body = request
                .windows(4)
                .position(|part| part == b"\r\n\r\n")
                .map_or(0, |at| at + 4);
            let answer = std::fs::write(folder.join("q.tsq"), &request[body..])
                .ok()
                .and_then(|()| {
                    openssl(
                        &folder,
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
                        ],
                    )
                    .ok()
                });
            let answer = answer.unwrap_or_default();
            let status = if asked == 1 { "503 Busy" } else { "200 OK" };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            let _ = stream.write_all(&[head.as_bytes(), &answer].concat()).await;
            let _ = stream.shutdown().await;
        }
    });
    Ok(port)
}

both_engines! {
    async fn an_authority_stamps_a_manifest_over_a_real_connection(db: Db) {
        let folder = tempfile::tempdir()?;
        let root = authority(folder.path())?;
        let port = serve(folder.path().to_path_buf()).await?;
        let here = std::net::IpAddr::from([127, 0, 0, 1]);
        let names: [(&str, Result<Vec<std::net::IpAddr>, DnsFault>); 1] = [("time.example", Ok(vec![here]))];
        let policy = Policy::public().with_ports([port]).with_test_networks(["127.0.0.1/32".parse()?]);
        let guard = Guard::new(policy, Resolver::table(names));
        let agent = egress::header::HeaderValue::from_static("test");
        let web = HttpClient::new(guard, TlsSetup::system()?, agent);
        let authority = url::Url::parse(&format!("http://time.example:{port}/"))?;
        let house = house(db, move |parts| {
            parts.web = web;
            parts.settings.time_stamps = Some(authority);
        }).await?;
        let (work, visit) = (&house.work, house.visit);
        assert!(work.stamp_one().await?);
        assert!(work.open_evidence(visit).await?.ok_or("none")?.stamp_wanted, "the authority was busy");
        assert!(!work.stamp_one().await?, "and is left alone for a while");
        house.clock.advance_ms(3_600_000);
        assert!(work.stamp_one().await?);
        let open = work.open_evidence(visit).await?.ok_or("none")?;
        assert!(open.stamped_at.is_some() && !open.stamp_wanted);
        let act = Act::by_staff(StaffId::from_bits(1), Clock::system().now());
        let file = work.evidence_file(&act, visit).await?;
        let key = work.vault.keys().evidence().verifying_key();
        let report = verify(&file, Some(&key), None);
        assert!(report.holds(), "{report:?}");
        assert!(report.findings.iter().any(|one| one.answer == Answer::Holds && one.said.contains("time stamp")));
        assert!(!root.is_empty());
    }
}

/// Whether one of the findings says this.
fn says(report: &evidence::verify::Report, words: &str) -> bool {
    report.findings.iter().any(|one| one.said.contains(words))
}

#[path = "desk/hand_over_tests.rs"]
mod handed_over;
