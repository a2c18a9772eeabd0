//! Every format as it goes out, held against what the specification wants, and what none may hold.

use ground::{NoticeId, Verdict, WebAddress};
use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;
use serde_json::Value;

use crate::text_tests::{NOW, item, mail, view};
use crate::*;

fn of(format: NoticeFormat) -> NoticeView {
    let mut six = item("https://images.gallery.example:8443/a.png?size=2", NOW);
    six.ip = Some("2001:db8::10".parse().unwrap());
    NoticeView {
        format,
        ..view(NoticeLanguage::English, vec![six])
    }
}

fn report(view: &NoticeView) -> Value {
    let raw = mail(view).raw;
    let read = MessageParser::default().parse(raw.as_bytes()).unwrap();
    let attached = read.attachments().last().unwrap();
    assert_eq!(attached.attachment_name(), Some("xarf.json"));
    serde_json::from_slice(attached.contents()).unwrap()
}

#[test]
fn every_format_goes_out_so() {
    for format in NoticeFormat::ALL {
        let raw = mail(&of(*format)).raw.replace("\r\n", "\n");
        insta::assert_snapshot!(format!("format_{}", format.as_str().replace('-', "_")), raw);
    }
}

#[test]
fn a_report_is_a_mail_of_three_parts_of_which_the_first_is_for_people() {
    for format in [NoticeFormat::XarfFour, NoticeFormat::XarfThree] {
        let raw = mail(&of(format)).raw;
        let read = MessageParser::default().parse(raw.as_bytes()).unwrap();
        let kind = read.content_type().unwrap();
        assert_eq!(
            (kind.ctype(), kind.subtype()),
            ("multipart", Some("report"))
        );
        assert_eq!(kind.attribute("report-type"), Some("feedback-report"));
        assert!(
            read.body_text(0)
                .unwrap()
                .contains("1. https://images.gallery.example:8443/a.png")
        );
        let parts: Vec<_> = read
            .parts
            .iter()
            .filter_map(|part| part.content_type())
            .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()))
            .collect();
        assert_eq!(
            parts,
            [
                "multipart/report",
                "text/plain",
                "message/feedback-report",
                "application/json"
            ]
        );
    }
}

