//! The way to the proxy from inside a sandbox without a network.
//!
//! A network namespace of its own has nothing but an unused loopback interface. The proxy listens
//! on a Unix socket outside; inside, a browser can only be told of a TCP port. The bridge stands
//! inside and carries bytes from the one to the other; it reads nothing of them.

use std::path::PathBuf;
use std::time::Duration;

use tokio::net::{TcpListener, UnixStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Carries every connection of `listener` to the Unix socket at `proxy`, until `stop`.
pub async fn bridge(listener: TcpListener, proxy: PathBuf, stop: CancellationToken) {
    let stop = stop.child_token();
    let _stops_with_us = stop.clone().drop_guard();
    let tasks = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((mut inside, _)) = accepted else {
            // Out of file descriptors: those in use will come back.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let proxy = proxy.clone();
        tasks.spawn(stop.clone().run_until_cancelled_owned(async move {
            if let Ok(mut outside) = UnixStream::connect(proxy).await {
                // Either side going away ends the connection; there is nobody to tell.
                let _ = tokio::io::copy_bidirectional(&mut inside, &mut outside).await;
            }
        }));
    }
    tasks.close();
    tasks.wait().await;
}
