//! `rolecall print config`: the effective configuration, each value with the config profile it comes from, secrets masked. No AWS call is made.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::aws::Surroundings;
use crate::check;
use crate::cli::Format;
use crate::config::{Broken, Config, Effective, effective};
use crate::model::facts::Deployed;
use crate::model::{Fact, Facts, Selection};
use crate::values::json;
use crate::values::text::{safe, width};
use crate::values::time::Timestamp;

/// The JSON Schema of what is printed with `--format json`, draft 2020-12.
pub const SCHEMA: &str = include_str!("../../assets/schema/effective.json");

/// Raised when a field changes its meaning or goes away; a new field does not raise it.
const SCHEMA_VERSION: u32 = 1;

/// The text to print.
///
/// # Errors
/// A sentence: there is no `config.json`, or it cannot be read.
pub async fn run(here: Arc<Surroundings>, selection: Selection, format: Format) -> Result<String, String> {
    let facts = check::survey(here, &selection).await;
    let printed = Printed::of(&facts, &selection)?;
    Ok(match format {
        Format::Json => json::printed(&printed),
        Format::Text => printed.text(),
    })
}

/// What is printed.
#[derive(Serialize)]
struct Printed {
    schema_version: u32,
    config_profile: String,
    path: String,
    /// The config profiles it inherits from, nearest first.
    inherits: Vec<String>,
    /// Why the chain of parents does not end.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<String>,
    /// What was deployed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    deployed: Option<Last>,
    values: Vec<Line>,
}

#[derive(Serialize)]
struct Last {
    stack: Option<String>,
    image: Option<String>,
    region: Option<String>,
    at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Line {
    field: String,
    value: Value,
    masked: bool,
    /// The config profile whose file has it.
    from: String,
    inherited: bool,
    /// Which versions of the webhook package read it, where not every one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

impl Printed {
    fn of(facts: &Facts, selection: &Selection) -> Result<Self, String> {
        let profile = safe(&selection.config_profile).into_owned();
        let file = match &facts.config {
            Fact::Known(file) => file,
            Fact::Absent => {
                return Err(format!(
                    "config profile {profile} has no config.json: `rolecall setup --profile {profile}` makes one"
                ));
            }
            other => {
                let why = other.error().map_or("it was not looked up", |error| error.message.as_str());
                return Err(format!("config.json of config profile {profile} could not be read: {}", safe(why)));
            }
        };
        let config = Config::with_parents(file, facts.ancestors.known().map(Vec::as_slice))
            .map_err(|fault| format!("config.json of config profile {profile} cannot be used: {fault}"))?;
        Ok(Self {
            schema_version: SCHEMA_VERSION,
            path: file.path.display().to_string(),
            inherits: config.parents().map(str::to_owned).collect(),
            broken: config.broken().map(broken),
            deployed: facts.deployed.known().map(Last::of),
            values: effective(&config).into_iter().map(Line::of).collect(),
            config_profile: selection.config_profile.clone(),
        })
    }

    /// For people: a line for each value, the columns as wide as what stands in them.
    fn text(&self) -> String {
        let mut out = format!("config.json of config profile {}\n{}\n", safe(&self.config_profile), safe(&self.path));
        if !self.inherits.is_empty() {
            let parents: Vec<String> = self.inherits.iter().map(|name| safe(name).into_owned()).collect();
            let _ = writeln!(
                out,
                "It inherits from {}. Only `deploy` of the webhook package applies that.",
                parents.join(", then from ")
            );
        }
        if let Some(broken) = &self.broken {
            let _ = writeln!(out, "{}", safe(broken));
        }
        if let Some(last) = &self.deployed {
            let _ = writeln!(out, "Deployed last: {}.", safe(&last.words()));
        }
        out.push('\n');
        let rows: Vec<[String; 3]> = self.values.iter().map(Line::cells).collect();
        let widest = |column: usize| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0).min(WIDEST)
        };
        let (first, second) = (widest(0), widest(1));
        for [field, value, from] in &rows {
            let line = format!("  {}  {}  {from}", padded(field, first), padded(value, second));
            let _ = writeln!(out, "{}", line.trim_end());
        }
        out
    }
}

/// The widest that a column is made for the sake of one long value.
const WIDEST: usize = 100;

fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

impl Last {
    fn of(deployed: &Deployed) -> Self {
        Self {
            stack: deployed.stack_name.clone(),
            image: deployed.image_tag.clone(),
            region: deployed.region.clone(),
            at: deployed.at,
        }
    }

