//! The hash-check service as a process of its own, asked over a real socket: it has one key file and no
//! other, and what was asked of it stays nowhere.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ground::db::Durability;
use ground::{Act, Chance, Clock, Db};
use hashcheck::{AlarmKind, Counted};
use hashlist::{Format, Kind};
use pdq::Hash256;
use serde_json::{Value, json};

use crate::Shown;
use crate::program::{Engine, Installation, Running, Start, free_port};
use crate::wire::{Answer, Sender};

const LISTED: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const PICTURE: &str = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22";
/// Asked, and on no list; 32 bytes that nothing else has.
const CANARY: [u8; 32] = *b"canary hash that nobody may keep";
/// "At once" for a process that looks a few times a second, on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(3);

/// The service, its only client, and the records behind it.
struct Scene {
    place: Installation,
    at: SocketAddr,
    db: Db,
    id: String,
    bearer: String,
}

impl Scene {
    async fn make(folder: &Path, engine: Engine) -> Shown<Option<Self>> {
        let Some(place) = Installation::make(folder, engine).await? else {
            return Ok(None);
        };
        let at = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
        place.also(&format!("[hash_check]\nlisten = \"{at}\"\n"))?;
        let said = place.said_by(&["client", "add", "Example Host", "--per-minute", "600"])?;
        let word = |opening: &str| {
            let mut words = said.split(|c: char| c.is_whitespace() || "()".contains(c));
            words
                .find(|word| word.starts_with(opening))
                .map(str::to_owned)
        };
        let key = word("mpk_").ok_or("no key was printed")?;
        let id = word("chc_").ok_or("no id was printed")?;
        let db = Db::open(&place.records, Durability::Full).await?;
        let scene = Self {
            place,
            at,
            db,
            id,
            bearer: format!("Bearer {key}"),
        };
        scene.work_in(Kind::Sha256, LISTED, false).await?;
        scene.work_in(Kind::Pdq, PICTURE, false).await?;
        Ok(Some(scene))
    }

    /// Puts a hash on a list or takes it back.
    async fn work_in(&self, kind: Kind, hash: &str, gone: bool) -> Shown {
        let act = Act::by_worker("tester", Clock::system().now());
        let name = "A source".parse()?;
        let list = hashlist::add(&self.db, &act, &name, &Chance::system()).await?;
        let file = self.place.folder.join("list.txt");
        std::fs::write(&file, hash)?;
        let source = hashlist::Source {
            path: &file,
            format: &Format::Plain(kind),
            withdrawals: gone,
            revive: !gone,
        };
        hashlist::import((&self.db, &act), &list, &source, &mut |_| ()).await?;
        Ok(())
    }

    /// Hides every key file but the service's own, or puts them back.
    fn hide_keys(&self, hide: bool) -> Shown {
        for name in ["hotline.secret", "door.secret", "intake.public"] {
            let here = self.place.folder.join("keys").join(name);
            let away = self.place.folder.join("tmp").join(name);
            if hide {
                std::fs::rename(here, away)?
            } else {
                std::fs::rename(away, here)?
            }
        }
        Ok(())
    }

    async fn serve(&self, zone: Option<&'static str>) -> Shown<Running> {
        let start = Start {
            role: Some("api"),
            talkative: true,
            zone,
            ready: Some((self.at, "/v1/status")),
            ..Start::default()
        };
        self.place.start(start).await
    }

    async fn ask(&self, hashes: Value) -> Shown<Answer> {
        let sender = Sender {
            to: self.at,
            from: Ipv4Addr::LOCALHOST,
            headers: &[("authorization", &self.bearer)],
        };
        let body = json!({ "hashes": hashes }).to_string();
        sender
            .send("POST", "/v1/hash-check", Some("application/json"), body)
            .await
    }

    /// What is said of one hash.
    async fn said_of(&self, kind: &str, hash: &str) -> Shown<String> {
        let answer = self.ask(json!([{ "kind": kind, "hash": hash }])).await?;
        let body: Value = serde_json::from_str(&answer.body)?;
        let said = body["results"][0]["result"].as_str();
        Ok(said.map_or_else(|| answer.status.to_string(), str::to_owned))
    }

