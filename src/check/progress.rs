//! How far a long check is, as one line that is written over itself.

use std::io::Write;
use std::time::Instant;

use crate::model::Progress;

/// A line on a terminal: `412 of 1,000, about 20 s left`. Gone when it is dropped.
#[derive(Debug)]
pub struct ProgressLine<W: Write> {
    out: W,
    begun: Instant,
    /// How many columns stand there.
    columns: usize,
}

impl<W: Write> ProgressLine<W> {
    /// An empty line of what begins now.
    pub fn new(out: W) -> Self {
        Self { out, begun: Instant::now(), columns: 0 }
    }

    /// Tells how far it is. Of one thing there is nothing to tell.
    pub fn tell(&mut self, progress: &Progress) {
        if progress.done() == 0 {
            self.begun = Instant::now();
        }
        if progress.total() >= 2 {
            self.put(&progress.words(self.begun.elapsed()));
        }
    }

    /// Spaces over what stood there rather than a control sequence, which not every terminal takes. A terminal that does not listen any more
    /// is told nothing.
    fn put(&mut self, text: &str) {
        let blank = " ".repeat(self.columns.saturating_sub(text.len()));
        let back = if text.is_empty() { "\r" } else { "" };
        let _ = write!(self.out, "\r{text}{blank}{back}").and_then(|()| self.out.flush());
        self.columns = text.len();
    }
}

impl<W: Write> Drop for ProgressLine<W> {
    fn drop(&mut self) {
        if self.columns > 0 {
            self.put("");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_written_over_and_leaves_nothing_behind() {
        let mut out = Vec::new();
        let mut progress = Progress::of(1_000);
        let mut line = ProgressLine::new(&mut out);
        line.tell(&progress);
        progress.land(5, std::time::Duration::from_millis(50));
        line.tell(&progress);
        drop(line);
        assert_eq!(String::from_utf8(out).unwrap(), "\r0 of 1,000\r5 of 1,000\r          \r");
        let mut out = Vec::new();
        ProgressLine::new(&mut out).tell(&Progress::of(1));
        assert!(out.is_empty());
    }
}
