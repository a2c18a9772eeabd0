//! Starts Chromium on a pipe, with everything off that would go round the proxy.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::{Child, Command};
use tokio::sync::mpsc;

use crate::child::bridge::Bridge;
use crate::child::cdp::{Cdp, CdpFault, Event};
use crate::child::watch::FRAME;
use crate::wire::Setting;

/// How long a browser may take to say who it is.
const START_PATIENCE: Duration = Duration::from_secs(15);

/// Features that reach out by themselves, or around the proxy, or pop up, or keep pages and processes
/// in memory that this visit does not need.
const FEATURES_OFF: &str = "DnsOverHttps,AsyncDns,OptimizationHints,OptimizationGuideModelDownloading,\
    MediaRouter,DialMediaRouteProvider,Translate,InterestFeedContentSuggestions,\
    CertificateTransparencyComponentUpdater,AutofillServerCommunication,PrivacySandboxSettings4,\
    Prerender2,SpeculationRulesPrefetchFuture,NetworkTimeServiceQuerying,HttpsUpgrades,\
    HttpsFirstBalancedModeAutoEnable,CalculateNativeWinOcclusion,GlobalMediaControls,\
    BackForwardCache,SpareRendererForSitePerProcess";

/// Flags that are the same for every visit.
const FLAGS: [&str; 45] = [
    "--headless=new",
    // A page has no business knowing that nobody sits before it.
    "--disable-blink-features=AutomationControlled",
    "--remote-debugging-pipe",
    "--no-startup-window",
    // Nothing on the loopback of the box is for the page.
    "--proxy-bypass-list=<-loopback>",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--dns-prefetch-disable",
    "--disable-background-networking",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-component-extensions-with-background-pages",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-field-trial-config",
    "--disable-notifications",
    "--disable-search-engine-choice-screen",
    "--disable-external-intent-requests",
    "--disable-hang-monitor",
    "--disable-ipc-flooding-protection",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--disable-background-timer-throttling",
    "--disable-gpu",
    // Its cache is memory here, and every visit is the first.
    "--disk-cache-size=16777216",
    "--media-cache-size=16777216",
    "--deny-permission-prompts",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--no-service-autorun",
    "--password-store=basic",
    "--use-mock-keychain",
    "--hide-scrollbars",
    // What still asks its maker's servers in spite of all that asks a port no browser opens.
    "--component-updater=url-source=http://127.0.0.1:1/",
    "--gaia-url=http://127.0.0.1:1",
    "--google-apis-url=http://127.0.0.1:1",
    "--google-base-url=http://127.0.0.1:1",
];

/// A browser that is running.
pub struct Browser {
    /// The line to it.
    pub cdp: Cdp,
    /// What it says by itself.
    pub events: mpsc::UnboundedReceiver<Event>,
    /// Its name and version.
    pub version: String,
    /// How it presents itself to servers.
    pub user_agent: String,
    /// What it says of itself beside its name; none when it goes by another's.
    pub brands: Option<Value>,
    /// Whether its own sandbox is on.
    pub sandboxed: bool,
    process: Child,
}