    /// Waits until this is said of the listed hash.
    async fn soon(&self, wanted: &str) -> Shown {
        let began = Instant::now();
        loop {
            let said = self.said_of("sha256", LISTED).await?;
            if said == wanted {
                return Ok(());
            }
            if began.elapsed() > AT_ONCE {
                return Err(format!("{said} after {AT_ONCE:?}, not {wanted}").into());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn alarms(&self) -> Shown<Vec<AlarmKind>> {
        let alarms = hashcheck::alarms(&self.db, 10).await?;
        Ok(alarms.into_iter().map(|alarm| alarm.kind).collect())
    }

    async fn counted(&self) -> Shown<Counted> {
        let whole = |n: i64| u32::try_from(n).unwrap_or(0);
        let days = hashcheck::days(&self.db, 0).await?;
        let each = days.iter().map(|day| Counted {
            checks: whole(day.checks),
            matches: whole(day.matches),
            not_checked: whole(day.not_checked),
        });
        Ok(each.fold(Counted::default(), Counted::and))
    }
}

async fn a_provider_asks(engine: Engine) -> Shown {
    let folder = tempfile::tempdir()?;
    let Some(scene) = Scene::make(folder.path(), engine).await? else {
        return Ok(());
    };
    scene.hide_keys(true)?;
    let running = scene.serve(None).await?;
    let canary = data_encoding::HEXLOWER.encode(&CANARY);
    let near = PICTURE.parse::<Hash256>()?.with_flipped(7).to_string();
    assert_eq!(scene.said_of("sha256", LISTED).await?, "match");
    for kind in ["pdq", "pdq_512"] {
        assert_eq!(scene.said_of(kind, &near).await?, "match");
        assert_eq!(scene.said_of(kind, &canary).await?, "no-match");
    }
    assert_eq!(scene.said_of("sha256", &canary).await?, "no-match");
    a_provider_checks_files(&scene, folder.path())?;
    scene.work_in(Kind::Sha256, LISTED, true).await?;
    scene.soon("no-match").await?;
    let walk: Vec<Value> = (0..200)
        .map(|bit| {
            let hash = Hash256::from_bytes(CANARY).with_flipped(bit).to_string();
            json!({ "kind": "pdq", "hash": hash })
        })
        .collect();
    assert_eq!(scene.ask(json!(walk)).await?.status, 200);
    let many: Vec<Value> = (0..601)
        .map(|_| json!({ "kind": "pdq", "hash": near }))
        .collect();
    let told = scene.ask(json!(many)).await?;
    assert_eq!(told.status, 422, "that never fits into a minute");
    // The minute may change between the two, not twice.
    let most = json!(many[..600]);
    let told = [
        scene.ask(most.clone()).await?.status,
        scene.ask(most).await?.status,
    ];
    assert!(told.contains(&429), "{told:?}");
    scene.hide_keys(false)?;
    let because = "its machine was stolen";
    scene
        .place
        .run(&["client", "revoke", &scene.id, "--because", because])?;
    scene.soon("401").await?;
    running.end().await?;
    assert_eq!(scene.alarms().await?, [AlarmKind::Walking]);
    let counted = scene.counted().await?;
    assert!(counted.checks >= 207 && counted.matches >= 3, "{counted:?}");
    let list = scene.place.said_by(&["client", "list"])?;
    assert!(
        list.contains("Example Host") && list.contains("revoked"),
        "{list}"
    );
    let bit_7 = Hash256::from_bytes(CANARY).with_flipped(7);
    nothing_holds(folder.path(), &[canary, bit_7.to_string()])
}

/// `meldpunt check`: what it prints and how it ends.
fn a_provider_checks_files(scene: &Scene, folder: &Path) -> Shown {
    let file = |name: &str, bytes: &[u8]| -> Shown<PathBuf> {
        let path = folder.join(name);
        std::fs::write(&path, bytes)?;
        Ok(path)
    };
    let (listed, other) = (file("listed.txt", b"abc")?, file("other.txt", b"a word")?);
    let key = file(
        "provider.key",
        scene.bearer.trim_start_matches("Bearer ").as_bytes(),
    )?;
    let wrong = file("wrong.key", b"mpk_no")?;
    let check = |files: &[&Path], service: &str, key: &Path| -> Shown<(Option<i32>, String)> {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_meldpunt"))
            .arg("check")
            .args(files)
            .args(["--service", service, "--key-file"])
            .arg(key)
            .output()?;
        let said = [output.stdout, output.stderr].concat();
        Ok((output.status.code(), String::from_utf8(said)?))
    };
    let service = format!("http://{}", scene.at);
    let (code, said) = check(&[&listed, &other], &service, &key)?;
    assert_eq!(code, Some(3), "{said}");
    let lines: Vec<Value> = said
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    assert_eq!(
        (&lines[0]["result"], &lines[1]["result"]),
        (&json!("match"), &json!("no-match"))
    );
    assert_eq!(lines[0]["by"], json!(["sha256"]));
    assert_eq!(check(&[&other], &service, &key)?.0, Some(0));
    let (code, said) = check(&[&folder.join("absent")], &service, &key)?;
    assert!(code == Some(1) && said.contains("cannot be read"), "{said}");
    assert_eq!(check(&[&other], &service, &wrong)?.0, Some(1));
    let by_name = format!("https://localhost:{}", scene.at.port());
    let (code, said) = check(&[&other], &by_name, &key)?;
    assert!(code == Some(1) && said.contains("not reached"), "{said}");
    Ok(())
}

/// Searches every file that the program wrote for these hashes, as text and as bytes.
fn nothing_holds(folder: &Path, hashes: &[String]) -> Shown {
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    let mut searched = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path)?;
            searched += 1;
            for hash in hashes {
                let raw = data_encoding::HEXLOWER.decode(hash.as_bytes())?;
                for needle in [&raw[..16], &hash.as_bytes()[..20]] {
                    let held = bytes.windows(needle.len()).any(|part| part == needle);
                    assert!(!held, "{} holds {hash}", path.display());
                }
            }
        }
    }
    assert!(searched > 5, "only {searched} files were searched");
    Ok(())
}

