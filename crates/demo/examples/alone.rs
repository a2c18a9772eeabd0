//! The demo's services without Meldpunt: `cargo run -p demo --example alone`, ended with Ctrl-C.

use demo::{DemoSettings, serve};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), demo::DemoError> {
    let settings = DemoSettings {
        site_port: 8081,
        smtp_port: 2525,
        mail_page_port: 8082,
        registry_port: 8083,
        ..DemoSettings::default()
    };
    let running = serve(settings).await?;
    println!(
        "the reported sites and their provider: http://{}/",
        running.site
    );
    println!(
        "received mail: http://{}/ (SMTP at {})",
        running.mail_page, running.smtp
    );
    println!("registries: http://{}/ip/192.0.2.10", running.registry);
    std::future::pending().await
}
