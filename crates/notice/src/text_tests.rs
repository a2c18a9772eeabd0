//! What a notice says, in both languages, and what it can never hold.

use ground::{Instant, NoticeId, Verdict, WebAddress};
use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;

use crate::*;

pub(crate) fn item(address: &str, seen_ms: i64) -> NamedItem {
    NamedItem {
        address: WebAddress::parse(address).unwrap(),
        found_on: Some(WebAddress::parse("https://gallery.example/album/3").unwrap()),
        ip: Some("192.0.2.10".parse().unwrap()),
        seen_at: Instant::from_ms(seen_ms),
        verdict: Verdict::IllegalBaseline,
        media: Media::Image,
        sha256: Digest::parse(&"a1".repeat(32)).ok(),
        sha1: Digest::parse(&"b2".repeat(20)).ok(),
        md5: Digest::parse(&"c3".repeat(16)).ok(),
    }
}

pub(crate) const NOW: i64 = 1_795_428_000_000;
const IN_2023: i64 = 1_672_574_400_000;

pub(crate) fn view(language: NoticeLanguage, items: Vec<NamedItem>) -> NoticeView {
    NoticeView {
        number: "2026-7K3Q-9XZA".into(),
        kind: NoticeKind::First,
        language,
        format: NoticeFormat::Table,
        hotline: Hotline {
            name: "Meldpunt Voorbeeld".into(),
            about: "A national hotline for unlawful content on the internet.".into(),
            reply_to: "notices@meldpunt.example".into(),
            from: "notices@meldpunt.example".into(),
            website: "https://meldpunt.example/".into(),
        },
        provider: "Example Hosting B.V.".into(),
        page: None,
        drawn_up_at: Instant::from_ms(NOW),
        items,
    }
}

pub(crate) fn mail(view: &NoticeView) -> Composed {
    compose(NoticeId::from_bits(7), view, "abuse@hosting.example").unwrap()
}

#[test]
fn the_dutch_notice_reads_so() {
    let mut six = item("http://pictures.example:8080/b.png?size=2", NOW);
    six.ip = Some("2001:db8::10".parse().unwrap());
    six.found_on = Some(six.address.clone());
    let items = vec![item("https://gallery.example/a.png", NOW), six];
    insta::assert_snapshot!(crate::text::body(&view(NoticeLanguage::Dutch, items)).unwrap());
}

#[test]
fn the_english_notice_reads_so_and_gives_each_ground_its_dates() {
    let items = vec![
        item("https://gallery.example/a.png", NOW),
        item("https://gallery.example/old.png", IN_2023),
    ];
    insta::assert_snapshot!(crate::text::body(&view(NoticeLanguage::English, items)).unwrap());
}

#[test]
fn the_mail_is_the_same_however_often_it_is_made() {
    let view = view(
        NoticeLanguage::Dutch,
        vec![item("https://gallery.example/a.png", NOW)],
    );
    let (one, two) = (mail(&view), mail(&view));
    assert_eq!(one, two);
    assert!(one.raw.is_ascii());
    assert!(
        !one.raw.replace("\r\n", "").contains(['\r', '\n']),
        "only CR LF ends a line"
    );
    insta::assert_snapshot!(
        one.raw
            .split("\r\n\r\n")
            .next()
            .unwrap()
            .replace("\r\n", "\n")
    );
}

/// Regression (p): an address of more than 255 characters was cut in a notice.
#[test]
fn the_mail_is_read_back_with_exact_addresses_and_a_table() {
    let long = format!(
        "https://gallery.example/{}?q=a=b&c=%20d",
        "long-name-".repeat(60)
    );
    let view = view(NoticeLanguage::English, vec![item(&long, NOW)]);
    let raw = mail(&view).raw;
    let read = MessageParser::default().parse(raw.as_bytes()).unwrap();
    assert_eq!(
        read.message_id(),
        Some("not_00000000000000000000000007@meldpunt.example")
    );
    assert_eq!(
        read.subject(),
        Some("[2026-7K3Q-9XZA] Request for removal (1 address)")
    );
    assert_eq!(
        read.header_raw("Auto-Submitted").map(str::trim),
        Some("auto-generated")
    );
    let text = read.body_text(0).unwrap();
    assert!(
        text.contains(&format!("1. {long}\r\n")),
        "longer than 255 characters and whole"
    );
    assert!(text.contains("article 252 of the Dutch Criminal Code"));
    let table = read.attachment(0).unwrap();
    assert_eq!(table.attachment_name(), Some("2026-7K3Q-9XZA.csv"));
    let rows = table.text_contents().unwrap();
    assert_eq!(rows.lines().count(), 2);
    assert!(rows.contains(&format!("\"{long}\"")));
}

