//! The mail relay: what it says, and what we make of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use egress::{Credentials, Mail, Relay, RelayTls, SendError};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::site::OPEN;
use crate::tls::vouched;

/// What a relay answers at the point where it differs from one that takes everything.
#[derive(Clone, Copy, Default)]
struct Manner {
    recipient: Option<&'static str>,
    message: Option<&'static str>,
    vanishes_after_message: bool,
    silent_after_message: bool,
    login: Option<&'static str>,
}

type Taken = Arc<Mutex<Vec<String>>>;

async fn converse(
    stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    manner: Manner,
    taken: Taken,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 relay.example ready\r\n").await?;
    stream.flush().await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let word = line.get(..4).unwrap_or_default().to_uppercase();
        let reply = match word.as_str() {
            "EHLO" => "250-relay.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN",
            "AUTH" => manner.login.unwrap_or("235 welcome"),
            "RCPT" => manner.recipient.unwrap_or("250 fine"),
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        stream.flush().await?;
        if word == "DATA" {
            let mut message = String::new();
            while !message.ends_with("\r\n.\r\n") && stream.read_line(&mut message).await? > 0 {}
            taken.lock().unwrap().push(message);
            if manner.vanishes_after_message {
                return Ok(());
            }
            if manner.silent_after_message {
                std::future::pending::<()>().await;
            }
            let reply = manner.message.unwrap_or("250 queued as 42");
            stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
            stream.flush().await?;
        }
        line.clear();
    }
    Ok(())
}

async fn relay(manner: Manner) -> (Relay, Taken) {
    let listener = TcpListener::bind((OPEN, 0)).await.unwrap();
    let taken = Taken::default();
    let relay = Relay {
        host: "127.0.0.1".into(),
        port: listener.local_addr().unwrap().port(),
        tls: RelayTls::None,
        credentials: None,
        hello: "desk.example".into(),
        also_trust: Vec::new(),
        patience: Duration::from_millis(500),
    };
    let kept = Arc::clone(&taken);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = converse(stream, manner, Arc::clone(&kept)).await;
        }
    });
    (relay, taken)
}

fn mail() -> Mail {
    Mail {
        from: "notices@hotline.example".into(),
        to: vec!["abuse@host.example".into(), "abuse2@host.example".into()],
        raw_message: b"Message-ID: <1@hotline.example>\r\nSubject: x\r\n\r\none\r\n.two\r\n"
            .to_vec(),
        message_id: "1@hotline.example".into(),
    }
}

#[tokio::test]
async fn a_message_is_taken_over_as_it_was_written() {
    let (relay, taken) = relay(Manner::default()).await;
    let accepted = relay.send(&mail()).await.unwrap();
    assert!(
        accepted.reply == "250",
        "what a relay says beside its codes is not kept: {accepted:?}"
    );
    let taken = taken.lock().unwrap();
    assert_eq!(taken.len(), 1);
    assert!(
        taken[0].ends_with("\r\n\r\none\r\n..two\r\n.\r\n"),
        "{}",
        taken[0]
    );
}

#[tokio::test]
async fn refusals_for_good_and_for_now_are_told_apart_before_and_after_the_message() {
    for (said, permanent) in [("550 no such box", true), ("451 greylisted", false)] {
        let at_recipient = Manner {
            recipient: Some(said),
            ..Manner::default()
        };
        let at_message = Manner {
            message: Some(said),
            ..Manner::default()
        };
        for manner in [at_recipient, at_message] {
            let fault = relay(manner).await.0.send(&mail()).await.unwrap_err();
            assert_eq!(
                matches!(fault, SendError::Permanent(_)),
                permanent,
                "{fault:?}"
            );
            assert_eq!(
                matches!(fault, SendError::Transient(_)),
                !permanent,
                "{fault:?}"
            );
            assert_eq!(fault.may_repeat(), !permanent);
        }
    }
}

