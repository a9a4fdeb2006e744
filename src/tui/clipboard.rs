//! Copying through the terminal: OSC 52, which works over SSH and has no acknowledgement.

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;

/// The most that is sent, in bytes of base64: what xterm takes, and with it every terminal that takes anything.
pub const LARGEST: usize = 74_994;

/// How much GNU screen is given at once, in bytes. It keeps 256 of a control string in its smallest build, its own frame included.
const PIECE: usize = 200;

/// What the bytes have to get through on their way to the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Wrap {
    /// Nothing.
    #[default]
    None,
    /// tmux, which passes on what stands in its own envelope, if `allow-passthrough` is on.
    Tmux,
    /// GNU screen, which passes on what stands in a device control string.
    Screen,
}

impl Wrap {
    /// Reads `TMUX` and `STY`; over SSH neither comes along, and `TERM` tells.
    #[must_use]
    pub fn from_environment(get: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| get(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        if set("TMUX").is_some() || term.starts_with("tmux") {
            Self::Tmux
        } else if set("STY").is_some() || term.starts_with("screen") {
            Self::Screen
        } else {
            Self::None
        }
    }
}

/// How many bytes a text has on its way, without any envelope.
#[must_use]
pub const fn encoded(text: &str) -> usize {
    text.len().div_ceil(3) * 4
}

/// The bytes that ask the terminal to take `text` into its clipboard.
#[must_use]
pub fn sequence(text: &str, wrap: Wrap) -> String {
    let mut plain = String::new();
    // Writing into a string does not fail.
    let _ = CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain);
    match wrap {
        Wrap::None => plain,
        // Both ways: tmux takes the first itself where `set-clipboard` is `on`, and passes the second on where that is allowed.
        Wrap::Tmux => format!("{plain}\x1bPtmux;{}\x1b\\", ended_by_bell(&plain).replace('\x1b', "\x1b\x1b")),
        Wrap::Screen => {
            let whole = ended_by_bell(&plain);
            let (mut out, mut rest) = (String::new(), whole.as_str());
            while !rest.is_empty() {
                // All of it is ASCII.
                let (piece, after) = rest.split_at(rest.len().min(PIECE));
                out.push_str("\x1bP");
                out.push_str(piece);
                out.push_str("\x1b\\");
                rest = after;
            }
            out
        }
    }
}

/// Within an envelope the string terminator would end the envelope.
fn ended_by_bell(plain: &str) -> String {
    format!("{}\x07", plain.strip_suffix("\x1b\\").unwrap_or(plain).trim_end_matches('\x07'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_goes_as_base64_to_the_clipboard() {
        assert_eq!(sequence("hello", Wrap::None), "\x1b]52;c;aGVsbG8=\x1b\\");
        assert_eq!(encoded("hello"), "aGVsbG8=".len());
    }

    #[test]
    fn tmux_gets_it_in_its_own_envelope_with_every_escape_doubled() {
        let plain = "\x1b]52;c;aGVsbG8=\x1b\\";
        assert_eq!(sequence("hello", Wrap::Tmux), format!("{plain}\x1bPtmux;\x1b\x1b]52;c;aGVsbG8=\x07\x1b\\"));
    }

    #[test]
    fn screen_gets_it_in_pieces_that_it_keeps_whole() {
        let text = "x".repeat(1_000);
        let sent = sequence(&text, Wrap::Screen);
        let pieces: Vec<&str> =
            sent.split_terminator("\x1b\\").map(|piece| piece.strip_prefix("\x1bP").unwrap()).collect();
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| piece.len() + 4 <= 256), "{pieces:?}");
        let plain = sequence(&text, Wrap::None);
        assert_eq!(pieces.concat(), format!("{}\x07", plain.strip_suffix("\x1b\\").unwrap()));
    }

    #[test]
    fn the_environment_tells_what_is_in_between() {
        let wrap = |set: &[(&str, &str)]| {
            Wrap::from_environment(|name| {
                set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(wrap(&[("TERM", "xterm-256color")]), Wrap::None);
        assert_eq!(wrap(&[("TERM", "screen-256color"), ("TMUX", "/tmp/tmux-0/default,1,0")]), Wrap::Tmux);
        assert_eq!(wrap(&[("TERM", "tmux-256color")]), Wrap::Tmux);
        assert_eq!(wrap(&[("TERM", "screen"), ("STY", "1.pts-0.host")]), Wrap::Screen);
        assert_eq!(wrap(&[("TMUX", "")]), Wrap::None);
    }
}
