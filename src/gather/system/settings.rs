//! Where the settings of systems stand on this machine. No AWS call.

use std::collections::BTreeMap;
use std::path::Path;

use jsonc_parser::ast::Object;

use super::yaml;
use crate::aws::Surroundings;
use crate::migrate;
use crate::migrate::sources::Assignment;
use crate::model::Selection;
use crate::model::facts::{ImportContent, SettingsPlace, SettingsSource};
use crate::store;
use crate::systems;
use crate::values::text::elide_end;
use crate::values::{SecretText, json};

use super::expand::expand;

/// By weight: the files that were named, the environment, `.env` of the current folder. Names that no system reads are left where they are.
pub fn settings(here: &Surroundings, selection: &Selection) -> Vec<SettingsSource> {
    let files = selection.system.iter().flat_map(|choice| &choice.files);
    let get = |name: &str| here.environment.get(name);
    let files = files.map(|path| file(SettingsPlace::File(path.clone()), &here.current.join(path), get, true));
    let environment = SettingsSource {
        place: SettingsPlace::Environment,
        values: here.environment.named(is_read).into_iter().collect(),
        twice: Vec::new(),
        fault: None,
    };
    let dotted = here.current.join(".env");
    let dotted = file(SettingsPlace::DotEnv(dotted.clone()), &dotted, get, false);
    files.chain(std::iter::once(Some(environment))).chain(std::iter::once(dotted)).flatten().collect()
}

fn is_read(name: &str) -> bool {
    systems::ALL.iter().any(|system| system.reads(name))
}

/// `None`: there is none, and nobody named it.
fn file<'e>(
    place: SettingsPlace,
    path: &Path,
    environment: impl Fn(&str) -> Option<&'e str>,
    was_named: bool,
) -> Option<SettingsSource> {
    let mut twice = Vec::new();
    let (values, fault) = match store::read_import(path) {
        Ok(Some(read)) => match read.content {
            ImportContent::Text { text, .. } if is_yaml(path) => of_yaml(&text, &mut twice),
            ImportContent::Text { text, .. } => of_text(&text, environment, &mut twice),
            _ => (BTreeMap::new(), Some("it is not UTF-8 text".to_owned())),
        },
        Ok(None) if was_named => (BTreeMap::new(), Some("there is no such file".to_owned())),
        Ok(None) => return None,
        Err(error) => (BTreeMap::new(), Some(error.to_string().trim_end_matches('.').to_owned())),
    };
    Some(SettingsSource { place, values, twice, fault })
}

/// By its name: of its text alone nobody can tell YAML from `NAME=value` lines.
fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|end| ["yaml", "yml"].iter().any(|yaml| end.eq_ignore_ascii_case(yaml)))
}

/// What a source gives, and why it does not give all.
type Given = (BTreeMap<String, SecretText>, Option<String>);

fn of_yaml(text: &SecretText, twice: &mut Vec<String>) -> Given {
    match yaml::as_json(bare(text)) {
        Ok(json) => of_json(json.expose(), twice),
        Err(fault) => (BTreeMap::new(), Some(fault.to_string())),
    }
}

/// JSON by its first character, else `NAME=value` lines.
fn of_text<'e>(text: &SecretText, environment: impl Fn(&str) -> Option<&'e str>, twice: &mut Vec<String>) -> Given {
    if bare(text).trim_start().starts_with('{') {
        return of_json(bare(text), twice);
    }
    match migrate::sources::statements(text) {
        Ok(all) => of_lines(all, environment, twice),
        Err(fault) => (BTreeMap::new(), Some(fault.to_string())),
    }
}

/// `${NAME}` in a line is what the environment says, and else a line above it; a value of which that is not known is none. Into `twice` goes each
/// name that stands there with several values.
fn of_lines<'e>(all: Vec<Assignment>, environment: impl Fn(&str) -> Option<&'e str>, twice: &mut Vec<String>) -> Given {
    let mut above: BTreeMap<String, SecretText> = BTreeMap::new();
    let mut open = Vec::new();
    for Assignment { name, value, expands } in all {
        let get = |other: &str| environment(other).or_else(|| above.get(other).map(SecretText::expose));
        let expanded = if expands { expand(value.expose(), get).map(SecretText::new) } else { Ok(value) };
        let value = match expanded {
            Ok(value) => value,
            Err(unknown) => {
                if is_read(&name) {
                    open.push(format!("{name} names ${{{}}}, which is set nowhere here", elide_end(&unknown, 40)));
                }
                above.remove(&name);
                continue;
            }
        };
        let differs = above.get(&name).is_some_and(|before| *before != value);
        if differs && is_read(&name) && !twice.contains(&name) {
            twice.push(name.clone());
        }
        above.insert(name, value);
    }
    above.retain(|name, _| is_read(name));
    (above, (!open.is_empty()).then(|| open.join("; ")))
}

fn bare(text: &SecretText) -> &str {
    text.expose().trim_start_matches('\u{feff}')
}

fn of_json(text: &str, twice: &mut Vec<String>) -> Given {
    match json::object(text) {
        Ok(document) => (named(of_document(&document, text), twice), None),
        Err(fault) => (BTreeMap::new(), Some(fault.to_string())),
    }
}

