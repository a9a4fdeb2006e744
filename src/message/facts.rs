//! What was taken out of a message, what follows from it, and the words for it.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

use super::unwrap;
use crate::values::text::elide_middle;
use crate::values::{AccountId, PrincipalArn, RoleArn};

/// What `sts:DecodeAuthorizationMessage` makes readable.
fn encoded(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("ncoded authorization failure message: ")?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-_=+/".contains(c)).unwrap_or(rest.len());
    rest.get(..end).filter(|text| text.len() >= 16).map(str::to_owned)
}

/// What was taken out of a message, by name.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub fields: BTreeMap<String, String>,
}

impl Facts {
    /// Adds what follows from what was captured.
    pub fn complete(&mut self, bare: &unwrap::Bare) {
        self.add("code", bare.code.clone());
        self.add("operation", bare.operation.clone());
        self.add("_text", Some(bare.message.clone()));
        let service =
            bare.operation.as_deref().map_or("sts", |call| if call.starts_with("sts:") { "sts" } else { "other" });
        self.add("service", Some(service.to_owned()));
        self.add("encoded", encoded(&bare.message));
        if self.fields.get("field").is_some_and(|field| field == "roleArn") {
            self.add("resource", self.fields.get("value").filter(|value| value.starts_with("arn:")).cloned());
        }
        let principal = self.fields.get("principal").or_else(|| self.fields.get("arn")).cloned();
        self.add("role_arn", bare.role_arn.clone().filter(|role| Some(role) != principal.as_ref()));
        if let Some(role) = self.role() {
            self.set("role_arn", role.to_string());
            self.set("role_name", role.name());
            self.set("role_account", role.account().as_str());
        } else if let Some(name) = self.fields.get("name").cloned().or_else(|| self.named_after("resource", ":role/")) {
            self.set("role_name", name);
        }
        self.caller_facts();
        self.principal();
        self.policy();
        self.skew();
        if self.fields.get("field").is_some_and(|field| field == "durationSeconds")
            && let Some(rule) = self.fields.get("rule").cloned()
        {
            self.set("duration_rule", rule);
        }
    }

    fn add(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value {
            self.fields.entry(name.to_owned()).or_insert(value);
        }
    }

    fn set(&mut self, name: &str, value: impl Into<String>) {
        self.fields.insert(name.to_owned(), value.into());
    }

    pub fn take(&mut self, name: &str) -> Option<String> {
        self.fields.remove(name)
    }

    pub fn caller(&self) -> Option<PrincipalArn> {
        PrincipalArn::parse(self.fields.get("caller")?).ok()
    }

    /// The role that the refused call was about, or that the text names elsewhere.
    pub fn role(&self) -> Option<RoleArn> {
        let elsewhere = || RoleArn::parse(self.fields.get("role_arn")?).ok();
        match self.fields.get("resource") {
            Some(resource) if resource.starts_with("arn:") => RoleArn::parse(resource).ok(),
            _ => elsewhere(),
        }
    }

    fn caller_facts(&mut self) {
        let Some(caller) = self.caller() else {
            // Logs are posted with the account blacked out; the name is still told.
            let user = self.named_after("caller", ":user/").map(|name| ("caller_user", name));
            let role =
                || self.fields.get("caller")?.split_once(":assumed-role/")?.1.split('/').next().map(str::to_owned);
            if let Some((kind, name)) = user.or_else(|| Some(("caller_role", role()?))) {
                self.set("caller_name", name);
                self.set(kind, "");
            }
            return;
        };
        let (kind, name) = match &caller {
            PrincipalArn::User { name, .. } => ("caller_user", name.clone()),
            PrincipalArn::Role(role) => ("caller_role", role.name().to_owned()),
            PrincipalArn::Session { role, .. } => ("caller_role", role.clone()),
            PrincipalArn::FederatedUser { name, .. } => ("caller_other", name.clone()),
            PrincipalArn::Root { .. } => ("caller_other", "root".into()),
        };
        self.set(kind, "");
        self.set("caller_account", caller.account().as_str());
        self.set("caller_name", name);
        // A session's role may have a path, which nobody but IAM knows; without one this is its ARN.
        let source = match &caller {
            PrincipalArn::Session { partition, account, role, .. } => {
                format!("arn:{partition}:iam::{account}:role/{role}")
            }
            other => other.to_string(),
        };
        self.set("caller_source", source);
    }