/// `xarf-core.json`, `content-base.json` and `content-csam.json` of xarf-spec 4.2.0.
#[test]
fn version_4_has_what_the_schema_requires_and_recommends_and_no_evidence() {
    let report = report(&of(NoticeFormat::XarfFour));
    let text = |name: &str| report[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(text("xarf_version"), "4.2.0");
    let id = text("report_id");
    assert_eq!((id.len(), &id[14..15], &id[19..20]), (36, "4", "8"));
    assert_eq!(
        (text("category"), text("type")),
        ("content".into(), "csam".into())
    );
    assert_eq!(text("classification"), "baseline");
    assert_eq!(text("source_identifier"), "2001:db8::10");
    assert_eq!(report["source_port"], 8443);
    assert_eq!(text("domain"), "images.gallery.example");
    assert!(text("timestamp").ends_with('Z') && text("verified_at").ends_with('Z'));
    for organisation in ["reporter", "sender"] {
        let fields = report[organisation].as_object().unwrap();
        let names: Vec<_> = fields.keys().map(String::as_str).collect();
        assert_eq!(names, ["contact", "domain", "org"]);
    }
    for (name, digits) in [("md5", 32), ("sha1", 40), ("sha256", 64)] {
        assert_eq!(
            report["hash_values"][name].as_str().map(str::len),
            Some(digits)
        );
    }
    let tag = |tag: &Value| tag.as_str().is_some_and(|tag| tag.split(':').count() == 2);
    assert!(report["tags"].as_array().unwrap().iter().all(tag));
    assert!(text("description").len() <= 1_000);
    for never in ["evidence", "screenshot_url", "_internal", "ncmec_report_id"] {
        assert!(report.get(never).is_none(), "{never}");
    }
}

/// `childabuse.schema.json` of version 3.
#[test]
fn version_3_has_what_the_schema_requires_and_no_attachment() {
    let report = report(&of(NoticeFormat::XarfThree));
    assert_eq!(report["Version"], "3");
    assert_eq!(report["Disclosure"], false);
    let about = &report["Report"];
    assert_eq!(
        (&about["ReportClass"], &about["ReportType"]),
        (&"Content".into(), &"ChildAbuse".into())
    );
    assert_eq!(
        about["SourceUrl"],
        "https://images.gallery.example:8443/a.png?size=2"
    );
    assert_eq!(about["SourceIp"], "2001:db8::10");
    assert_eq!(
        report["ReporterInfo"]["ReporterOrgDomain"],
        "meldpunt.example"
    );
    assert!(about.get("Attachment").is_none() && about.get("Samples").is_none());
}

#[test]
fn a_host_name_the_schema_refuses_is_left_out_and_the_report_stays_whole() {
    for (address, domain) in [
        ("https://xn--bcher-kva.example/a", None),
        ("https://under_score.example/a", None),
        ("https://192.0.2.10/a", None),
        ("https://a.b-c.example/a", Some("a.b-c.example")),
    ] {
        let mut view = of(NoticeFormat::XarfFour);
        view.items[0].address = WebAddress::parse(address).unwrap();
        let report = report(&view);
        assert_eq!(
            report.get("domain").and_then(Value::as_str),
            domain,
            "{address}"
        );
        assert_eq!(report["url"], view.items[0].address.as_str());
    }
}

#[test]
fn what_version_4_has_no_class_for_is_never_forced_into_one() {
    let item = of(NoticeFormat::XarfFour).items.remove(0);
    assert_eq!(item.goes_as(NoticeFormat::XarfFour), NoticeFormat::XarfFour);
    let national = NamedItem {
        verdict: Verdict::IllegalNational,
        ..item.clone()
    };
    assert_eq!(
        national.goes_as(NoticeFormat::XarfFour),
        NoticeFormat::Table
    );
    assert_eq!(
        national.goes_as(NoticeFormat::XarfThree),
        NoticeFormat::XarfThree
    );
    let unplaced = NamedItem { ip: None, ..item };
    assert_eq!(
        unplaced.goes_as(NoticeFormat::XarfThree),
        NoticeFormat::Table
    );
    assert_eq!(unplaced.goes_as(NoticeFormat::Mail), NoticeFormat::Mail);
    let forced = NoticeView {
        items: vec![national],
        ..of(NoticeFormat::XarfFour)
    };
    let id = NoticeId::from_bits(7);
    let refused = compose(id, &forced, "abuse@hosting.example");
    assert!(matches!(refused, Err(ComposeFault::NotOneReport)));
    let mut two = of(NoticeFormat::XarfThree);
    two.items.push(two.items[0].clone());
    let refused = compose(id, &two, "abuse@hosting.example");
    assert!(matches!(refused, Err(ComposeFault::NotOneReport)));
}

/// The reader that others write of the specification (PyPI `xarf`). Of version 3 it knows other types of
/// report only, so that one is held against its schema above. MELDPUNT_TEST_PYTHON names a
/// Python that has it; `./test` makes one.
#[test]
fn an_independent_reader_takes_version_4() {
    let python = std::env::var("MELDPUNT_TEST_PYTHON").unwrap_or_else(|_| "python3".into());
    let run = |program: &str, input: &str| {
        let mut command = std::process::Command::new(&python);
        command.args(["-c", program, input]).output()
    };
    if !run("import xarf", "").is_ok_and(|run| run.status.success()) {
        eprintln!("NOT CHECKED: no Python with xarf here; `./test` makes one where it can");
        return;
    }
    let json = report(&of(NoticeFormat::XarfFour)).to_string();
    let read = run(include_str!("../tests/read_xarf.py"), &json).unwrap();
    let told = String::from_utf8_lossy(&read.stderr).into_owned();
    assert!(read.status.success(), "{told}");
    assert_eq!(String::from_utf8_lossy(&read.stdout).trim(), "content/csam");
}

fn written_as(bytes: &[u8], text: &str) -> bool {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let base64 = data_encoding::BASE64.encode(bytes);
    // What a part may be wrapped in does not hide it.
    let flat = text.replace("=\r\n", "").replace("\r\n", "");
    flat.to_ascii_lowercase().contains(&hex) || flat.contains(base64.trim_end_matches('='))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    /// Law 3. There is no field for a picture; what is held here is that no format grows a way round
    /// that: neither its bytes, nor an address that is itself the data.
    #[test]
    fn no_format_holds_a_picture_or_an_address_that_is_data(
        picture in prop::collection::vec(any::<u8>(), 24..400),
        format in prop::sample::select(NoticeFormat::ALL),
        language in prop::sample::select(NoticeLanguage::ALL),
        name in "\\PC{0,60}",
    ) {
        let data = format!("data:image/png;base64,{}", data_encoding::BASE64.encode(&picture));
        prop_assert!(WebAddress::parse(&data).is_err(), "no address of an item is data");
        let mut view = NoticeView { language, ..of(format) };
        view.provider = name.clone();
        view.hotline.name = name;
        let raw = mail(&view).raw;
        prop_assert!(raw.is_ascii());
        prop_assert!(!raw.to_ascii_lowercase().contains("data:"));
        prop_assert!(!raw.to_ascii_lowercase().contains("content-transfer-encoding: base64"));
        for piece in picture.windows(24).step_by(12) {
            prop_assert!(!written_as(piece, &raw));
        }
    }
}
