//! A `config.json`: that of the chosen config profile with what it inherits, or any file of that shape.

use std::path::PathBuf;

use jsonc_parser::ast;

use super::{Given, Import, ImportFault, Shape, Value, member, shown};
use crate::config::{Broken, Config};
use crate::model::Facts;
use crate::model::facts::ConfigFile;
use crate::secret::Key;
use crate::values::SecretText;

/// Whether a JSON object is a `config.json`: it has the sections that the values of the secret stand in.
pub(super) fn is_one(object: &ast::Object<'_>) -> bool {
    ["benchling", "packages"].iter().any(|section| member(object, section).is_some_and(|it| it.as_object().is_some()))
}

/// That of the chosen config profile.
pub(super) fn of_facts(facts: &Facts) -> Result<Import, ImportFault> {
    let file = facts.config.shown().ok_or_else(|| ImportFault("it was not read".into()))?;
    let config = Config::with_parents(file, facts.ancestors.shown().map(Vec::as_slice))?;
    Ok(read(&config))
}

/// A file of that shape, by itself.
pub(super) fn of_text(text: &SecretText) -> Result<Import, ImportFault> {
    let file = ConfigFile { path: PathBuf::new(), text: text.clone(), mode: None };
    let config = Config::read(&file)?;
    let mut import = read(&config);
    if let Some(parent) = config.inherits() {
        let parent = shown(parent);
        import.remark(format!("It inherits from config profile {parent}, whose values are not read with a file."));
    }
    Ok(import)
}

fn read(config: &Config) -> Import {
    let mut import = Import::new(Shape::Config);
    for (key, path) in Key::ALL.into_iter().filter_map(|key| Some((key, key.config_path()?))) {
        let Some(value) = config.get(path).filter(|value| !value.is_null()) else { continue };
        let name = path.join(".");
        match config.answer(path) {
            Some(value) => {
                let name = match config.inherited_from(path) {
                    Some(parent) => format!("{name} of config profile {parent}"),
                    None => name,
                };
                import.given.push(Given { key, name, value: Value::Text(value) });
            }
            None => {
                let kind = if value.is_number() { "a number" } else { "no text" };
                import.remark(format!("{name} is {kind}, and is not taken."));
            }
        }
    }
    if let Some(broken) = config.broken() {
        import.remark(sentence(broken));
    }
    import
}

fn sentence(broken: &Broken) -> String {
    match broken {
        Broken::Missing { child, parent } => {
            format!("Config profile {} inherits from {}, which has no config.json.", shown(child), shown(parent))
        }
        Broken::Unreadable { parent, why } => {
            format!("What config profile {} holds is not known: {}.", shown(parent), shown(why.trim_end_matches('.')))
        }
        Broken::Circle(names) => {
            let names: Vec<String> = names.iter().map(|name| shown(name)).collect();
            format!("Config profiles inherit from each other in a circle: {}.", names.join(", "))
        }
    }
}
