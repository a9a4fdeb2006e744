//! What the terminal tells: keys, pastes, sizes, focus.

use std::io;

use crossterm::event::{self, Event};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::message::Message;
use crate::values::SecretText;

/// Begins to read the terminal, on a thread of its own. At the end of a terminal that went away crossterm reads for ever: that may keep neither
/// the loop from seeing the hang-up nor the program from ending, as a task of the runtime would.
///
/// # Errors
/// The operating system gives no thread.
pub fn listen() -> io::Result<UnboundedReceiver<Message>> {
    let (tell, told) = unbounded_channel();
    std::thread::Builder::new().name("terminal".into()).spawn(move || {
        while let Ok(event) = event::read() {
            if message(event).is_some_and(|message| tell.send(message).is_err()) {
                break;
            }
        }
    })?;
    Ok(told)
}

fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) => Some(Message::Key(key)),
        Event::Paste(text) => Some(Message::Paste(SecretText::new(text))),
        Event::Resize(..) => Some(Message::Resized),
        Event::FocusLost => Some(Message::FocusLost),
        Event::FocusGained | Event::Mouse(_) => None,
    }
}
