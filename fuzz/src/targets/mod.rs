//! One function for each reader of bytes that strangers send. None may panic, hang or take much
//! memory; where a reader promises more (what is read is written the same), that is held as well.

mod known;

use std::net::Ipv4Addr;
use std::sync::Once;
use std::time::Duration;

use ground::WebAddress;
use letterbox::{FormToken, Letter, LetterForm, Receipt};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

pub use known::{list_csv, list_hma, list_plain, list_vics, signed_statement, snapshot};

/// A reader and its name; the name is also that of its folder of seeds.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const ALL: [Target; 35] = [
    ("bootstrap", bootstrap),
    ("bounce", bounce),
    ("chat_telegram", chat_telegram),
    ("chat_whatsapp", chat_whatsapp),
    ("chat_words", chat_words),
    ("child_frames", child_frames),
    ("client_key", client_key),
    ("data_address", data_address),
    ("evidence_file", evidence_file),
    ("examined", examined),
    ("film_frames", film_frames),
    ("form_token", form_token),
    ("hash_question", hash_question),
    ("host_and_port", host_and_port),
    ("letter_form", letter_form),
    ("likeness", likeness),
    ("list_csv", list_csv),
    ("list_hma", list_hma),
    ("list_plain", list_plain),
    ("list_vics", list_vics),
    ("mail_address", mail_address),
    ("mail_reply", mail_reply),
    ("page", page),
    ("picture", picture),
    ("published_figures", published_figures),
    ("rdap", rdap),
    ("receipt", receipt),
    ("ripestat", ripestat),
    ("scheme", scheme),
    ("sealed", sealed),
    ("signed_statement", signed_statement),
    ("snapshot", snapshot),
    ("style_sheet", style_sheet),
    ("time_stamp", time_stamp),
    ("web_address", web_address),
];

/// A file of evidence that may be anybody's: whatever it is, it is read or refused, and without the
/// hotline's signature it does not hold.
pub fn evidence_file(bytes: &[u8]) {
    let report = evidence::verify::verify(bytes, None, None);
    assert!(!report.holds() || report.manifest.is_some());
    for found in evidence::warc::Reader::over(bytes) {
        let _ = found;
    }
    let _ = evidence::Pieces::from_bytes(bytes);
}

/// A mail that comes to the address notices are sent from.
pub fn bounce(bytes: &[u8]) {
    let Some(bounce) = notice::read_bounce(bytes) else {
        return;
    };
    for name in bounce.names {
        assert!(!name.is_empty() && name.len() <= 998);
    }
    if let Some(status) = bounce.status {
        assert!(status.len() <= 11 && status.split('.').count() == 3);
    }
}

/// What an authority may answer, or somebody put into a file.
pub fn time_stamp(bytes: &[u8]) {
    if let Ok(stamped) = evidence::stamp::read(bytes) {
        let _ = stamped.check_signature(None);
    }
    let question = evidence::stamp::question([7; 32], &ground::Chance::seeded(1));
    let _ = question.answered(bytes);
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(future),
        Err(fault) => panic!("no runtime: {fault}"),
    }
}

/// The public form: four fields, divided by a zero byte.
pub fn letter_form(bytes: &[u8]) {
    let mut fields = bytes.splitn(4, |byte| *byte == 0).map(text);
    let mut next = || fields.next().unwrap_or_default();
    let form = LetterForm {
        addresses: next(),
        words: next(),
        seen_where: next(),
        reach: next(),
    };
    if let Ok(letter) = Letter::parse(&form, "en") {
        assert!(letter.addresses.len() <= letterbox::MAX_ADDRESSES);
        assert_eq!(letter.words, form.words.trim().replace("\r\n", "\n"));
    }
}