/// By name, the last of several values. Into `twice` goes each name that has more than one.
fn named(all: impl IntoIterator<Item = (String, SecretText)>, twice: &mut Vec<String>) -> BTreeMap<String, SecretText> {
    let mut values = BTreeMap::new();
    for (name, value) in all {
        let differs = values.get(&name).is_some_and(|before| *before != value);
        if differs && !twice.contains(&name) {
            twice.push(name.clone());
        }
        values.insert(name, value);
    }
    values
}

/// An object of variables; or else one of a shape that a system knows.
fn of_document(document: &Object<'_>, text: &str) -> Vec<(String, SecretText)> {
    let variables = document.properties.iter().filter_map(|member| {
        let name = member.name.as_str();
        let system = systems::ALL.iter().find(|system| system.reads(name))?;
        Some((name.to_owned(), system.of_member(name, &member.value, text)?))
    });
    let variables: Vec<_> = variables.collect();
    if !variables.is_empty() {
        return variables;
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
        let (values, fault) = of_text(&SecretText::new(lines), |_| None, &mut twice);
        assert_eq!((values["AWS_ROLE_ARN"].expose(), fault), ("c", None));
        assert_eq!(twice, ["AWS_ROLE_ARN"], "the same value twice is no difference, and nobody reads OTHER");
    }

    fn values(name: &str, text: &str) -> Vec<(String, String)> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let read = file(SettingsPlace::File(path.clone()), &path, |_| None, true).unwrap();
        assert_eq!(read.fault, None, "{text}");
        read.values.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect()
    }

    fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
        all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    /// Pulumi's file of a stack, as CREDENTIALS.md of nf-core/ops has it, and what `pulumi config --json` prints of it (`configValueJSON` in
    /// pulumi/pulumi: `value` is left out of a secret that is not shown).
    #[test]
    fn pulumis_configuration_is_read_in_both_its_forms() {
        let wanted = pairs(&[("aws:region", "eu-central-1"), ("pulumi-onepassword:service_account_token", "secret")]);
        let yaml = "encryptionsalt: v1:canary\nconfig:\n  # encrypted by Pulumi\n  pulumi-onepassword:service_account_token:\n    secure: v1:canary==\n\n  aws:region: eu-central-1\n  github:owner: nf-core\n";
        assert_eq!(values("Pulumi.dev.yaml", yaml), wanted);
        let json = r#"{"aws:region": {"value": "eu-central-1", "secret": false}, "github:owner": {"value": "nf-core", "secret": false},
            "pulumi-onepassword:service_account_token": {"secret": true}}"#;
        assert_eq!(values("config.json", json), wanted);
        assert_eq!(values("config.yaml", json), wanted, "JSON is YAML too");
        let shown = r#"{"onepassword:serviceAccountToken": {"value": "ops_x", "secret": true}, "aws:region": {"secret": true}}"#;
        let wanted = pairs(&[("onepassword:serviceAccountToken", "ops_x")]);
        assert_eq!(values("config.json", shown), wanted, "a region that is kept secret is not known");
    }

    #[test]
    fn variables_and_roles_are_read_from_yaml() {
        let role = "role_arn: arn:aws:iam::444455556666:role/R";
        assert_eq!(values("a.yml", "AWS_REGION: eu-west-1\nAWS_PROFILE:\n"), pairs(&[("AWS_REGION", "eu-west-1")]));
        let roles = values("a.yaml", &format!("roles:\n  prod:\n    {role}\ndefault_region: eu-west-1\n"));
        let json = r#"{"prod":{"role_arn":"arn:aws:iam::444455556666:role/R"}}"#;
        assert_eq!(roles, pairs(&[("AWS_AUTH_DEFAULT_REGION", "eu-west-1"), ("AWS_AUTH_ROLES", json)]));
    }

    #[test]
    fn a_file_that_is_no_yaml_is_named_with_the_line_and_none_of_its_text() {
        let mut twice = Vec::new();
        let (values, fault) = of_yaml(&SecretText::new("a: 1\n b: canary\n"), &mut twice);
        assert!(values.is_empty() && fault.unwrap().starts_with("it is not YAML: line 2"));
        let (values, _) = of_yaml(&SecretText::new("AWS_REGION: a\nAWS_REGION: b\n"), &mut twice);
        assert_eq!((values["AWS_REGION"].expose(), twice), ("b", vec!["AWS_REGION".to_owned()]));
    }

    #[test]
    fn a_variable_in_a_value_is_what_the_environment_says_or_a_line_above() {
        let lines = "ACC=111122223333\nNAME=Bot\nAWS_ROLE_ARN=arn:aws:iam::${ACC}:role/$NAME${NAME}\n\
                     AWS_AUTH_ROLES='{\"${ACC}\": 1}'\nAWS_REGION=\"${GONE}\"\nOTHER=${GONE}\n";
        let environment = |name: &str| (name == "ACC").then_some("444455556666");
        let (values, fault) = of_text(&SecretText::new(lines), environment, &mut Vec::new());
        assert_eq!(values["AWS_ROLE_ARN"].expose(), "arn:aws:iam::444455556666:role/$NAMEBot");
        assert_eq!(values["AWS_AUTH_ROLES"].expose(), "{\"${ACC}\": 1}", "single quotes keep it as it is");
        assert_eq!((values.len(), fault.as_deref()), (2, Some("AWS_REGION names ${GONE}, which is set nowhere here")));
    }
}