/// Why no browser runs.
#[derive(Debug, thiserror::Error)]
pub enum LaunchFault {
    /// The program could not be started.
    #[error("it could not be started: {0}")]
    Start(#[from] std::io::Error),
    /// It was started and does not answer.
    #[error("it was started and does not answer: {0}")]
    Mute(#[from] CdpFault),
}

impl Browser {
    /// Starts the browser, with its own sandbox where the system allows that.
    pub async fn launch(
        program: &Path,
        setting: &Setting,
        bridge: &Bridge,
    ) -> Result<Self, LaunchFault> {
        // Chromium refuses to build its sandbox as root.
        if !is_root() {
            match Self::start(program, setting, bridge, true).await {
                Ok(browser) => return Ok(browser),
                Err(LaunchFault::Mute(CdpFault::Ended)) => {}
                Err(fault) => return Err(fault),
            }
        }
        Self::start(program, setting, bridge, false).await
    }

    async fn start(
        program: &Path,
        setting: &Setting,
        bridge: &Bridge,
        sandboxed: bool,
    ) -> Result<Self, LaunchFault> {
        let mut command = Command::new("/bin/sh");
        // The pipe's ends have to be numbers 3 and 4; the shell puts them there and goes away.
        command
            .args([
                "-c",
                "exec \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1",
                "sh",
            ])
            .arg(program)
            .args(FLAGS)
            .arg(format!("--disable-features={FEATURES_OFF}"))
            .arg(format!("--proxy-server={}", bridge.address()))
            .arg(format!("--lang={}", first_language(&setting.language)))
            .arg(format!(
                "--window-size={},{}",
                setting.viewport.width + FRAME.0,
                setting.viewport.height + FRAME.1
            ))
            .arg(format!(
                "--user-data-dir={}",
                setting.scratch.join("profile").display()
            ));
        if !sandboxed {
            command.arg("--no-sandbox");
        }
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(LaunchFault::Mute(CdpFault::Ended));
        };
        let (cdp, events) = Cdp::over(input, output);
        let who = cdp
            .call("", "Browser.getVersion", json!({}), START_PATIENCE)
            .await?;
        let text = |name: &str| who[name].as_str().unwrap_or_default().to_owned();
        // A visitor that calls itself headless is shown another page than a person.
        let own_name = text("userAgent").replace("HeadlessChrome", "Chrome");
        Ok(Self {
            cdp,
            events,
            brands: setting
                .user_agent
                .is_none()
                .then(|| brands(&text("product"))),
            version: text("product"),
            user_agent: setting.user_agent.clone().unwrap_or(own_name),
            sandboxed,
            process,
        })
    }

    /// Ends the browser. Nothing of it is kept, so that it needs no time to put anything away; what
    /// is left of it the parent ends, with the box around it.
    pub fn end(mut self) {
        // One that has ended by itself needs no end.
        let _ = self.process.start_kill();
    }
}

/// What a browser with a window says of itself: its true version, and no word of a head.
fn brands(product: &str) -> Value {
    let version = product.rsplit('/').next().unwrap_or_default();
    let major = version.split('.').next().unwrap_or_default();
    json!({
        "brands": [
            { "brand": "Chromium", "version": major },
            { "brand": "Not)A;Brand", "version": "24" },
        ],
        "fullVersionList": [
            { "brand": "Chromium", "version": version },
            { "brand": "Not)A;Brand", "version": "24.0.0.0" },
        ],
        "platform": "Linux",
        "platformVersion": "",
        "architecture": "x86",
        "bitness": "64",
        "model": "",
        "mobile": false,
    })
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").map_or(true, |own| own.uid() == 0)
}

/// The first language of an `Accept-Language` list.
fn first_language(list: &str) -> &str {
    list.split([',', ';']).next().unwrap_or("en").trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_would_go_round_the_proxy_is_off() {
        for flag in [
            "--proxy-bypass-list=<-loopback>",
            "--disable-quic",
            "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--webrtc-ip-handling-policy=disable_non_proxied_udp",
            "--dns-prefetch-disable",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-domain-reliability",
            "--disable-sync",
            "--no-pings",
            "--disable-extensions",
            "--remote-debugging-pipe",
        ] {
            assert!(FLAGS.contains(&flag), "{flag}");
        }
        for feature in [
            "DnsOverHttps",
            "AsyncDns",
            "MediaRouter",
            "Prerender2",
            "NetworkTimeServiceQuerying",
        ] {
            assert!(
                FEATURES_OFF.split(',').any(|off| off == feature),
                "{feature}"
            );
        }
        assert!(
            !FLAGS
                .iter()
                .any(|flag| flag.contains("debugging-port") || flag.contains("no-sandbox"))
        );
        let policy: Value = serde_json::from_str(crate::visit::POLICY).unwrap();
        for (rule, value) in [
            ("DnsOverHttpsMode", json!("off")),
            ("BuiltInDnsClientEnabled", json!(false)),
            ("QuicAllowed", json!(false)),
            ("NetworkPredictionOptions", json!(2)),
            ("DownloadRestrictions", json!(3)),
            ("WebRtcIPHandling", json!("disable_non_proxied_udp")),
        ] {
            assert_eq!(policy[rule], value, "{rule}");
        }
        for scheme in ["file://*", "ftp://*", "view-source:*"] {
            let blocked = policy["URLBlocklist"].as_array().unwrap();
            assert!(blocked.contains(&json!(scheme)), "{scheme}");
        }
    }
}