/// What Telegram's webhook sends, or an answer to a call.
pub fn chat_telegram(bytes: &[u8]) {
    if let Ok(Some(arrived)) = chat::telegram::read(bytes) {
        assert!(!arrived.sender.known_by.is_empty() && !arrived.sender.reach.is_empty());
    }
    if let Ok((updates, _)) = chat::telegram::divide(bytes) {
        updates
            .iter()
            .for_each(|update| drop(chat::telegram::read(update)));
    }
    drop(chat::telegram::outcome(200, bytes));
}

/// What WhatsApp's webhook sends, or an answer to a call.
pub fn chat_whatsapp(bytes: &[u8]) {
    for arrived in chat::whatsapp::read(bytes).unwrap_or_default() {
        assert!(!arrived.sender.known_by.is_empty());
        assert!(chat::whatsapp::sending(&arrived.sender.reach, "x").is_ok());
    }
    drop(chat::whatsapp::outcome(400, bytes));
}

/// What somebody says: two bytes that mark a part of it, then the text.
pub fn chat_words(bytes: &[u8]) {
    let Some(([from, long], said)) = bytes.split_first_chunk::<2>() else {
        return;
    };
    let said = text(said);
    let part = chat::utf16::slice(&said, usize::from(*from), usize::from(*long));
    assert!(part.is_none_or(|part| chat::utf16::length(part) == usize::from(*long)));
    let words = chat::Words {
        links: part.map(str::to_owned).into_iter().collect(),
        text: said,
    };
    for (_, address) in chat::links::find(&words) {
        let shown = chat::links::harmless(&address);
        assert_eq!(WebAddress::parse(&shown).as_ref(), Ok(&address), "{shown}");
    }
    let heard = chat::Heard::Text {
        words,
        forwarded: chat::Forwarded::No,
    };
    let mut turn = chat::Talk::default().hear(&[heard], pages::Language::Nl, "R");
    if turn.wants.is_empty() {
        turn = turn.talk.fall_silent(pages::Language::Nl, "R");
    }
    if let Some((draft, _)) = turn.talk.to_store() {
        assert!(draft.words.len() <= chat::MOST_BYTES);
        assert!(draft.addresses.len() <= chat::MOST_ADDRESSES);
    }
}

/// A receipt as somebody types it.
pub fn receipt(bytes: &[u8]) {
    if let Ok(receipt) = Receipt::parse(&text(bytes)) {
        assert_eq!(Receipt::parse(&receipt.text()).as_ref(), Ok(&receipt));
    }
}

/// The hidden field of a form.
pub fn form_token(bytes: &[u8]) {
    let _ = FormToken::from_field(&text(bytes), &[7; 32]);
}

/// A reported address: its canonical form is its own canonical form.
pub fn web_address(bytes: &[u8]) {
    if let Ok(address) = WebAddress::parse(&text(bytes)) {
        let again = WebAddress::parse(address.as_str());
        assert_eq!(again.as_ref(), Ok(&address));
    }
}

/// A host that a page wants to reach: read twice, it is the same.
pub fn host_and_port(bytes: &[u8]) {
    if let Ok(target) = egress::Target::parse(&text(bytes), 80) {
        let again = egress::Target::parse(&target.host.to_string(), 80);
        assert_eq!(again, Ok(target));
    }
}

/// What a child says that looked into bytes.
pub fn examined(bytes: &[u8]) {
    wait(capture::fuzzing::examined_again(bytes));
}

/// The frames of a video, as ffmpeg hands them over.
pub fn film_frames(bytes: &[u8]) {
    capture::fuzzing::film_frames(bytes);
}

/// A page.
pub fn page(bytes: &[u8]) {
    capture::fuzzing::page(&text(bytes));
}

/// A style sheet.
pub fn style_sheet(bytes: &[u8]) {
    capture::fuzzing::style_sheet(&text(bytes));
}

/// An address with its content in it.
pub fn data_address(bytes: &[u8]) {
    capture::fuzzing::data(&text(bytes));
}

/// A picture, as a visit decodes it. A decoder that panics fails its picture and nothing else, which
/// is by design: only what is not caught counts.
pub fn picture(bytes: &[u8]) {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| drop(std::panic::take_hook()));
    capture::fuzzing::examined(bytes);
}

