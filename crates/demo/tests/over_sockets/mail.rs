//! The mail server, its page and its misbehaviour.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::wire::{get, post, running};

/// Sends one message the way a careful mail client does; the answer codes of the dialogue come back.
async fn mailed(at: SocketAddr, to: &str, message: &str) -> Vec<String> {
    let stream = BufReader::new(TcpStream::connect(at).await.unwrap());
    let (reading, mut writing) = tokio::io::split(stream);
    let mut lines = BufReader::new(reading).lines();
    let mut codes = vec![];
    let commands = [
        String::new(),
        "EHLO hotline.example\r\n".to_owned(),
        "MAIL FROM:<hotline@hotline.example>\r\n".to_owned(),
        format!("RCPT TO:<{to}>\r\n"),
        "DATA\r\n".to_owned(),
        format!("{message}\r\n.\r\n"),
        "QUIT\r\n".to_owned(),
    ];
    for command in commands {
        writing.write_all(command.as_bytes()).await.unwrap();
        writing.flush().await.unwrap();
        let code = loop {
            match lines.next_line().await {
                Ok(Some(line)) if line.as_bytes()[3] == b'-' => {}
                Ok(Some(line)) => break line[..3].to_owned(),
                _ => break "end".to_owned(),
            }
        };
        let stop = !matches!(code.as_bytes()[0], b'2' | b'3');
        codes.push(code);
        if stop {
            break;
        }
    }
    codes
}

const NOTICE: &str = "From: Hotline <hotline@hotline.example>\r\nTo: abuse@hosting.example\r\n\
    Subject: =?utf-8?q?Verzoek_=E2=80=93_verwijderen?=\r\nMessage-ID: <1@hotline.example>\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\r\nhttp://gallery.example/pictures/rings.jpg\r\n..a dot\r\n";

#[tokio::test]
async fn a_notice_sent_over_smtp_is_shown_and_listed() {
    let demo = running().await;
    let codes = mailed(demo.smtp, "abuse@hosting.example", NOTICE).await;
    assert_eq!(codes, ["220", "250", "250", "250", "354", "250", "221"]);
    let listed = get(demo.mail_page, "127.0.0.1", "/messages.json")
        .await
        .json();
    assert_eq!(listed[0]["subject"], "Verzoek – verwijderen");
    assert_eq!(listed[0]["envelope_to"][0], "abuse@hosting.example");
    assert_eq!(listed[0]["message_id"], "1@hotline.example");
    let text = listed[0]["text"].as_str().unwrap();
    assert!(text.starts_with("http://gallery.example/pictures/rings.jpg\n.a dot"));
    let page = get(demo.mail_page, "127.0.0.1", "/").await;
    assert!(page.head.contains("refresh: 5"));
    assert!(page.text().contains("Verzoek – verwijderen"));
    assert!(
        !get(demo.mail_page, "127.0.0.1", "/?still=true")
            .await
            .head
            .contains("refresh: 5")
    );
    let raw = get(demo.mail_page, "127.0.0.1", "/messages/1/raw")
        .await
        .text();
    assert!(raw.starts_with("From: Hotline"));
    demo.stop().await;
}

#[tokio::test]
async fn the_mail_server_misbehaves_when_told_to() {
    let demo = running().await;
    let to = "abuse@hosting.example";
    post(demo.mail_page, "/faults", "refuse_rcpt=true").await;
    assert_eq!(mailed(demo.smtp, to, NOTICE).await.last().unwrap(), "550");
    post(demo.mail_page, "/faults", "greylist_first=true").await;
    assert_eq!(mailed(demo.smtp, to, NOTICE).await.last().unwrap(), "451");
    assert_eq!(mailed(demo.smtp, to, NOTICE).await.last().unwrap(), "221");
    post(demo.mail_page, "/faults", "drop_after_data=true").await;
    assert_eq!(mailed(demo.smtp, to, NOTICE).await.last().unwrap(), "end");
    let faults = get(demo.mail_page, "127.0.0.1", "/faults").await.json();
    assert_eq!(faults["drop_after_data"], true);
    assert_eq!(faults["refuse_rcpt"], false);
    let kept = get(demo.mail_page, "127.0.0.1", "/messages.json")
        .await
        .json();
    assert_eq!(
        kept.as_array().unwrap().len(),
        2,
        "a message dropped before its answer is kept"
    );
    demo.stop().await;
}

#[tokio::test]
async fn commands_sent_in_one_piece_are_answered_one_by_one() {
    let demo = running().await;
    let mut stream = TcpStream::connect(demo.smtp).await.unwrap();
    let sent = "EHLO me.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n\
                Subject: one\r\n\r\nx\r\n.\r\nMAIL FROM:<>\r\nRSET\r\nNOOP\r\nQUIT\r\n";
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    let last = said
        .lines()
        .filter(|line| line.as_bytes()[3] == b' ')
        .map(|line| &line[..3]);
    let codes: Vec<_> = last.collect();
    assert_eq!(
        codes,
        [
            "220", "250", "250", "250", "354", "250", "250", "250", "250", "221"
        ]
    );
    demo.stop().await;
}
