//! A secret's JSON, in either spelling.

use jsonc_parser::ast;

use super::{Given, Import, ImportFault, Shape, Value, listed, shown, text_at};
use crate::secret::nearest::{Spelling, nearest};
use crate::secret::{Document, Entry, Key};
use crate::values::SecretText;

/// Reads it. A name that is certainly a key's is taken, one that is perhaps one stands in the document as it is and is remarked on.
pub(super) fn read(text: &SecretText) -> Result<Import, ImportFault> {
    let document = Document::parse(text)?;
    let mut import = Import::new(Shape::Secret);
    for (name, entry) in document.entries() {
        match key_of(name) {
            Some(key) => take(&mut import, key, name, entry),
            None => {
                if let Some(key) = perhaps(&document, name) {
                    import.remark(format!("`{}` looks like {key} and is not taken: rename it if it is.", shown(name)));
                }
            }
        }
    }
    lift(&mut import, &document);
    import.document = Some(document);
    Ok(import)
}

/// The key that a name certainly is.
fn key_of(name: &str) -> Option<Key> {
    let certain = || nearest(name).filter(|(_, spelling)| *spelling != Spelling::Typo).map(|(key, _)| key);
    Key::from_name(name).or_else(certain)
}

/// The key that a name looks like, where that is not there itself.
fn perhaps(document: &Document, name: &str) -> Option<Key> {
    nearest(name).map(|(key, _)| key).filter(|key| document.get(key.name()).is_none())
}

/// Takes from objects within the object what the top does not give: no reader looks there, and yet it is what was meant.
fn lift(import: &mut Import, document: &Document) {
    let filled = |given: &Given| match &given.value {
        Value::Text(text) => given.key.may_be_empty() || !text.is_empty(),
        Value::Reference(_) => true,
    };
    let mut there: Vec<Key> = import.given.iter().filter(|given| filled(given)).map(|given| given.key).collect();
    for (place, inner) in document.nested() {
        let mut lifted: Vec<String> = Vec::new();
        for (name, entry) in inner.entries() {
            let Some((key, text)) = key_of(name).and_then(|key| Some((key, entry.text()?))) else { continue };
            let given = Given { key, name: format!("{place}.{name}"), value: Value::Text(text) };
            if !there.contains(&key) && filled(&given) {
                lifted.push(shown(name));
                import.given.push(given);
            }
        }
        if !lifted.is_empty() {
            let names = listed(&lifted);
            import.remark(format!(
                "Taken from the object `{}`, where no reader looks, for the top does not give it: {names}.",
                shown(place)
            ));
        }
        there.extend(import.given.iter().filter(|given| filled(given)).map(|given| given.key));
    }
}

/// Remarks on the names that a write leaves behind: those of no key, but for what the target holds just so.
pub(super) fn leave_behind(import: &mut Import, target: Option<&Document>) {
    let Some(document) = &import.document else { return };
    let held = |name: &str, raw: &SecretText| {
        target.is_some_and(|target| target.members().iter().any(|member| member.name == name && member.raw == *raw))
    };
    let left = document.members().iter().filter(|member| {
        let name = member.name.as_str();
        key_of(name).is_none() && perhaps(document, name).is_none() && !held(name, &member.raw)
    });
    let left: Vec<String> = left.map(|member| shown(&member.name)).collect();
    if !left.is_empty() {
        import.remark(format!("Not taken along, for they are none of the webhook's keys: {}.", listed(&left)));
    }
}

fn take(import: &mut Import, key: Key, name: &str, entry: &Entry) {
    match (entry.text(), entry) {
        (Some(text), _) => import.given.push(Given { key, name: name.to_owned(), value: Value::Text(text) }),
        (None, Entry::Nested(kind)) => {
            import.remark(format!("`{}` is {kind}, and nothing is taken from it.", shown(name)))
        }
        (None, _) => import.remark(format!("`{}` is null, and nothing is taken from it.", shown(name))),
    }
}

/// The secret in what `aws secretsmanager get-secret-value` prints.
pub(super) fn printed_by_aws(object: &ast::Object<'_>) -> Option<SecretText> {
    text_at(object, "ARN").filter(|arn| arn.contains(":secretsmanager:"))?;
    text_at(object, "SecretString").map(SecretText::from)
}
