//! `meldpunt visit ADDRESS`: one visit for set-up and support. Stores nothing, prints no bytes.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use capture::{Captured, Likeness, Picture, Sandbox, Visited, VisitorSettings, WarmBoxes};
use clap::Args;
use egress::{Guard, Policy, Resolver};
use ground::{Clock, WebAddress};
use serde_json::{Value, json};

use crate::config::Config;
use crate::{outside, say};

/// `meldpunt visit …`
#[derive(Args)]
pub struct VisitArgs {
    /// The address to look at.
    address: String,
    /// For tests only: a network of one's own that may be reached, as 127.0.0.0/8, at any port
    /// from 1024. What is printed then says that it was a test. In a program built for real use only
    /// with a configuration that has visits.test = true.
    #[arg(long = "allow-net")]
    allow_net: Vec<ipnet::IpNet>,
    /// For tests only: also allow this port.
    #[arg(long = "allow-port")]
    allow_port: Vec<u16>,
    /// Fetch plainly, without a browser.
    #[arg(long)]
    plain: bool,
    /// Where Chromium is; looked for when not given.
    #[arg(long)]
    browser: Option<PathBuf>,
    /// Longest visit, seconds.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=600))]
    deadline: u64,
    /// A configuration file, for its gates and its rules by host.
    #[arg(long)]
    config: Option<PathBuf>,
}

/// Runs the command; exit code 1 when the address was not captured.
///
/// # Errors
/// When the visit could not begin.
pub async fn run(args: &VisitArgs) -> anyhow::Result<ExitCode> {
    let address = WebAddress::parse(&args.address).context("This address cannot be visited")?;
    let config = args.config.as_deref().map(Config::read).transpose()?;
    let marked = config.as_ref().is_some_and(|config| config.visits.test);
    let policy = match &config {
        Some(config) => outside::policy(config)?,
        None => Policy::public(),
    };
    let policy = opened(policy, args, cfg!(debug_assertions) || marked)?;
    let resolver = match &config {
        Some(config) => outside::resolver(config)?,
        None => Resolver::system().context("The name servers of this machine cannot be used")?,
    };
    let is_test = policy.is_test();
    let guard = Guard::new(policy, resolver);
    let mut settings = match &config {
        Some(config) => outside::visitor(config)?,
        None => VisitorSettings::new(std::env::current_exe()?),
    };
    // One visit needs no box for a next one.
    settings.warm = WarmBoxes::default();
    settings.deadline = std::time::Duration::from_secs(args.deadline);
    if args.config.is_none() {
        settings.sandbox = Sandbox::WhenPossible;
    }
    if args.browser.is_some() {
        settings.browser.clone_from(&args.browser);
    }
    if args.plain {
        settings.browser = None;
    }
    let visited = capture::visit(&settings, &guard, &Clock::system(), address.url()).await?;
    say(&format!(
        "{}\n",
        serde_json::to_string_pretty(&told(&visited, is_test))?
    ));
    Ok(match visited.outcome {
        Captured::Yes => ExitCode::SUCCESS,
        Captured::No(_) => ExitCode::FAILURE,
    })
}

/// The policy with the networks and ports that are opened for a test; `may` is whether this program
/// was built for tests, or the configuration is marked as one.
fn opened(policy: Policy, args: &VisitArgs, may: bool) -> anyhow::Result<Policy> {
    if args.allow_net.is_empty() && args.allow_port.is_empty() {
        return Ok(policy);
    }
    anyhow::ensure!(
        may,
        "--allow-net and --allow-port are for tests, and this program is built for real use. Give a \
         configuration with visits.test = true (which serve refuses) by --config FILE."
    );
    let high = if args.allow_net.is_empty() {
        0
    } else {
        u16::MAX
    };
    let ports = egress::DEFAULT_PORTS.iter().chain(&args.allow_port);
    let ports = ports.copied().chain(1024..=high);
    Ok(policy
        .with_test_networks(args.allow_net.clone())
        .with_ports(ports))
}