#[tokio::test]
async fn of_a_refusal_only_its_codes_are_told_on() {
    for (said, told) in [
        ("554 5.7.1 refused: http://place.example/page", "554 5.7.1"),
        ("554 refused: http://place.example/page", "554"),
        ("451 4.7.1 try http://203.0.113.9/ later", "451 4.7.1"),
    ] {
        let manner = Manner {
            message: Some(said),
            ..Manner::default()
        };
        let fault = relay(manner).await.0.send(&mail()).await.unwrap_err();
        let (SendError::Permanent(words) | SendError::Transient(words)) = fault else {
            panic!("{fault:?}");
        };
        assert_eq!(words, told);
    }
}

#[tokio::test]
async fn a_connection_lost_after_the_message_leaves_it_unknown() {
    let vanishing = Manner {
        vanishes_after_message: true,
        ..Manner::default()
    };
    let silent = Manner {
        silent_after_message: true,
        ..Manner::default()
    };
    for manner in [vanishing, silent] {
        let (relay, taken) = relay(manner).await;
        let fault = relay.send(&mail()).await.unwrap_err();
        assert!(matches!(fault, SendError::Unknown(_)), "{fault:?}");
        assert!(!fault.may_repeat());
        assert_eq!(taken.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_relay_that_is_not_there_is_not_reached() {
    let (mut relay, _) = relay(Manner::default()).await;
    relay.port = {
        let gone = TcpListener::bind((OPEN, 0)).await.unwrap();
        gone.local_addr().unwrap().port()
    };
    let fault = relay.send(&mail()).await.unwrap_err();
    assert!(matches!(fault, SendError::NotReached(_)), "{fault:?}");
}

#[tokio::test]
async fn a_relay_that_knows_us_not_or_offers_no_encryption_does_not_accept_us() {
    let strict = Manner {
        login: Some("535 wrong password"),
        ..Manner::default()
    };
    let (mut knows_not, taken) = relay(strict).await;
    knows_not.credentials = Some(Credentials {
        user: "meldpunt".into(),
        password: "wrong".to_owned().into(),
    });
    let (mut plain, plain_taken) = relay(Manner::default()).await;
    plain.tls = RelayTls::StartTls;
    for relay in [knows_not, plain] {
        let fault = relay.send(&mail()).await.unwrap_err();
        assert!(matches!(fault, SendError::NotAccepted(_)), "{fault:?}");
    }
    assert!(taken.lock().unwrap().is_empty() && plain_taken.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_encrypted_relay_is_trusted_by_its_certificate_only() {
    let vouched = vouched("localhost", false);
    let (mut relay, taken) = relay(Manner::default()).await;
    let listener = TcpListener::bind((OPEN, 0)).await.unwrap();
    relay.port = listener.local_addr().unwrap().port();
    relay.host = "localhost".into();
    relay.tls = RelayTls::Tls;
    let kept = Arc::clone(&taken);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = vouched.acceptor.accept(stream).await {
                let _ = converse(stream, Manner::default(), Arc::clone(&kept)).await;
            }
        }
    });
    let fault = relay.send(&mail()).await.unwrap_err();
    assert!(
        matches!(fault, SendError::NotReached(_) | SendError::NotAccepted(_)),
        "{fault:?}"
    );
    assert!(taken.lock().unwrap().is_empty());
    relay.also_trust = vec![vouched.root];
    relay.send(&mail()).await.unwrap();
    assert_eq!(taken.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_message_that_could_be_misread_is_not_sent() {
    let (relay, taken) = relay(Manner::default()).await;
    let lone = Mail {
        raw_message: b"Message-ID: <1@hotline.example>\r\n\r\na\n.\nMAIL FROM:<x@y>\r\n".to_vec(),
        ..mail()
    };
    let other_id = Mail {
        message_id: "2@hotline.example".into(),
        ..mail()
    };
    let nobody = Mail {
        to: Vec::new(),
        ..mail()
    };
    let no_address = Mail {
        to: vec!["abuse@host.example>\r\nRCPT TO:<x@y.example".into()],
        ..mail()
    };
    for mail in [lone, other_id, nobody, no_address] {
        let fault = relay.send(&mail).await.unwrap_err();
        assert!(matches!(fault, SendError::Malformed(_)), "{fault:?}");
    }
    assert!(taken.lock().unwrap().is_empty());
}
