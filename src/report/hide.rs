//! What does not leave in a report: external IDs unless asked for, account ids if asked for, secrets in a pasted message, control characters.

mod accounts;
mod command;
mod ids;
mod message;

pub(super) use accounts::Accounts;
pub(super) use ids::ExternalIds;
pub(super) use message::scrubbed;

/// One way through every text of a report. Each gives back what is to stand there.
pub(super) trait Hide {
    /// A text for people: one line.
    fn line(&self, text: &str) -> String;

    /// What is known to be an external ID, or what one is compared with, and nothing else.
    fn external_id(&self, text: &str) -> String {
        self.line(text)
    }

    /// A command, quoted for a POSIX shell. It is never cut.
    fn command(&self, text: &str) -> String;

    /// A text within JSON: a policy, a patch.
    fn value(&self, text: &str) -> String;

    /// A text within an access case, which must still be read as one.
    fn of_case(&self, text: &str) -> String;

    /// Said where a command was left out, because with a placeholder in its document it would break a policy.
    fn withheld(&self) -> &'static str;
}