/// A picture, as it is hashed.
pub fn likeness(bytes: &[u8]) {
    let limits = pdq::Limits {
        side: 4_096,
        memory: 64 << 20,
    };
    let _ = pdq::hash_bytes(bytes, &limits);
}

/// What a visiting child says to its parent.
pub fn child_frames(bytes: &[u8]) {
    wait(capture::fuzzing::heard(bytes));
}

/// An answer of an RDAP server.
pub fn rdap(bytes: &[u8]) {
    provider::fuzzing::rdap_answer(bytes);
}

/// An answer of RIPEstat.
pub fn ripestat(bytes: &[u8]) {
    provider::fuzzing::ripestat_answer(bytes);
}

/// The file that says which RDAP server to ask.
pub fn bootstrap(bytes: &[u8]) {
    provider::fuzzing::bootstrap_file(bytes);
}

/// The address of an abuse desk.
pub fn mail_address(bytes: &[u8]) {
    if let Ok(address) = provider::MailAddress::parse(&text(bytes)) {
        assert!(!address.as_str().contains(['\r', '\n', '\0']));
        assert!(!address.domain().is_empty());
    }
}

/// Whatever a mail server says, from its greeting on.
pub fn mail_reply(bytes: &[u8]) {
    wait(async {
        let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await else {
            return;
        };
        let Ok(address) = listener.local_addr() else {
            return;
        };
        let relay = egress::Relay {
            host: address.ip().to_string(),
            port: address.port(),
            tls: egress::RelayTls::None,
            credentials: None,
            hello: "hotline.example".into(),
            also_trust: Vec::new(),
            patience: Duration::from_secs(1),
        };
        let mail = egress::Mail {
            from: "notices@hotline.example".into(),
            to: vec!["abuse@provider.example".into()],
            raw_message: b"Message-ID: <1@hotline.example>\r\n\r\nwords\r\n".to_vec(),
            message_id: "1@hotline.example".into(),
        };
        // The server goes away with this choice, whatever it was waiting for.
        tokio::select! {
            _ = relay.send(&mail) => {}
            () = says(&listener, bytes) => {}
        }
    });
}

/// A server that says this to one client, hears it out, and never ends by itself.
async fn says(listener: &TcpListener, bytes: &[u8]) {
    if let Ok((mut stream, _)) = listener.accept().await {
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        let mut heard = [0; 1_024];
        while matches!(stream.read(&mut heard).await, Ok(1..)) {}
    }
    std::future::pending().await
}

/// Sealed objects, fields and letters.
pub fn sealed(bytes: &[u8]) {
    vault::fuzzing::sealed(bytes);
}

/// What a provider asks of the hash-check.
pub fn hash_question(bytes: &[u8]) {
    if let Some(hashes) = api::fuzzing::question(bytes) {
        assert!((1..=1_000).contains(&hashes));
    }
}

/// A provider's key: what is read is shown the same.
pub fn client_key(bytes: &[u8]) {
    if let Ok(key) = hashcheck::Key::parse(&text(bytes)) {
        let again = hashcheck::Key::parse(&key.reveal());
        assert!(again.is_ok_and(|again| again.digest(&[1; 32]) == key.digest(&[1; 32])));
    }
}

/// A scheme of assessment.
pub fn scheme(bytes: &[u8]) {
    if let Ok(scheme) = assessment::Scheme::parse(&text(bytes)) {
        for quick in scheme.quick() {
            assert!(scheme.verdict_of(quick).is_some());
        }
    }
}

/// A file of figures that were published before.
pub fn published_figures(bytes: &[u8]) {
    let Ok(rows) = figures::read_published(bytes, 2026) else {
        return;
    };
    assert!(!rows.is_empty(), "a file without figures is refused");
    for row in rows {
        assert!((1990..=2026).contains(&row.year) && row.value.hundredths() >= 0);
        assert!(!row.source.is_empty());
    }
}
