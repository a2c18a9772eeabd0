//! A bar of progress on a terminal; on anything else, nothing.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// How often the bar is drawn.
const EVERY: Duration = Duration::from_millis(100);
/// Its width, in characters.
const WIDTH: usize = 30;

/// One line at the foot of a terminal.
pub struct Bar {
    drawn: Option<Instant>,
    terminal: bool,
}

impl Bar {
    /// On standard error, when that is a terminal.
    pub fn new() -> Self {
        Self {
            drawn: None,
            terminal: std::io::stderr().is_terminal(),
        }
    }

    /// Draws how far it is.
    pub fn draw(&mut self, doing: &str, done: u64, of: u64) {
        let soon = self.drawn.is_some_and(|at| at.elapsed() < EVERY);
        if !self.terminal || (soon && done < of) {
            return;
        }
        self.drawn = Some(Instant::now());
        // A bar that cannot be drawn is no fault.
        let _ = write!(std::io::stderr(), "\r\x1b[K{}", line(doing, done, of));
        let _ = std::io::stderr().flush();
    }

    /// Wipes it away.
    pub fn end(&self) {
        if self.terminal {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(doing: &str, done: u64, of: u64) -> String {
    let percent = done.saturating_mul(100).checked_div(of).unwrap_or(100);
    let percent = percent.min(100);
    let full = usize::try_from(percent).unwrap_or(0) * WIDTH / 100;
    format!(
        "{doing} [{}{}] {percent:>3} %",
        "#".repeat(full),
        " ".repeat(WIDTH - full)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_full_at_the_end_and_never_longer() {
        assert!(line("reading", 5, 5).ends_with("##########] 100 %"));
        assert!(line("reading", 9, 5).ends_with("] 100 %"));
        assert!(line("reading", 0, 0).ends_with("] 100 %"));
        assert!(line("reading", 0, 9).contains("[    "));
    }
}
