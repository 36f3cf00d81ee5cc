//! One line of progress for runs that take longer than people like to wait without a sign.

use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Nothing is shown before.
const PATIENCE: Duration = Duration::from_secs(1);
const FRAME: Duration = Duration::from_millis(100);
const FRAMES: [&str; 4] = ["|", "/", "-", "\\"];

#[derive(Default)]
struct State {
    phase: String,
    is_done: bool,
}

/// A line on the error stream that lasts as long as this value.
pub(super) struct Progress {
    shared: Arc<(Mutex<State>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts it; one that is not visible does nothing.
    pub(super) fn start(is_visible: bool) -> Self {
        let shared: Arc<(Mutex<State>, Condvar)> = Arc::default();
        let of_thread = Arc::clone(&shared);
        let thread = is_visible.then(|| std::thread::spawn(move || draw(&of_thread)));
        Progress { shared, thread }
    }

    /// Says what is being done.
    pub(super) fn phase(&self, phase: String) {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner).phase = phase;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner).is_done = true;
        self.shared.1.notify_all();
        if let Some(thread) = self.thread.take() {
            // A progress line that broke is not worth a word.
            drop(thread.join());
        }
    }
}

fn draw(shared: &(Mutex<State>, Condvar)) {
    let mut err = std::io::stderr();
    let mut wait = PATIENCE;
    let mut state = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
    for frame in FRAMES.iter().cycle() {
        let waited = shared.1.wait_timeout_while(state, wait, |state| !state.is_done);
        state = waited.unwrap_or_else(PoisonError::into_inner).0;
        if state.is_done {
            break;
        }
        drop(write!(err, "\r{frame} {}\x1b[K", state.phase).and_then(|()| err.flush()));
        wait = FRAME;
    }
    if wait == FRAME {
        drop(write!(err, "\r\x1b[K").and_then(|()| err.flush()));
    }
}
