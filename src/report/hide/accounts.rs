//! Account ids, replaced by a number each.

use std::cell::RefCell;

use super::Hide;
use super::command::quoted;
use crate::values::AccountId;

/// Stands where a document was left out of a report.
const WITHHELD: &str =
    "The document holds account ids, which this report masks: a report without masks has the command.";

/// The account ids met so far: the first is `<account-1>`.
#[derive(Debug, Default)]
pub(in crate::report) struct Accounts {
    met: RefCell<Vec<String>>,
}

impl Accounts {
    fn number(&self, digits: &str) -> usize {
        let mut met = self.met.borrow_mut();
        let at = met.iter().position(|known| known == digits).unwrap_or_else(|| {
            met.push(digits.to_owned());
            met.len() - 1
        });
        at + 1
    }

    fn masked(&self, text: &str, placeholder: impl Fn(usize) -> String) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            let (run, digits) = account(&out, from);
            match digits {
                Some(digits) => out.push_str(&placeholder(self.number(&digits))),
                None => out.push_str(run),
            }
            rest = from.get(run.len()..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }

    fn placeholders(&self) -> Vec<String> {
        (1..=self.met.borrow().len()).map(placeholder).collect()
    }
}

fn placeholder(number: usize) -> String {
    format!("<account-{number}>")
}

/// What stands at the beginning of `from`: the digits of an account id, plain or in groups of four, or a run that is none.
fn account<'a>(before: &str, from: &'a str) -> (&'a str, Option<String>) {
    let is_alone = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
    let grouped = from.get(..14).filter(|_| is_alone).and_then(|run| {
        let digits: String = run.split('-').collect();
        let after = from.get(14..).unwrap_or_default();
        let ends = !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
        AccountId::parse(&digits).filter(|id| id.grouped() == run && ends).map(|_| (run, digits))
    });
    if let Some((run, digits)) = grouped {
        return (run, Some(digits));
    }
    let end = from.find(|c: char| !c.is_ascii_digit()).unwrap_or(from.len());
    let run = from.get(..end).unwrap_or_default();
    let id = AccountId::parse(run).filter(|_| !ends_uuid(before)).map(|id| id.to_string());
    (run, id)
}

/// Whether `before` is the beginning of a UUID, of which only the last group is missing.
fn ends_uuid(before: &str) -> bool {
    let tail: Vec<char> = before.chars().rev().take(24).collect();
    tail.len() == 24
        && tail.iter().rev().enumerate().all(|(at, c)| match at {
            8 | 13 | 18 | 23 => *c == '-',
            _ => c.is_ascii_hexdigit(),
        })
}

impl Hide for Accounts {
    fn line(&self, text: &str) -> String {
        self.masked(text, placeholder)
    }

    fn command(&self, text: &str) -> String {
        let masked = self.line(text);
        let placeholders = self.placeholders();
        quoted(&masked, placeholders.iter().map(String::as_str))
    }

    fn value(&self, text: &str) -> String {
        self.line(text)
    }

    /// Twelve digits, without which an ARN is none: `<account-1>` is 000000000001.
    fn of_case(&self, text: &str) -> String {
        self.masked(text, |number| format!("{number:012}"))
    }

    fn withheld(&self) -> &'static str {
        WITHHELD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_account_has_the_same_number_everywhere() {
        let accounts = Accounts::default();
        for (text, out) in [
            ("arn:aws:iam::111122223333:role/R of 4444-5555-6666", "arn:aws:iam::<account-1>:role/R of <account-2>"),
            ("account 1111-2222-3333.", "account <account-1>."),
            ("444455556666.dkr.ecr.us-east-1.amazonaws.com", "<account-2>.dkr.ecr.us-east-1.amazonaws.com"),
            ("rolecall-111122223333-1 and x111122223333y", "rolecall-<account-1>-1 and x<account-1>y"),
            ("1a2b3c4d-0000-1111-2222-333344445555", "1a2b3c4d-0000-1111-2222-333344445555"),
            ("1111222233334 and 11112222333", "1111222233334 and 11112222333"),
            ("2026-03-04 12:00, 00000000-1111-2222-3333-4", "2026-03-04 12:00, 00000000-1111-2222-3333-4"),
        ] {
            assert_eq!(accounts.line(text), out);
        }
        assert_eq!(
            accounts.command("aws x --role-arn arn:aws:iam::111122223333:role/R"),
            "aws x --role-arn 'arn:aws:iam::<account-1>:role/R'"
        );
        assert_eq!(accounts.of_case("arn:aws:iam::444455556666:root"), "arn:aws:iam::000000000002:root");
    }
}