/// All that may be told of a visit: no byte of what was found.
fn told(visited: &Visited, is_test: bool) -> Value {
    let (outcome, cause, reason) = match &visited.outcome {
        Captured::Yes => ("captured", Value::Null, Value::Null),
        Captured::No(cause) => ("not-captured", cause.key().into(), cause.to_string().into()),
    };
    json!({
        "outcome": outcome,
        "cause": cause,
        "reason": reason,
        "remark": visited.remark,
        "test": is_test,
        "address": visited.address,
        "final_address": visited.final_address,
        "redirects": visited.redirects,
        "status": visited.status,
        "ip": visited.server(),
        "title": visited.title,
        "connections": visited.connections.iter().map(|made| json!({
            "host": made.host, "port": made.port, "ip": made.ip, "through": made.through, "connect_ms": made.connect_ms,
            "bytes_in": made.bytes_in, "refused": made.refused,
        })).collect::<Vec<_>>(),
        "via": visited.via,
        "sandboxed": visited.sandboxed,
        "browser": visited.browser_version,
        "browser_sandboxed": visited.browser_sandboxed,
        "started_at_ms": visited.started_at.ms(),
        "loaded_ms": visited.loaded_ms,
        "took_ms": visited.ended_at.since_ms(visited.started_at),
        "gate": visited.gate,
        "links": visited.links,
        "missed": visited.missed,
        "complete": visited.complete,
        "left_out": visited.left_out,
        "screenshot": visited.screenshot.is_some(),
        "items": visited.pictures.iter().map(item).collect::<Vec<_>>(),
    })
}

fn item(picture: &Picture) -> Value {
    json!({
        "address": picture.address,
        "found_by": picture.found_by,
        "media_type": picture.media_type,
        "size": picture.bytes.len(),
        "width": picture.width,
        "height": picture.height,
        "duration_ms": picture.film.as_ref().and_then(|film| film.duration_ms),
        "codec": picture.film.as_ref().map(|film| &film.codec),
        "set_apart": picture.small,
        "decoded": picture.decode,
        "pdq": picture.likeness.as_ref().and_then(Likeness::looks).map(|l| l.pdq().to_string()),
        "pdq_512": picture.likeness.as_ref().and_then(Likeness::looks).map(|l| l.pdq_512().to_string()),
        "quality": picture.likeness.as_ref().and_then(Likeness::looks).map(|l| l.quality),
        "not_hashable": match &picture.likeness {
            Some(Likeness::NotHashable(why)) => Some(why),
            _ => None,
        },
        "sha256": picture.digests.sha256,
        "sha1": picture.digests.sha1,
        "md5": picture.digests.md5,
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: VisitArgs,
    }

    fn args(words: &[&str]) -> VisitArgs {
        let line = ["visit", "http://a.example/"]
            .into_iter()
            .chain(words.iter().copied());
        Line::parse_from(line).args
    }

    #[test]
    fn networks_are_opened_in_tests_only_and_nothing_is_opened_unasked() -> anyhow::Result<()> {
        for words in [
            &["--allow-net", "127.0.0.0/8"][..],
            &["--allow-port", "2222"],
        ] {
            let refused = opened(Policy::public(), &args(words), false).err();
            let words = refused.map(|fault| fault.to_string()).unwrap_or_default();
            assert!(words.contains("visits.test = true"), "{words}");
        }
        let closed = opened(Policy::public(), &args(&[]), true)?;
        assert!(!closed.is_test() && closed.check_port(1_025).is_err());
        let open = opened(
            Policy::public(),
            &args(&["--allow-net", "127.0.0.0/8"]),
            true,
        )?;
        assert!(open.is_test() && open.check_port(1_025).is_ok() && open.check_port(25).is_err());
        Ok(())
    }
}
