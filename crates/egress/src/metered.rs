//! A connection that counts its bytes and is cut when its pass ends.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::WaitForCancellationFutureOwned;

use crate::Connected;
use crate::pass::{Line, Meter};

/// A connection of a [`crate::Pass`]. Reads and writes fail once the pass has ended.
#[derive(Debug)]
pub struct Metered {
    stream: TcpStream,
    ip: Option<IpAddr>,
    meter: Arc<Meter>,
    line: Arc<Line>,
    stopped: Pin<Box<WaitForCancellationFutureOwned>>,
    _turn: OwnedSemaphorePermit,
}

impl Metered {
    pub(crate) fn new(
        connected: Connected,
        meter: Arc<Meter>,
        line: Arc<Line>,
        turn: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            stream: connected.stream,
            ip: connected.ip,
            stopped: Box::pin(meter.stop().clone().cancelled_owned()),
            meter,
            line,
            _turn: turn,
        }
    }

    /// The address connected to; in the demo the documentation address. None for an onion address.
    #[must_use]
    pub const fn ip(&self) -> Option<IpAddr> {
        self.ip
    }

    fn check_running(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        match self.stopped.as_mut().poll(cx) {
            Poll::Ready(()) => Err(self.cut()),
            Poll::Pending => Ok(()),
        }
    }

    fn cut(&self) -> io::Error {
        io::Error::other(self.meter.why_cut())
    }
}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check_running(cx)?;
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        let came = buf.filled().len() - before;
        if let Err(why) = self.meter.count_in(&self.line, came) {
            buf.set_filled(before);
            return Poll::Ready(Err(io::Error::other(why)));
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Metered {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check_running(cx)?;
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        if self.meter.count_out(&self.line, written) {
            Poll::Ready(Ok(written))
        } else {
            Poll::Ready(Err(self.cut()))
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