#[tokio::test]
async fn a_provider_asks_a_process_that_has_one_key_and_nothing_asked_is_kept() -> Shown {
    a_provider_asks(Engine::Sqlite).await
}

#[tokio::test]
async fn a_provider_asks_the_same_on_postgres() -> Shown {
    a_provider_asks(Engine::Postgres).await
}

/// Regression (ac). At any moment one of these zones has another day than UTC.
#[tokio::test]
async fn a_day_is_counted_by_utc_wherever_the_machine_stands() -> Shown {
    for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let folder = tempfile::tempdir()?;
        let made = Scene::make(folder.path(), Engine::Sqlite).await?;
        let scene = made.ok_or("no records")?;
        let began = hashcheck::day_of(Clock::system().now());
        let running = scene.serve(Some(zone)).await?;
        assert_eq!(scene.said_of("sha256", LISTED).await?, "match");
        running.end().await?;
        let ended = hashcheck::day_of(Clock::system().now());
        let days = hashcheck::days(&scene.db, 0).await?;
        let days: Vec<i64> = days.iter().map(|day| day.day).collect();
        assert!(days == [began] || days == [ended], "{zone}: {days:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_service_without_its_key_or_its_address_says_what_to_do() -> Shown {
    let folder = tempfile::tempdir()?;
    let made = Installation::make(folder.path(), Engine::Sqlite).await?;
    let place = made.ok_or("no records")?;
    let told = || {
        place
            .run(&["serve", "--role", "api"])
            .map_err(|fault| fault.to_string())
    };
    assert!(told().is_err_and(|said| said.contains("Set listen under [hash_check]")));
    place.also(&format!(
        "[hash_check]\nlisten = \"127.0.0.1:{}\"\n",
        free_port()?
    ))?;
    std::fs::remove_file(folder.path().join("keys/hash-check.secret"))?;
    assert!(told().is_err_and(|said| said.contains("hash-check.secret is missing")));
    Ok(())
}
