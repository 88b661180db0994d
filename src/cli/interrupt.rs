//! Ctrl-C and requests to end while a run goes on.
//!
//! Does: note the first such signal, so that what has been computed can be written. Let the second end the
//! program at once, but for the moment in which files are written. Turn a file that may not grow (`ulimit
//! -f`) into an error of the writer.
//! Does not: do anything inside a signal.

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of a run that was interrupted, as shells have it: 128 + 2.
pub const INTERRUPTED: u8 = 130;

/// Whether somebody asked the program to end.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    came: Arc<AtomicBool>,
    /// Set once the first signal was seen: from then on the next one ends the program.
    seen: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens from now on. Where a system has no such signals it stays silent.
    pub fn listen() -> Self {
        let interrupt = Self::default();
        for signal in [SIGINT, SIGTERM] {
            // At no moment is a signal taken from the system without being noted.
            let _ = flag::register(signal, Arc::clone(&interrupt.came));
            let seen = Arc::clone(&interrupt.seen);
            let _ = flag::register_conditional_shutdown(signal, INTERRUPTED.into(), seen);
        }
        #[cfg(unix)]
        let _ = flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
        interrupt
    }

    /// True once somebody asked.
    pub fn came(&self) -> bool {
        let came = self.came.load(Ordering::Relaxed);
        if came {
            self.seen.store(true, Ordering::Relaxed);
        }
        came
    }

    /// Call when files are being written, shortly before the program ends. A signal no longer ends it: the
    /// temporary files would stay behind.
    pub fn let_files_be_written(&self) {
        self.seen.store(false, Ordering::Relaxed);
    }
}