    fn words(&self) -> String {
        let named = |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name} {value}"));
        let parts = [
            named("image", &self.image),
            named("stack", &self.stack),
            named("region", &self.region),
            self.at.map(|at| at.strftime("%F %T UTC").to_string()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl Line {
    fn of(one: Effective) -> Self {
        Self {
            field: one.path,
            value: one.value,
            masked: one.is_masked,
            from: one.origin,
            inherited: one.is_inherited,
            note: one.read_by.words(),
        }
    }

    fn cells(&self) -> [String; 3] {
        let value = match &self.value {
            Value::String(text) if text.is_empty() => "(empty)".into(),
            Value::String(text) => safe(text).into_owned(),
            other => other.to_string(),
        };
        let from = if self.inherited { format!("inherited from {}", safe(&self.from)) } else { String::new() };
        let note = self.note.as_deref().unwrap_or_default();
        let beside = [from.as_str(), note].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ");
        [safe(&self.field).into_owned(), value, beside]
    }
}

fn broken(broken: &Broken) -> String {
    match broken {
        Broken::Missing { child, parent } => {
            format!("Config profile {child} inherits from {parent}, which has no config.json: `deploy` stops there.")
        }
        Broken::Unreadable { parent, why } => {
            format!("The config.json of config profile {parent} cannot be read: {why}. `deploy` stops there.")
        }
        Broken::Circle(names) => format!("It inherits from itself ({}): `deploy` stops there.", names.join(" -> ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::{Ancestor, ConfigFile};

    const PARENT: &str = r#"{"quilt": {"catalog": "q.example.com", "writeRoleArn": "arn:aws:iam::111122223333:role/W"},
        "benchling": {"clientId": "wqFabcdefgYe", "clientSecret": "canary-client-secret"}}"#;
    const OWN: &str = r#"{"_inherits": "base", "quilt": {"region": "us-east-1"}, "security": {"enableVerification": true},
        "packages": {"workflow": ""}, "mine": {"apiKey": "canary", "x\u001b[31m": 1}}"#;

    fn facts() -> Facts {
        let file = |name: &str, text: &str| ConfigFile {
            path: format!("/home/ada/.config/benchling-webhook/{name}/config.json").into(),
            text: text.into(),
            mode: Some(0o600),
        };
        let mut facts = Facts::new(Timestamp::UNIX_EPOCH);
        facts.config = Fact::Known(file("dev", OWN));
        facts.ancestors = Fact::Known(vec![Ancestor { name: "base".into(), file: Fact::Known(file("base", PARENT)) }]);
        facts.deployed = Fact::Known(Deployed {
            stack_name: Some("BenchlingWebhookStack-dev".into()),
            image_tag: Some("0.9.9".into()),
            region: Some("us-east-1".into()),
            at: "2026-01-02T03:04:05Z".parse().ok(),
        });
        facts
    }

    fn printed(facts: &Facts) -> Result<Printed, String> {
        Printed::of(facts, &Selection { config_profile: "dev".into(), ..Selection::new() })
    }

    #[test]
    fn each_value_stands_with_its_origin() {
        let text = printed(&facts()).unwrap_or_else(|why| panic!("{why}")).text();
        insta::assert_snapshot!(text);
        assert!(!text.contains("canary") && !text.contains('\u{1b}'));
    }

    #[test]
    fn as_json_it_says_the_same() {
        let printed = printed(&facts()).unwrap_or_else(|why| panic!("{why}"));
        let text = json::printed(&printed);
        assert!(!text.contains("canary") && !text.contains('\u{1b}'), "{text}");
        let json: Value = serde_json::from_str(&text).unwrap();
        let of = |field: &str| {
            json["values"].as_array().unwrap().iter().find(|value| value["field"] == field).unwrap().clone()
        };
        assert_eq!(of("quilt.catalog")["from"], "base");
        assert_eq!((&of("quilt.region")["from"], &of("quilt.region")["inherited"]), (&"dev".into(), &false.into()));
        assert_eq!(of("security.enableVerification")["value"], true);
        assert_eq!(of("benchling.clientSecret")["masked"], true);
        assert_eq!((&json["inherits"][0], &json["deployed"]["image"]), (&"base".into(), &"0.9.9".into()));
    }

    #[test]
    fn the_published_schema_describes_it() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let mut broken = facts();
        broken.ancestors = Fact::Known(vec![Ancestor { name: "base".into(), file: Fact::Absent }]);
        let mut bare = facts();
        bare.deployed = Fact::Known(Deployed::default());
        for facts in [facts(), broken, bare] {
            let printed = printed(&facts).unwrap_or_else(|why| panic!("{why}"));
            let json: Value = serde_json::from_str(&json::printed(&printed)).unwrap();
            let faults: Vec<String> =
                validator.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
            assert_eq!(faults, Vec::<String>::new());
            assert!(!validator.is_valid(&serde_json::json!({"values": json["values"]})));
        }
    }

    #[test]
    fn without_a_file_it_says_how_to_get_one() {
        let mut facts = facts();
        facts.config = Fact::Absent;
        assert!(printed(&facts).err().unwrap().contains("rolecall setup --profile dev"));
        facts.config =
            Fact::Known(ConfigFile { path: "/x/dev/config.json".into(), text: "{canary".into(), mode: None });
        let why = printed(&facts).err().unwrap();
        assert!(why.contains("it is not JSON") && !why.contains("canary"), "{why}");
    }
}
