//! Bodies that travel as a fault says: slowly, too long, or not to their end.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use stand_in::{Cut, Delivery};
use tokio::time::{Sleep, sleep};

/// The body of a reply on its way.
pub struct Sending {
    rest: Rest,
    /// How much at once, and the pause after each piece.
    piece: usize,
    pause: Option<Duration>,
    pausing: Option<Pin<Box<Sleep>>>,
    /// Called once: true when all that is to be sent was handed over, false when it never was.
    on_end: Option<Box<dyn FnOnce(bool)>>,
}

enum Rest {
    /// These bytes, of which so many are sent before the connection breaks.
    Bytes { bytes: Bytes, until_cut: Option<usize> },
    /// So many blanks, without a length announced.
    Blanks(u64),
}

/// The connection is to break here.
#[derive(Debug)]
pub struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cut as ordered")
    }
}

impl std::error::Error for Broken {}

const PIECE: usize = 64 * 1024;
static BLANKS: [u8; PIECE] = [b' '; PIECE];
const TICK: Duration = Duration::from_millis(50);

impl Sending {
    /// `on_end` hears whether the client took all of it; without a body it does at once.
    pub fn new(bytes: Vec<u8>, delivery: Delivery, on_end: impl FnOnce(bool) + 'static) -> Self {
        let is_cut = delivery.cut == Some(Cut::Middle);
        let per_tick = delivery.bytes_per_second.map(|rate| (rate as usize / 20).max(1));
        let rest = match delivery.oversize_bytes {
            Some(length) => Rest::Blanks(length),
            None => {
                let until_cut = is_cut.then_some(bytes.len() / 2);
                Rest::Bytes { bytes: bytes.into(), until_cut }
            }
        };
        let mut sending = Self {
            rest,
            piece: per_tick.unwrap_or(PIECE),
            // A cut needs one too, or the first half would never leave the buffer.
            pause: (is_cut || per_tick.is_some()).then_some(TICK),
            pausing: None,
            on_end: Some(Box::new(on_end)),
        };
        if sending.is_end_stream() {
            sending.end(true);
        }
        sending
    }

    fn next_piece(&mut self) -> Option<Result<Bytes, Broken>> {
        match &mut self.rest {
            Rest::Blanks(0) => None,
            Rest::Blanks(left) => {
                let length = self.piece.min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= length as u64;
                Some(Ok(Bytes::from_static(BLANKS.get(..length).unwrap_or(&BLANKS))))
            }
            Rest::Bytes { until_cut: Some(0), .. } => Some(Err(Broken)),
            Rest::Bytes { bytes, .. } if bytes.is_empty() => None,
            Rest::Bytes { bytes, until_cut } => {
                let length = self.piece.min(until_cut.unwrap_or(usize::MAX)).min(bytes.len());
                *until_cut = until_cut.map(|left| left - length);
                Some(Ok(bytes.split_to(length)))
            }
        }
    }

    fn end(&mut self, whole: bool) {
        if let Some(on_end) = self.on_end.take() {
            on_end(whole);
        }
    }
}

impl Body for Sending {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let this = self.get_mut();
        if let Some(pausing) = &mut this.pausing {
            std::task::ready!(pausing.as_mut().poll(cx));
            this.pausing = None;
        }
        let piece = this.next_piece();
        this.pausing = this.pause.map(|pause| Box::pin(sleep(pause)));
        let is_last = !matches!(piece, Some(Ok(_))) || this.is_end_stream();
        if is_last {
            this.end(true);
        }
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.rest {
            Rest::Bytes { bytes, until_cut } => bytes.is_empty() && until_cut.is_none(),
            Rest::Blanks(left) => *left == 0,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.rest {
            Rest::Bytes { bytes, .. } => SizeHint::with_exact(bytes.len() as u64),
            Rest::Blanks(_) => SizeHint::default(),
        }
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.end(false);
    }
}
