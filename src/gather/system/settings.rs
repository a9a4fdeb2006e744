//! Where the settings of systems stand on this machine. No AWS call.

use std::collections::BTreeMap;
use std::path::Path;

use jsonc_parser::ast::Object;

use crate::aws::Surroundings;
use crate::migrate;
use crate::model::Selection;
use crate::model::facts::{ImportContent, SettingsPlace, SettingsSource};
use crate::store;
use crate::systems;
use crate::values::{SecretText, json};

/// By weight: the files that were named, the environment, `.env` of the current folder. Names that no system reads are left where they are.
pub fn settings(here: &Surroundings, selection: &Selection) -> Vec<SettingsSource> {
    let files = selection.system.iter().flat_map(|choice| &choice.files);
    let files = files.map(|path| file(SettingsPlace::File(path.clone()), &here.current.join(path), true));
    let environment = SettingsSource {
        place: SettingsPlace::Environment,
        values: here.environment.named(is_read).into_iter().collect(),
        twice: Vec::new(),
        fault: None,
    };
    let dotted = here.current.join(".env");
    let dotted = file(SettingsPlace::DotEnv(dotted.clone()), &dotted, false);
    files.chain(std::iter::once(Some(environment))).chain(std::iter::once(dotted)).flatten().collect()
}

fn is_read(name: &str) -> bool {
    let mut settings = systems::ALL.iter().flat_map(|system| system.settings());
    settings.any(|setting| setting.variables.contains(&name))
}

/// `None`: there is none, and nobody named it.
fn file(place: SettingsPlace, path: &Path, was_named: bool) -> Option<SettingsSource> {
    let is_yaml =
        path.extension().is_some_and(|end| end.eq_ignore_ascii_case("yaml") || end.eq_ignore_ascii_case("yml"));
    if is_yaml {
        let fault = "YAML is not read: write it as JSON, or as NAME=value lines".to_owned();
        return Some(SettingsSource { place, values: BTreeMap::new(), twice: Vec::new(), fault: Some(fault) });
    }
    let mut twice = Vec::new();
    let (values, fault) = match store::read_import(path) {
        Ok(Some(read)) => match read.content {
            ImportContent::Text { text, .. } => of_text(&text, &mut twice),
            _ => (BTreeMap::new(), Some("it is not UTF-8 text".to_owned())),
        },
        Ok(None) if was_named => (BTreeMap::new(), Some("there is no such file".to_owned())),
        Ok(None) => return None,
        Err(error) => (BTreeMap::new(), Some(error.to_string().trim_end_matches('.').to_owned())),
    };
    Some(SettingsSource { place, values, twice, fault })
}

/// JSON by its first character, else `NAME=value` lines. Into `twice` goes each name that stands there with several values.
fn of_text(text: &SecretText, twice: &mut Vec<String>) -> (BTreeMap<String, SecretText>, Option<String>) {
    let bare = text.expose().trim_start_matches('\u{feff}');
    if bare.trim_start().starts_with('{') {
        return match json::object(bare) {
            Ok(document) => (of_document(&document, bare), None),
            Err(fault) => (BTreeMap::new(), Some(fault.to_string())),
        };
    }
    match migrate::sources::statements(text) {
        Ok(all) => {
            let mut values = BTreeMap::new();
            for (name, value) in all.into_iter().filter(|(name, _)| is_read(name)) {
                let differs = values.get(&name).is_some_and(|before| *before != value);
                if differs && !twice.contains(&name) {
                    twice.push(name.clone());
                }
                values.insert(name, value);
            }
            (values, None)
        }
        Err(fault) => (BTreeMap::new(), Some(fault.to_string())),
    }
}

/// An object of variables; or else one of a shape that a system knows.
fn of_document(document: &Object<'_>, text: &str) -> BTreeMap<String, SecretText> {
    let members = document.properties.iter().filter(|member| is_read(member.name.as_str()));
    let values: BTreeMap<String, SecretText> = members
        .map(|member| (member.name.as_str().to_owned(), json::member_text(&member.value, text).into()))
        .collect();
    if !values.is_empty() {
        return values;
    }
    let known = systems::ALL.iter().flat_map(|system| system.of_document(document, text));
    known.map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_two_values_is_named_and_the_last_one_counts() {
        let mut twice = Vec::new();
        let lines = "AWS_ROLE_ARN=a\nAWS_REGION=b\nAWS_ROLE_ARN=c\nAWS_REGION=b\nOTHER=1\nOTHER=2\n";
        let (values, fault) = of_text(&SecretText::new(lines), &mut twice);
        assert_eq!((values["AWS_ROLE_ARN"].expose(), fault), ("c", None));
        assert_eq!(twice, ["AWS_ROLE_ARN"], "the same value twice is no difference, and nobody reads OTHER");
    }
}
