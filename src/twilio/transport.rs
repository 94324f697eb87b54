//! How a request travels: the one seam between the pure halves of the client and the world.

use std::future::Future;
use std::pin::Pin;

use super::wire::{Request, Response};

/// Why no response came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The connection never stood, so nothing left: safe to repeat.
    #[error("not sent: {0}")]
    NotSent(String),
    /// Something may have left, and no whole answer came.
    #[error("no answer: {0}")]
    Lost(String),
}

/// A future that a transport returns.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

/// Sends one request, once. Repeating, waiting and deciding are the client's.
pub trait Transport: Send + Sync {
    /// Sends it and waits for the whole response.
    fn send(&self, request: Request) -> Sending<'_>;
}
