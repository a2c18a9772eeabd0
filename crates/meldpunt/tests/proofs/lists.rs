//! `meldpunt list` as somebody at the machine uses it: a file in, killed and gone on with, out again
//! signed, and into another list; on both engines.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use ground::db::Durability;
use ground::{Ask as _, Db, values};

use crate::program::{Engine, Installation};
use crate::{Fault, Shown};

const ROWS: u32 = 110_000;

fn md5(n: u32) -> String {
    format!("{:08x}{n:024x}", n.wrapping_mul(0x9E37_79B1))
}

fn list(house: &Installation, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_meldpunt"));
    command.arg("list").args(words).current_dir(&house.folder);
    command.stdin(Stdio::null());
    command
}

fn said(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

/// Runs a command that must succeed; what it says.
fn done(house: &Installation, words: &[&str]) -> Shown<String> {
    let output = list(house, words).output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("{words:?}: {}", said(&output)).into())
    }
}

fn write_rows(path: &Path, bad: u32) -> Shown {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "md5,category")?;
    for n in 1..=ROWS {
        if n == bad {
            writeln!(file, "no hash,a")?;
        } else {
            writeln!(file, "{},a", md5(n))?;
        }
    }
    Ok(file.flush()?)
}

/// Starts the import, waits until a step is durable, and kills it.
async fn killed_in_the_middle(house: &Installation, import: &[&str]) -> Shown {
    let db = Db::open(&house.records, Durability::Full).await?;
    let mut child = list(house, import)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let begun = Instant::now();
    loop {
        let steps = "select count(*) as n from hash_import where reached > 0";
        if db.count(steps, values![]).await? > 0 {
            break;
        }
        if child.try_wait()?.is_some() || begun.elapsed() > Duration::from_secs(120) {
            return Err("it was over before it could be killed".into());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    child.kill()?;
    child.wait()?;
    db.close().await;
    Ok(())
}

async fn a_list_goes_in_and_out(engine: Engine) -> Shown {
    let folder = tempfile::tempdir()?;
    let Some(house) = Installation::make(folder.path(), engine).await? else {
        return Ok(());
    };
    write_rows(&house.folder.join("rows.csv"), 77)?;
    done(&house, &["add", "a source"])?;
    let import: [&str; 7] = [
        "import",
        "--list",
        "a source",
        "--format",
        "csv",
        "--columns=md5,category",
        "rows.csv",
    ];
    killed_in_the_middle(&house, &import).await?;
    let output = list(&house, &import).output()?;
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "a row was refused: {told}");
    assert!(
        told.contains("were settled before it was cut off"),
        "{told}"
    );
    assert!(
        told.contains(&format!("{ROWS} rows, {} hashes", ROWS - 1)),
        "{told}"
    );
    let refused = std::fs::read_to_string(house.folder.join("rows.csv.refused"))?;
    assert!(
        refused.starts_with("78\t") && refused.lines().count() == 1,
        "{refused}"
    );
    std::fs::write(
        house.folder.join("gone.txt"),
        format!("{}\n{}\n", md5(5), "ff".repeat(16)),
    )?;
    let plain = [
        "withdraw", "--list", "a source", "--format", "plain", "--kind", "md5", "gone.txt",
    ];
    let told = done(&house, &plain)?;
    assert!(
        told.contains("1 taken back\n") && told.contains("remembered"),
        "{told}"
    );
    let shown = done(&house, &["show"])?;
    assert!(
        shown.contains(&format!("on · {} hashes · 2 taken back", ROWS - 2)),
        "{shown}"
    );
    a_file_that_ends_in_a_fault_is_told_as_such(&house)?;
    our_own_list_takes_no_file(&house)?;
    out_and_in_again(&house)?;
    assert_eq!(done(&house, &["audit"])?, "", "nothing was captured");
    Ok(())
}

/// Giving the same file again would end the same: something else is advised.
fn a_file_that_ends_in_a_fault_is_told_as_such(house: &Installation) -> Shown {
    let cut = format!(
        "{{\"value\":[\"none\",{{\"MD5\":\"{}\"}},{{\"MD5\":",
        md5(1)
    );
    std::fs::write(house.folder.join("cut.json"), cut)?;
    let import = [
        "import", "--list", "a source", "--format", "vics", "cut.json",
    ];
    let output = list(house, &import).output()?;
    let told = said(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.contains("Ask its source for a whole file") && told.contains("line 1"),
        "{told}"
    );
    assert!(!told.contains("give the same command again"), "{told}");
    Ok(())
}

fn our_own_list_takes_no_file(house: &Installation) -> Shown {
    done(house, &["add", "own list"])?;
    for what in ["import", "withdraw"] {
        let words = [
            what, "--list", "own list", "--format", "plain", "--kind", "md5", "gone.txt",
        ];
        let output = list(house, &words).output()?;
        let told = said(&output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains("only what is judged here"), "{told}");
    }
    Ok(())
}

fn out_and_in_again(house: &Installation) -> Shown {
    let told = done(house, &["export", "--list", "a source", "whole.csv"])?;
    let cursor = told
        .split("--since ")
        .nth(1)
        .and_then(|rest| rest.split_whitespace().next());
    let cursor = cursor.ok_or("no cursor")?.to_owned();
    let key = told.trim().rsplit(' ').next().ok_or("no key")?.to_owned();
    let verified = done(house, &["verify", "--key", &key, "whole.csv"])?;
    assert!(verified.contains("is what was signed"), "{verified}");
    let columns = format!("--columns={}", hashlist::COLUMNS);
    done(house, &["add", "a copy"])?;
    let copy = [
        "import",
        "--list",
        "a copy",
        "--format",
        "csv",
        &columns,
        "whole.csv",
    ];
    let told = done(house, &copy)?;
    assert!(
        told.contains(&format!("{} new or altered", ROWS - 2)),
        "{told}"
    );
    delta_follows(house, &columns, &cursor)?;
    a_statement_has_the_time_of_utc(house)?;
    vics_carries_the_same(house)?;
    // A file that was altered, and a key that is another's, are told.
    let delta = std::fs::read_to_string(house.folder.join("delta.csv"))?;
    std::fs::write(house.folder.join("delta.csv"), delta + "more\n")?;
    for words in [
        ["verify", "--key", &key, "delta.csv"],
        ["verify", "--key", &"01".repeat(32), "whole.csv"],
    ] {
        assert!(!list(house, &words).output()?.status.success(), "{words:?}");
    }
    Ok(())
}

/// What changes after the cursor is a delta that says what was taken back.
fn delta_follows(house: &Installation, columns: &str, cursor: &str) -> Shown {
    std::fs::write(house.folder.join("more.txt"), format!("{}\n", md5(6)))?;
    let plain = [
        "withdraw", "--list", "a source", "--format", "plain", "--kind", "md5", "more.txt",
    ];
    done(house, &plain)?;
    done(
        house,
        &[
            "export",
            "--list",
            "a source",
            "--since",
            cursor,
            "delta.csv",
        ],
    )?;
    let delta = std::fs::read_to_string(house.folder.join("delta.csv"))?;
    let line = format!(",,{},,,\"a\",withdrawn", md5(6));
    assert_eq!(
        delta.lines().collect::<Vec<_>>(),
        [hashlist::COLUMNS, &line]
    );
    let copy = [
        "import",
        "--list",
        "a copy",
        "--format",
        "csv",
        columns,
        "delta.csv",
    ];
    assert!(done(house, &copy)?.contains("1 taken back"));
    Ok(())
}

/// Regression (ac): a statement that is made in another time zone has the same time.
fn a_statement_has_the_time_of_utc(house: &Installation) -> Shown {
    let now = || ground::Clock::system().now().ms();
    for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago"] {
        let file = zone.replace('/', "-");
        let began = now();
        let mut export = list(house, &["export", "--list", "a source", &file]);
        let output = export.env("TZ", zone).output()?;
        assert!(output.status.success(), "{}", said(&output));
        let signed = std::fs::read(house.folder.join(file + ".signed"))?;
        let signed: hashlist::Signed = serde_json::from_slice(&signed)?;
        let made = signed.statement.made_at_ms;
        assert!((began..=now()).contains(&made), "{zone}: {made}");
    }
    Ok(())
}

/// The other format carries the same hashes.
fn vics_carries_the_same(house: &Installation) -> Shown {
    let vics = [
        "export",
        "--list",
        "a source",
        "--format",
        "vics",
        "--category",
        "a=1",
        "whole.json",
    ];
    done(house, &vics)?;
    let again = [
        "import",
        "--list",
        "a copy",
        "--format",
        "vics",
        "whole.json",
    ];
    let told = done(house, &again)?;
    assert!(told.contains(&format!("{} hashes", ROWS - 3)), "{told}");
    Ok(())
}

#[tokio::test]
async fn a_list_goes_in_killed_or_not_and_out_again_signed_on_sqlite() -> Result<(), Fault> {
    a_list_goes_in_and_out(Engine::Sqlite).await
}

#[tokio::test]
async fn a_list_goes_in_killed_or_not_and_out_again_signed_on_postgres() -> Result<(), Fault> {
    a_list_goes_in_and_out(Engine::Postgres).await
}