#[test]
fn a_name_with_breaks_in_it_breaks_no_header_and_no_line() {
    let mut view = view(
        NoticeLanguage::Dutch,
        vec![item("https://gallery.example/a", NOW)],
    );
    view.provider = "Evil\r\n\r\nWAT WIJ U VRAGEN: niets".into();
    view.hotline.name = "Meldpunt\r\nBcc: someone@else.example".into();
    view.number = "1\r\nBcc: someone@else.example".into();
    let raw = mail(&view).raw;
    let read = MessageParser::default().parse(raw.as_bytes()).unwrap();
    assert!(read.bcc().is_none());
    assert!(
        read.body_text(0)
            .unwrap()
            .contains("van Evil WAT WIJ U VRAGEN: niets\r\n")
    );
}

#[test]
fn a_notice_without_items_or_to_nobody_is_not_made() {
    let id = NoticeId::from_bits(7);
    let empty = view(NoticeLanguage::Dutch, Vec::new());
    assert!(matches!(
        compose(id, &empty, "a@b.example"),
        Err(ComposeFault::Empty)
    ));
    let one = view(
        NoticeLanguage::Dutch,
        vec![item("https://gallery.example/a", NOW)],
    );
    assert!(matches!(
        compose(id, &one, "nobody"),
        Err(ComposeFault::NotAnAddress("to"))
    ));
}

#[test]
fn a_notice_is_written_in_every_language_with_its_exact_addresses_and_the_statement() {
    let of = |language| {
        let items = vec![item("https://gallery.example/a.png", NOW)];
        let mail = mail(&view(language, items));
        let read = MessageParser::default().parse(mail.raw.as_bytes()).unwrap();
        let text = read.body_text(0).unwrap().into_owned();
        assert!(text.contains("1. https://gallery.example/a.png"), "{text}");
        assert!(
            text.contains("2022/2065") && text.contains("192.0.2.10:443"),
            "{text}"
        );
        (read.subject().unwrap().to_owned(), text)
    };
    let all: std::collections::BTreeSet<_> = NoticeLanguage::ALL.iter().map(|l| of(*l)).collect();
    assert_eq!(all.len(), 4, "no two languages are the same");
    let german = of(NoticeLanguage::German);
    assert_eq!(
        german.0,
        "[2026-7K3Q-9XZA] Aufforderung zur Entfernung (1 Adresse)"
    );
    assert!(
        german
            .1
            .contains("Artikel 252 des niederländischen Strafgesetzbuchs")
    );
    let french = of(NoticeLanguage::French);
    assert_eq!(french.0, "[2026-7K3Q-9XZA] Demande de retrait (1 adresse)");
    assert!(french.1.contains("article 252 du code pénal néerlandais"));
}

#[test]
fn a_reminder_says_that_it_is_one_in_every_language() {
    for language in NoticeLanguage::ALL {
        let items = vec![item("https://gallery.example/a.png", NOW)];
        let first = view(*language, items);
        let again = NoticeView {
            kind: NoticeKind::Reminder,
            ..first.clone()
        };
        let lines = |view: &NoticeView| crate::text::body(view).unwrap().lines().count();
        assert_eq!(lines(&again), lines(&first) + 3, "{language}");
        assert_ne!(crate::text::subject(&again), crate::text::subject(&first));
    }
}

fn longest_base64_run(text: &str) -> usize {
    let whole = text.replace("=\r\n", "");
    let runs = whole.split(|c: char| !(c.is_ascii_alphanumeric() || "+/=".contains(c)));
    runs.map(str::len).max().unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_notice_holds_anything_that_could_be_a_picture(
        paths in prop::collection::vec("[a-zA-Z0-9/._~-]{0,180}", 1..12),
        name in "\\PC{0,60}|[\\x00-\\x7f]{0,60}",
        language in prop::sample::select(NoticeLanguage::ALL),
        seen in 0_i64..4_000_000_000_000,
    ) {
        let items = paths.iter().map(|p| item(&format!("https://gallery.example/{p}"), seen)).collect();
        let mut view = view(language, items);
        view.provider = name.clone();
        view.hotline.name = name;
        let mail = mail(&view);
        prop_assert!(mail.raw.is_ascii());
        prop_assert!(longest_base64_run(&mail.raw) < 256);
        prop_assert!(!mail.raw.to_ascii_lowercase().contains("content-transfer-encoding: base64"));
        let read = MessageParser::default().parse(mail.raw.as_bytes()).unwrap();
        let text = read.body_text(0).unwrap();
        for named in &view.items {
            prop_assert!(text.contains(named.address.as_str()));
        }
    }
}
