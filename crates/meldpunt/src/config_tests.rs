use super::*;

fn read(text: &str) -> Result<Config, String> {
    let folder = tempfile::tempdir().map_err(|fault| fault.to_string())?;
    let path = folder.path().join("meldpunt.toml");
    std::fs::write(&path, text).map_err(|fault| fault.to_string())?;
    Config::read(&path).map_err(|fault| fault.to_string())
}

const LEAST: &str = "[hotline]\nname = \"Example Hotline\"\nnotices_from = \"notices@hotline.example\"\n\
    reply_to = \"answers@hotline.example\"\n[checks]\ncanary = \"https://canary.example/\"\n";

#[test]
fn the_least_configuration_is_enough() {
    let config = read(LEAST).map(|config| config.hotline.country);
    assert_eq!(config, Ok("NL".into()));
}

#[test]
fn the_template_names_every_setting_and_needs_only_its_blanks_filled_in() {
    let template = Config::template();
    for word in [
        "[hotline]",
        "[keep]",
        "[door]",
        "[desk]",
        "[hash_check]",
        "[mail]",
        "[checks]",
        "canary",
    ] {
        assert!(template.contains(word), "{word}");
    }
    let filled = template
        .replace("#name =", "name = \"Example Hotline\"")
        .replace(
            "#notices_from =",
            "notices_from = \"notices@hotline.example\"",
        )
        .replace("#reply_to =", "reply_to = \"answers@hotline.example\"")
        .replace("#canary =", "canary = \"https://canary.example/\"");
    assert!(read(&filled).is_ok(), "{filled}");
}

#[test]
fn an_unknown_setting_is_refused_by_name() {
    let fault = read(&format!("{LEAST}colour = 1\n"))
        .err()
        .unwrap_or_default();
    assert!(fault.contains("colour"), "{fault}");
}

#[test]
fn a_demo_route_is_refused_in_real_use() {
    let fault = read(&format!(
        "{LEAST}[visits]\ndemo_routes = [\"127.0.0.1:80\"]\n"
    ))
    .err();
    assert!(fault.unwrap_or_default().contains("demo_routes"));
}

#[test]
fn a_broken_file_is_told_with_its_line() {
    let fault = read("[hotline\n").err().unwrap_or_default();
    assert!(fault.contains("line 1") || fault.contains("1 |"), "{fault}");
}