    /// The last part of an ARN whose account may be blacked out.
    fn named_after(&self, field: &str, mark: &str) -> Option<String> {
        let (_, path) = self.fields.get(field)?.split_once(mark)?;
        path.rsplit('/').next().filter(|name| !name.is_empty()).map(str::to_owned)
    }

    /// A principal that could not be found, or be simulated.
    fn principal(&mut self) {
        let named = ["principal", "arn"].into_iter().find_map(|name| PrincipalArn::parse(self.fields.get(name)?).ok());
        let (kind, name) = match &named {
            Some(PrincipalArn::User { name, .. }) => ("principal_user", name.clone()),
            Some(PrincipalArn::Role(role)) => ("principal_role", role.name().to_owned()),
            Some(PrincipalArn::Session { role, .. }) => ("principal_role", role.clone()),
            Some(_) => return,
            None => match ["principal", "arn"].into_iter().find_map(|field| self.blacked_out(field)) {
                Some(told) => told,
                None => return,
            },
        };
        if let Some(principal) = &named {
            self.set("principal_account", principal.account().as_str());
        }
        self.set("principal_name", name);
        self.set(kind, "");
    }

    /// What is told of a principal whose account is blacked out.
    fn blacked_out(&self, field: &str) -> Option<(&'static str, String)> {
        let session = || self.fields.get(field)?.split_once(":assumed-role/")?.1.split('/').next().map(str::to_owned);
        let user = self.named_after(field, ":user/").map(|name| ("principal_user", name));
        let role = || self.named_after(field, ":role/").or_else(session).map(|name| ("principal_role", name));
        user.or_else(role)
    }

    fn policy(&mut self) {
        let Some(arn) = self.fields.get("policy_arn").cloned() else { return };
        match arn.split(':').nth(2) {
            Some("organizations") => {
                self.set("policy_id", arn.rsplit('/').next().unwrap_or_default());
                self.set("org_policy", "");
            }
            Some("iam") => self.set("iam_policy", ""),
            _ => {}
        }
    }

    /// How far the clock is off, from the two times in the message.
    fn skew(&mut self) {
        let time = |name: &str| DateTime::strptime("%Y%m%dT%H%M%SZ", self.fields.get(name)?).ok();
        if let (Some(sent), Some(server)) = (time("sent"), time("server")) {
            let seconds = server.duration_since(sent).as_secs().unsigned_abs();
            let words = match (seconds / 3_600, seconds / 60 % 60) {
                (0, minutes) => format!("{minutes} min"),
                (hours, minutes) => format!("{hours} h {minutes} min"),
            };
            self.set("skew", words);
        }
    }

    /// A sentence with its names filled in, in words people use.
    pub fn filled(&self, sentence: &str) -> String {
        let mut out = String::with_capacity(sentence.len() + 64);
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                rest = after;
                continue;
            };
            out.push_str(&self.words(name));
            rest = after;
        }
        out.push_str(rest);
        let mut characters = out.chars();
        characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
    }

    fn account(&self, name: &str) -> Option<String> {
        let id = AccountId::parse(self.fields.get(name)?)?;
        Some(format!("account {}", id.grouped()))
    }

    fn words(&self, name: &str) -> String {
        let value = || self.fields.get(name).filter(|value| !value.is_empty()).map(|value| elide_middle(value, 200));
        let of = |account: &AccountId, short: String| format!("{short} of {}", account.grouped());
        match name {
            "caller" => self.caller().map(|caller| of(caller.account(), caller.short())).or_else(value),
            "role" => self.role().map(|role| of(role.account(), format!("role{}{}", role.path(), role.name()))),
            "resource" => {
                self.role().map(|role| of(role.account(), format!("role{}{}", role.path(), role.name()))).or_else(value)
            }
            "role_owner" => self.account("role_account"),
            "caller_owner" => self.account("caller_account"),
            "principal_owner" => self.account("principal_account"),
            "owner" => self.account("account"),
            _ => value(),
        }
        .unwrap_or_else(|| {
            match name {
                "caller" => "the caller",
                "role" => "the role",
                "action" => "the action",
                "resource" => "the resource",
                "role_arn" => "the role's ARN",
                "role_owner" => "the role's account",
                "caller_owner" => "the caller's account",
                "principal_owner" => "the principal's account",
                "owner" => "an account of this call",
                "principal" => "the message does not say which",
                "skew" => "more than 5 min",
                "policy_type" => "policy",
                _ => "(not told)",
            }
            .to_owned()
        })
    }
}
