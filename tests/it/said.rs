//! What a run of the real binary said.

use std::process::Output;

use serde_json::Value;

pub struct Said {
    /// `None`: a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn of(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }

    /// Standard output has each of these, however its lines are broken.
    pub fn has(self, parts: &[&str]) -> Self {
        let out = flat(&self.out);
        for part in parts {
            assert!(out.contains(&flat(part)), "{part}\n{}", self.out);
        }
        self
    }

    /// Standard output and standard error in one line each, however they were broken.
    pub fn flat(&self) -> String {
        flat(&format!("{}\n{}", self.out, self.err))
    }

    /// The id in the command that writes the plan.
    pub fn id(&self) -> String {
        let (_, rest) = self.out.split_once("--plan-id ").unwrap_or_else(|| panic!("no id:\n{}", self.out));
        rest.split_whitespace().next().unwrap().to_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.out, self.err))
    }

    /// The JSON, which is as a published schema has it.
    pub fn json_by(&self, schema: &str) -> Value {
        let value = self.json();
        let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
        let faults: Vec<String> =
            schema.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(faults, Vec::<String>::new());
        value
    }

    /// What `secret check --format json` printed.
    pub fn check(&self) -> Value {
        self.json_by(rolecall::report::SECRET_SCHEMA)
    }

    /// What `secret plan` or `secret apply` printed with `--format json`.
    pub fn plan(&self) -> Value {
        self.json_by(rolecall::commands::secret::PLAN_SCHEMA)
    }

    /// What `check --as-container --format json` printed.
    pub fn startup(&self) -> Value {
        self.json_by(rolecall::commands::container::SCHEMA)
    }
}

/// A text without its line breaks and indents.
pub fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
