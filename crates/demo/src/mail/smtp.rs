//! The mail dialogue on sockets: reading lines and messages, unstuffing dots, misbehaving on request.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Mailbox;
use super::dialogue::{Dialogue, LARGEST, Step};

/// The most connections served at once; further ones wait in the listener's queue.
const MOST_CONNECTIONS: usize = 64;
/// How long a silent connection is kept (RFC 5321 § 4.5.3.2 asks for five minutes).
const PATIENCE: Duration = Duration::from_secs(300);
/// The longest line taken, in bytes, with its end; RFC 5321 asks for 1,000 at least.
const LONGEST_LINE: u64 = 64 * 1024;

/// Receives mail until it is dropped; the messages go to the mailbox.
pub async fn receive(listener: TcpListener, mailbox: Mailbox) {
    let mut connections = JoinSet::new();
    loop {
        while connections.len() >= MOST_CONNECTIONS {
            connections.join_next().await;
        }
        match listener.accept().await {
            Ok((stream, _)) => {
                let mailbox = mailbox.clone();
                connections.spawn(async move {
                    if let Err(error) = converse(stream, &mailbox).await {
                        tracing::debug!(%error, "a mail connection ended early");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "the mail server could not take a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn converse(mut stream: TcpStream, mailbox: &Mailbox) -> io::Result<()> {
    let (reading, mut writing) = stream.split();
    let mut lines = BufReader::new(reading);
    let mut dialogue = Dialogue::default();
    writing.write_all(Dialogue::GREETING.as_bytes()).await?;
    while let Some(line) = next_line(&mut lines).await? {
        let line = String::from_utf8_lossy(&line);
        let faults = mailbox.faults();
        tokio::time::sleep(Duration::from_millis(faults.slow_ms)).await;
        let first_attempt = |sender: &str, to: &str| mailbox.first_attempt(sender, to);
        match dialogue.command(line.trim_end(), faults, first_attempt) {
            Step::Say(answer) => writing.write_all(answer.as_bytes()).await?,
            Step::HangUp(answer) => return writing.write_all(answer.as_bytes()).await,
            Step::ReadMessage(answer) => {
                writing.write_all(answer.as_bytes()).await?;
                let Some(message) = read_message(&mut lines).await? else {
                    return Ok(());
                };
                let envelope = dialogue.finished();
                let faults = mailbox.faults();
                tokio::time::sleep(Duration::from_millis(faults.slow_ms)).await;
                let answer = if message.len() > LARGEST {
                    "552 5.3.4 the message is too large\r\n".to_owned()
                } else {
                    let number = mailbox.keep(envelope.sender, envelope.recipients, message);
                    if faults.drop_after_data {
                        return Ok(());
                    }
                    format!("250 2.0.0 kept as message {number}\r\n")
                };
                writing.write_all(answer.as_bytes()).await?;
            }
        }
    }
    Ok(())
}

/// One line with its end, or nothing when the other side went away.
async fn next_line(lines: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut limited = lines.take(LONGEST_LINE);
    let read = timeout(PATIENCE, limited.read_until(b'\n', &mut line)).await??;
    Ok((read > 0).then_some(line))
}

/// The message up to the line of one dot, dots unstuffed (RFC 5321 § 4.5.2); nothing when the
/// connection ended before it. Of a message that is too large only the beginning is kept.
///
/// Only a dot between two full line ends counts, so that no message can be smuggled inside another.
async fn read_message(lines: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut message = Vec::new();
    let mut at_line_start = true;
    while let Some(line) = next_line(lines).await? {
        if at_line_start && line == b".\r\n" {
            return Ok(Some(message));
        }
        let stuffed = at_line_start && line.first() == Some(&b'.');
        if message.len() <= LARGEST {
            message.extend_from_slice(line.get(usize::from(stuffed)..).unwrap_or_default());
        }
        at_line_start = line.ends_with(b"\r\n");
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(sent: &[u8]) -> Option<Vec<u8>> {
        read_message(&mut BufReader::new(sent)).await.unwrap()
    }

    #[tokio::test]
    async fn dots_at_the_start_of_a_line_are_unstuffed() {
        let read = read(b"..one\r\n...\r\nmiddle . dot\r\n.\r\nQUIT\r\n").await;
        assert_eq!(
            read.as_deref(),
            Some(b".one\r\n..\r\nmiddle . dot\r\n".as_slice())
        );
    }

    #[tokio::test]
    async fn a_dot_between_bare_line_feeds_does_not_end_a_message() {
        let read = read(b"one\n.\nMAIL FROM:<x@y.example>\r\n.\r\n").await;
        assert_eq!(
            read.as_deref(),
            Some(b"one\n.\nMAIL FROM:<x@y.example>\r\n".as_slice())
        );
        let unended = super::read_message(&mut BufReader::new(b"one\n.\r\n".as_slice())).await;
        assert_eq!(unended.unwrap(), None);
    }

    #[tokio::test]
    async fn a_message_cut_off_is_no_message() {
        assert_eq!(read(b"half a messa").await, None);
    }

    proptest::proptest! {
        #[test]
        fn a_message_stuffed_by_the_sender_is_read_back_whole(
            lines in proptest::collection::vec("[.]{0,3}[^\r\n]{0,40}", 0..12)
        ) {
            let sent: String =
                lines.iter().map(|line| {
                    let stuffing = if line.starts_with('.') { "." } else { "" };
                    format!("{stuffing}{line}\r\n")
                }).collect();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let read = runtime.block_on(read(format!("{sent}.\r\n").as_bytes()));
            let whole: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
            proptest::prop_assert_eq!(read, Some(whole.into_bytes()));
        }
    }
}
