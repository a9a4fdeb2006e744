//! The error message that was pasted or typed, and what it tells.

use crossterm::event::KeyEvent;

use crate::message::{self, NoInquiry, Reading};
use crate::model::Inquiry;
use crate::model::facts::SourceEntry;
use crate::model::selection::CredentialSource;
use crate::tui::app::App;
use crate::tui::field::Field;
use crate::values::{AccountId, PrincipalArn, SecretText};

/// An error message.
pub struct Pasted {
    /// The message in one line, as it is shown and typed.
    pub field: Field,
    /// As it was pasted, line breaks included. `None`: it was typed, or changed since.
    whole: Option<SecretText>,
    /// What it tells. `None`: there is no message.
    pub reading: Option<Reading>,
    /// The question that it makes, or why it makes none.
    case: Option<Result<Inquiry, NoInquiry>>,
}

impl Default for Pasted {
    fn default() -> Self {
        Self { field: Field::new(""), whole: None, reading: None, case: None }
    }
}

impl Pasted {
    /// A paste takes the place of what was there.
    ///
    /// # Errors
    /// A sentence, when it is longer than a field takes; what was there stays.
    pub fn paste(&mut self, text: &str) -> Result<(), String> {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut field = Field::new("");
        field.paste(&line)?;
        self.field = field;
        self.whole = Some(SecretText::new(text.trim()));
        self.read();
        Ok(())
    }

    /// A key in the field. `true`: the text changed.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let changed = self.field.key(key);
        if changed {
            self.whole = None;
            self.read();
        }
        changed
    }

    /// The message; `None` while there is none.
    pub fn text(&self) -> Option<SecretText> {
        let text = self.whole.clone().unwrap_or_else(|| SecretText::new(self.field.text().trim()));
        (!text.is_empty()).then_some(text)
    }

    fn read(&mut self) {
        let text = self.text();
        self.reading = text.as_ref().map(|text| message::read(text.expose()));
        self.case = text.map(|text| message::inquiry(text.expose()));
    }

    /// The case that the message is about. `None`: it makes none yet, and [`Pasted::open`] says why.
    pub fn inquiry(&self, operator: Option<&PrincipalArn>) -> Option<Inquiry> {
        let inquiry = self.case.as_ref()?.as_ref().ok()?.clone();
        let other = |caller: &PrincipalArn| operator.is_none_or(|operator| !is_same(caller, operator));
        Some(Inquiry { principal: inquiry.principal.filter(other), message: self.text(), ..inquiry })
    }

    /// Whether what it means and what to look at next is all there is to it: no role would make a question of it.
    pub fn is_told_whole(&self) -> bool {
        matches!(self.case, Some(Err(NoInquiry::NoPath)))
    }

    /// Why it is no question yet, as a sentence.
    pub fn open(&self) -> Option<String> {
        self.case.as_ref()?.as_ref().err().map(ToString::to_string)
    }
}

/// Whether two ARNs are of one principal: sessions of a role are, whatever they are called.
pub fn is_same(one: &PrincipalArn, other: &PrincipalArn) -> bool {
    let role = |arn: &PrincipalArn| match arn {
        PrincipalArn::Session { account, role, .. } => Some((account.clone(), role.clone())),
        PrincipalArn::Role(arn) => Some((arn.account().clone(), arn.name().to_owned())),
        _ => None,
    };
    one == other || (role(one).is_some() && role(one) == role(other))
}

/// A caller of another account than the chosen credentials.
pub struct Stranger {
    /// Its account.
    pub account: AccountId,
    /// The account of the chosen credentials.
    pub own: AccountId,
    /// AWS profiles of its account.
    pub offers: Vec<CredentialSource>,
}

/// Whether the message is of another account than the chosen AWS profile.
pub fn stranger(app: &App) -> Option<Stranger> {
    let account = app.inquiring.message.reading.as_ref()?.caller_account.clone()?;
    let entries = app.facts.sources.shown().map(Vec::as_slice).unwrap_or_default();
    let chosen = |entry: &&SourceEntry| Some(&entry.source) == app.selection.source.as_ref();
    let of_file = || entries.iter().find(chosen).and_then(|entry| entry.account.clone());
    let own = app.facts.identity.shown().map(|identity| identity.account.clone()).or_else(of_file)?;
    let fits = |entry: &&SourceEntry| entry.account.as_ref() == Some(&account) && entry.fault.is_none();
    let offers = entries.iter().filter(fits).map(|entry| entry.source.clone()).collect();
    (own != account).then_some(Stranger { account, own, offers })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENIED: &str = "An error occurred (AccessDenied) when calling the AssumeRole operation: User: \
        arn:aws:iam::111122223333:user/ci is not authorized to perform: sts:AssumeRole on resource: \
        arn:aws:iam::444455556666:role/Target";

    #[test]
    fn a_message_names_the_path_and_who_walks_it() {
        let mut pasted = Pasted::default();
        pasted.paste(&format!("\n  {DENIED}\n\n")).unwrap();
        let operator = PrincipalArn::parse("arn:aws:iam::111122223333:user/operator").unwrap();
        let inquiry = pasted.inquiry(Some(&operator)).unwrap();
        assert_eq!(inquiry.hops.len(), 1);
        assert_eq!(inquiry.hops[0].role_arn, "arn:aws:iam::444455556666:role/Target");
        assert_eq!(inquiry.principal.unwrap().short(), "user/ci");
        assert_eq!(inquiry.message.unwrap().expose(), DENIED);
        let ci = PrincipalArn::parse("arn:aws:iam::111122223333:user/ci").unwrap();
        assert_eq!(pasted.inquiry(Some(&ci)).unwrap().principal, None, "the operator is judged anyway");
    }

    #[test]
    fn line_breaks_are_kept_for_the_reader_and_left_out_of_the_field() {
        let mut pasted = Pasted::default();
        pasted.paste("one\n  two\r\nthree").unwrap();
        assert_eq!(pasted.field.text(), "one two three");
        assert_eq!(pasted.text().unwrap().expose(), "one\n  two\r\nthree");
        pasted.paste("four").unwrap();
        assert_eq!(pasted.field.text(), "four", "a paste takes the place of what was there");
        assert!(pasted.paste(&"x ".repeat(40_000)).is_err());
        assert_eq!(pasted.text().unwrap().expose(), "four");
    }

    #[test]
    fn sessions_of_a_role_are_one_principal() {
        let parse = |text: &str| PrincipalArn::parse(text).unwrap();
        let one = parse("arn:aws:sts::111122223333:assumed-role/CI/run-1");
        assert!(is_same(&one, &parse("arn:aws:sts::111122223333:assumed-role/CI/run-2")));
        assert!(is_same(&one, &parse("arn:aws:iam::111122223333:role/ci/CI")));
        assert!(!is_same(&one, &parse("arn:aws:sts::444455556666:assumed-role/CI/run-1")));
        assert!(!is_same(&one, &parse("arn:aws:iam::111122223333:user/CI")));
    }
}
