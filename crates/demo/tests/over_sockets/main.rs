//! The demo's services asked over real sockets, as Meldpunt asks them.
#![expect(clippy::unwrap_used, reason = "the fixtures of a test may fail loudly")]
#![expect(
    clippy::disallowed_methods,
    reason = "the test plays Meldpunt's side of the connection"
)]

mod mail;
mod registries;
mod sites;
mod wire;

use demo::{DemoSettings, MailFaults};
use wire::running;

#[tokio::test]
async fn a_taken_port_is_told_in_a_sentence() {
    let demo = running().await;
    let settings = DemoSettings {
        smtp_port: demo.smtp.port(),
        faults: MailFaults::default(),
        ..DemoSettings::default()
    };
    let refused = demo::serve(settings).await.unwrap_err().to_string();
    let begin = format!(
        "the demo's mail server cannot listen on 127.0.0.1:{}",
        demo.smtp.port()
    );
    assert!(refused.starts_with(&begin), "{refused}");
    demo.stop().await;
}
