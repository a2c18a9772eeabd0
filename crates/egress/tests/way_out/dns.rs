//! A name server that lies as a test tells it (T18): TTL 0, a new answer each time.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use egress::Resolver;
use hickory_resolver::proto::op::{Message, OpCode, ResponseCode};
use hickory_resolver::proto::rr::{RData, Record, RecordType};
use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// What the server says to one question.
pub enum Say {
    Addresses(Vec<IpAddr>),
    Code(ResponseCode),
    Nothing,
}

pub struct NameServer {
    pub at: SocketAddr,
    asked_v4: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl NameServer {
    /// `say` gets how often IPv4 addresses were asked for before.
    pub async fn saying(say: impl Fn(usize) -> Say + Send + Sync + 'static) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let at = socket.local_addr().unwrap();
        let asked_v4 = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked_v4);
        let serving = tokio::spawn(async move {
            let mut buffer = [0; 2_048];
            while let Ok((n, from)) = socket.recv_from(&mut buffer).await {
                let question = Message::from_vec(&buffer[..n]).unwrap();
                let query = question.queries[0].clone();
                let v4 = query.query_type() == RecordType::A;
                let before = if v4 {
                    counter.fetch_add(1, Ordering::SeqCst)
                } else {
                    counter.load(Ordering::SeqCst)
                };
                let mut answer = Message::response(question.metadata.id, OpCode::Query);
                answer.add_query(query.clone());
                answer.metadata.recursion_available = true;
                match say(before) {
                    Say::Nothing => continue,
                    Say::Code(code) => answer.metadata.response_code = code,
                    Say::Addresses(ips) => {
                        for ip in ips.into_iter().filter(|ip| ip.is_ipv4() == v4) {
                            let data = RData::from(ip);
                            answer.add_answer(Record::from_rdata(query.name().clone(), 0, data));
                        }
                    }
                }
                let _ = socket.send_to(&answer.to_vec().unwrap(), from).await;
            }
        });
        Self {
            at,
            asked_v4,
            serving,
        }
    }

    pub fn resolver(&self) -> Resolver {
        Resolver::servers(&[self.at]).unwrap()
    }

    /// How often IPv4 addresses were asked for.
    pub fn asked(&self) -> usize {
        self.asked_v4.load(Ordering::SeqCst)
    }
}
