//! Asks over many connections at once, from one thread, with as little of its own work as can be.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::Fault;

/// Who asks.
pub struct Asker {
    /// Where.
    pub at: SocketAddr,
    /// With which key.
    pub key: String,
}

/// What came of it.
#[derive(Default)]
pub struct Asked {
    /// Answers.
    pub answers: u64,
    /// Hashes on a list.
    pub matches: u64,
    /// How long it took in all.
    pub seconds: f64,
    /// How long each answer took.
    pub took_ms: Vec<f64>,
}

impl Asker {
    /// Asks these questions by turns for so many seconds.
    pub fn ask(
        &self,
        questions: &[String],
        connections: usize,
        seconds: u64,
    ) -> Result<Asked, Fault> {
        let requests: Vec<Vec<u8>> = questions.iter().map(|body| self.request(body)).collect();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let begun = Instant::now();
        let until = begun + Duration::from_secs(seconds);
        let all = runtime.block_on(async {
            let lines = (0..connections).map(|line| self.line(&requests, line, until));
            futures_util::future::try_join_all(lines).await
        })?;
        let mut sum = Asked {
            seconds: begun.elapsed().as_secs_f64(),
            ..Asked::default()
        };
        for one in all {
            sum.answers += one.answers;
            sum.matches += one.matches;
            sum.took_ms.extend(one.took_ms);
        }
        Ok(sum)
    }

    fn request(&self, body: &str) -> Vec<u8> {
        let head = format!(
            "POST /v1/hash-check HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.at,
            self.key,
            body.len()
        );
        head.into_bytes()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a provider is outside the program and connects to it"
    )]
    async fn line(
        &self,
        requests: &[Vec<u8>],
        line: usize,
        until: Instant,
    ) -> Result<Asked, Fault> {
        let mut stream = TcpStream::connect(self.at).await?;
        stream.set_nodelay(true)?;
        let mut asked = Asked::default();
        let mut heard = Vec::new();
        for request in requests.iter().cycle().skip(line * 131 % requests.len()) {
            let begun = Instant::now();
            if begun >= until {
                break;
            }
            stream.write_all(request).await?;
            let body = answer(&mut stream, &mut heard).await?;
            asked.took_ms.push(begun.elapsed().as_secs_f64() * 1_000.0);
            asked.answers += 1;
            let found = heard[body..].windows(7).filter(|part| part == b"\"match\"");
            asked.matches += found.count() as u64;
        }
        Ok(asked)
    }
}

/// Reads one answer; where its body begins.
async fn answer(stream: &mut TcpStream, heard: &mut Vec<u8>) -> Result<usize, Fault> {
    heard.clear();
    loop {
        if stream.read_buf(heard).await? == 0 {
            return Err("the service went away".into());
        }
        let Some(end) = heard.windows(4).position(|part| part == b"\r\n\r\n") else {
            continue;
        };
        let head = std::str::from_utf8(&heard[..end])?;
        if !head.starts_with("HTTP/1.1 200") {
            return Err(String::from_utf8_lossy(heard).into_owned().into());
        }
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.ok_or("an answer without a length")?.parse()?;
        while heard.len() < end + 4 + length {
            if stream.read_buf(heard).await? == 0 {
                return Err("the service went away".into());
            }
        }
        return Ok(end + 4);
    }
}
