//! A byte stream in both directions, whatever carries it.

use tokio::io::{AsyncRead, AsyncWrite};

/// A byte stream in both directions.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}
