//! The roles of an SRE bot: named roles of many accounts, assumed by one shared service (specification 2).
//!
//! What the service does with its settings stands in `aws_auth/config.py` and `aws_auth/auth_service.py` of serkanh/sre-bot.

mod left_out;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;

use crate::model::finding::Fix;
use crate::model::inquiry::Keeps;
use crate::model::selection::CredentialSource;
use crate::model::system::CallsIn;
use crate::model::text::Text;
use crate::model::{AwsError, Facts, Finding, Inquiry, Severity};
use crate::role_set::{self, NamedRole, Roles, findings};
use crate::values::regions::{is_listed, partition_of};
use crate::values::text::{counted, elide_end, safe};
use crate::values::{PrincipalArn, SecretText, json, shell};

use super::{PathPlan, PathRow, Secrecy, Setting, Settings, System, View};

/// The SRE bot's roles.
pub struct SreRoles;

const SETTINGS: &[Setting] = &[
    Setting {
        secrecy: Secrecy::ExternalId,
        ..Setting::of("roles", "Roles", &["AWS_AUTH_ROLES"], "Every role by its name, as JSON: ARN and account id.")
    },
    Setting::of("default-role", "Default role", &["AWS_AUTH_DEFAULT_ROLE"], "The name of a role; no service reads it."),
    Setting::of("role-arn", "Single role", &["AWS_AUTH_DEFAULT_ROLE_ARN"], "One more role, without JSON: its ARN."),
    Setting::of("account-id", "Its account", &["AWS_AUTH_DEFAULT_ACCOUNT_ID"], "The account of that role."),
    Setting::of("role-name", "Its name", &["AWS_AUTH_DEFAULT_ROLE_NAME"], "What that role is called.").or("default"),
    Setting::of("session-name", "Its session", &["AWS_AUTH_DEFAULT_SESSION_NAME"], "What its sessions are called.")
        .or("SREBotSession"),
    Setting::of(
        "duration",
        "Its duration",
        &["AWS_AUTH_DEFAULT_DURATION"],
        "How long they last, in seconds: 900 to 43200.",
    )
    .or("3600"),
    Setting {
        secrecy: Secrecy::ExternalId,
        fault: |text| crate::model::selection::external_id_fault(text).map(str::to_owned),
        ..Setting::of("external-id", "Its external ID", &["AWS_AUTH_DEFAULT_EXTERNAL_ID"], "What its trust asks for.")
    },
    Setting::of("region", "Region", &["AWS_AUTH_DEFAULT_REGION"], "Where the service calls AWS."),
    Setting::of("shell-region", "Region else", &["AWS_REGION"], "Where it calls AWS without a region of its own.")
        .or(REGION),
    Setting::of("aws-profile", "AWS profile", &["AWS_AUTH_DEFAULT_PROFILE"], "With whose credentials it calls."),
    Setting::of("shell-aws-profile", "AWS profile else", &["AWS_PROFILE"], "With whose, without one of its own."),
    Setting {
        fault: flag_fault,
        ..Setting::of("caching", "Caching", &["AWS_AUTH_ENABLE_CACHING"], "Keep sessions.").or("true")
    },
    Setting {
        fault: |text| match role_set::int(text) {
            Some(seconds) if TTL.contains(&seconds) => None,
            Some(_) => Some("the service does not start with it: sessions are kept for 300 to 43200 seconds".into()),
            None => Some("it is no whole number of seconds: the service logs that, and keeps them for 3000".into()),
        },
        ..Setting::of("cache-ttl", "Kept for", &["AWS_AUTH_CACHE_TTL"], "How long sessions are kept, in seconds.")
            .or("3000")
    },
    Setting {
        fault: flag_fault,
        ..Setting::of("role-chaining", "Chaining", &["AWS_AUTH_ENABLE_ROLE_CHAINING"], "Whether a role may assume one.")
            .or("false")
    },
];

/// How long a session may be said to be kept, in seconds.
const TTL: RangeInclusive<i64> = 300..=43_200;

/// Members of a JSON file, as the service's own classes call them, and the setting of each.
const MEMBERS: [(&str, &str); 7] = [
    ("roles", "AWS_AUTH_ROLES"),
    ("default_role", "AWS_AUTH_DEFAULT_ROLE"),
    ("default_region", "AWS_AUTH_DEFAULT_REGION"),
    ("default_profile", "AWS_AUTH_DEFAULT_PROFILE"),
    ("enable_caching", "AWS_AUTH_ENABLE_CACHING"),
    ("cache_ttl_seconds", "AWS_AUTH_CACHE_TTL"),
    ("enable_role_chaining", "AWS_AUTH_ENABLE_ROLE_CHAINING"),
];

/// The settings of the one role that has variables of its own.
const SINGLE: [&str; 5] = ["role-arn", "account-id", "session-name", "duration", "external-id"];

/// Where the service calls AWS unless it is told otherwise.
const REGION: &str = "us-east-1";

const ENVIRONMENT: &str = "auth-environment";
const ROLES_JSON: &str = "auth-roles-json";

impl System for SreRoles {
    fn name(&self) -> &'static str {
        "sre-roles"
    }

    fn title(&self) -> &'static str {
        "SRE bot roles"
    }

    fn about(&self) -> &'static str {
        "Which of the roles that AWS_AUTH_ROLES names can be assumed, and what the service makes of its settings."
    }

    fn settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn has_parts(&self, setting: &str) -> bool {
        setting == "roles"
    }

    fn of_document(&self, document: &Object<'_>, text: &str) -> Vec<(&'static str, SecretText)> {
        let is_role = |value: &Value<'_>| matches!(value, Value::Object(entry) if entry.get("role_arn").is_some());
        // A role may be called "roles" too.
        let of_service = |member: &ObjectProp<'_>| {
            let known = MEMBERS.iter().find(|(name, _)| *name == member.name.as_str());
            known.filter(|_| !is_role(&member.value))
        };
        let is_set = |member: &&ObjectProp<'_>| !matches!(member.value, Value::NullKeyword(_));
        let known =
            document.properties.iter().filter(is_set).filter_map(|member| Some((of_service(member)?.1, member)));
        let mut given: Vec<(&'static str, SecretText)> =
            known.map(|(variable, member)| (variable, json::member_text(&member.value, text).into())).collect();
        let has_roles = given.iter().any(|(variable, _)| *variable == role_set::SET);
        let flat: Vec<&ObjectProp<'_>> = document.properties.iter().filter(|one| of_service(one).is_none()).collect();
        if !has_roles && flat.iter().any(|member| is_role(&member.value)) {
            let entry = |member: &&ObjectProp<'_>| {
                let name = serde_json::Value::from(member.name.as_str());
                format!("{name}: {}", member.value.text(text))
            };
            let entries = flat.iter().map(entry).collect::<Vec<_>>().join(", ");
            given.push((role_set::SET, format!("{{{entries}}}").into()));
        }
        given
    }

    fn settings_of(&self, findings: &[&Finding], settings: &Settings) -> Vec<Option<&'static str>> {
        let (roles, _) = named(settings);
        let entries: BTreeSet<&str> = roles.set.roles.iter().map(|role| role.name.as_str()).collect();
        let of = |finding: &&Finding| setting_about(finding, &roles, entries.contains(finding.subject.as_str()));
        findings.iter().map(of).collect()
    }

    fn signs(&self, settings: &Settings) -> Option<String> {
        if let Some(given) = settings.given("roles").filter(|_| settings.is_found_here("roles")) {
            let roles = match role_set::read(given.value.expose()) {
                Ok(set) => counted(set.roles.len(), "role"),
                Err(_) => "it cannot be read".into(),
            };
            return Some(format!("{} in {}: {roles}", given.name, given.place.words()));
        }
        let given = settings.given("role-arn").filter(|_| settings.is_found_here("role-arn"))?;
        Some(format!("{} in {}", given.name, given.place.words()))
    }

    fn paths(&self, settings: &Settings, facts: &Facts) -> Vec<PathPlan> {
        let (roles, _) = named(settings);
        let keeps = Some(Keeps { most: cache_ttl(settings), by: "AWS_AUTH_CACHE_TTL" });
        let path = |role: &NamedRole| PathPlan {
            id: role.name.clone(),
            label: role.name.clone(),
            inquiry: Inquiry {
                hops: vec![role.hop(facts.observed_at)],
                source: format!("{}, {}", roles.variable(&role.name), role.name),
                keeps,
                ..Inquiry::default()
            },
            settings: if roles.is_single(&role.name) { &SINGLE } else { &["roles"] },
        };
        roles.all().filter(|role| !role.role_arn.is_empty()).map(path).collect()
    }

    /// Its STS client is made for the default region, whatever region the AWS profile names.
    fn calls_in(&self, settings: &Settings) -> Option<CallsIn> {
        let (region, from) = region(settings);
        Some(CallsIn { region: region.to_owned(), from: from.to_owned() })
    }

    /// The classes of the specification (S2-27 to S2-29) and the codes of the service as it is built.
    fn words_for(&self, error: &AwsError) -> Option<String> {
        let class = match error.code() {
            "AccessDenied" => "AuthenticationError",
            "InvalidParameterValue" => "ConfigurationError",
            // STS has this code for every value that it refuses, and the specification has the other one.
            "ValidationError" => "AWSAuthError by the specification's own code, which means ConfigurationError",
            _ => "AWSAuthError",
        };
        let built = match error.code() {
            "" => "AWSAuthError without a code".to_owned(),
            code => format!("AssumeRoleError, ASSUME_ROLE_FAILED_{code}"),
        };
        Some(format!("the service raises {class}; as it is built, {built}"))
    }

    fn judge(&self, view: &View<'_>) -> Vec<Finding> {
        if view.facts.system.settings.known().is_none() {
            return Vec::new();
        }
        let (settings, now) = (view.settings, view.facts.observed_at);
        let (roles, edits) = named(settings);
        let place = settings.given("roles").map(|given| given.place.words()).unwrap_or_default();
        let mut findings = findings::of_set(&roles, &place, now);
        findings.extend(edits.into_iter().map(|why| {
            let claim = format!("What was typed for a role cannot stand there: {why}.");
            Finding::new(Severity::Error, "sre-roles/role", "AWS_AUTH_ROLES", claim)
        }));
        findings.extend(of_roles(&roles, view));
        findings.extend(findings::of_others(&roles.set));
        let pair = (settings.get("role-arn").is_some(), settings.get("account-id").is_some());
        findings.extend(findings::of_default(&roles, settings.get("default-role"), pair));
        findings.extend(without_a_role(settings));
        let has_roles = roles.all().next().is_some();
        findings.extend(caching(has_roles, settings));
        findings.extend(caller(view, has_roles));
        findings.extend(where_it_calls(view));
        findings.extend(files(view));
        findings
    }

    fn texts(&self, view: &View<'_>) -> Vec<Text> {
        texts::texts(view)
    }

    fn text_names(&self) -> &'static [(&'static str, &'static str)] {
        &[
            (ENVIRONMENT, "The bot's variables, safely quoted: every role, and how its sessions are made"),
            (ROLES_JSON, "The same as one JSON file"),
        ]
    }
}

/// The setting that a finding about a role is about.
fn setting_about(finding: &Finding, roles: &Roles, is_entry: bool) -> Option<&'static str> {
    const OF_ENTRIES: [&str; 7] = ["role", "account", "session-name", "duration", "partition", "duplicate", "member"];
    if !OF_ENTRIES.contains(&finding.id.strip_prefix("sre-roles/")?) {
        return None;
    }
    // The role of single variables counts where an entry has its name too.
    let is_single = roles.is_single(&finding.subject);
    match finding.id.as_str() {
        _ if !is_single => is_entry.then_some("roles"),
        "sre-roles/account" => Some("account-id"),
        "sre-roles/session-name" => Some("session-name"),
        "sre-roles/duration" => Some("duration"),
        _ => Some("role-arn"),
    }
}

/// The roles that stand in the settings, and why something that was typed for one of them cannot stand there.
fn named(settings: &Settings) -> (Roles, Vec<String>) {
    let single = NamedRole::of_variables(|variable| settings.get(setting_of(variable)?.name));
    let mut roles = match settings.get("roles").map(role_set::read) {
        Some(Err(fault)) => Roles { fault: Some(fault), single, ..Roles::default() },
        set => Roles { set: set.and_then(Result::ok).unwrap_or_default(), single, fault: None },
    };
    let edit = |(part, text): (&str, &str)| {
        role_set::edit(&mut roles.set, part, text).err().map(|why| format!("{}: {why}", safe(part)))
    };
    let faults = settings.parts("roles").filter_map(edit).collect();
    (roles, faults)
}

/// What is said of the single role where there is none: the service reads neither ARN nor account.
fn without_a_role(settings: &Settings) -> Option<Finding> {
    if settings.get("role-arn").or(settings.get("account-id")).is_some() {
        return None;
    }
    let of_single = ["role-name", "session-name", "duration", "external-id"];
    let variable =
        |name: &&str| setting_of_name(name)?.variables.first().copied().filter(|_| settings.get(name).is_some());
    let given: Vec<&str> = of_single.iter().filter_map(variable).collect();
    let about = *given.first()?;
    let claim = format!("{} is set for a single role, and none is named: nobody reads it.", given.join(", "));
    let cure = Fix::advice(format!("Set {} and {} with it, or take it away.", role_set::ARN, role_set::ACCOUNT));
    Some(
        Finding::new(Severity::Warning, "sre-roles/default-role", about, claim)
            .because("the service reads the role only where both are set")
            .cure(cure),
    )
}

/// What is wrong with each role, and with how long its session is to last.
fn of_roles(roles: &Roles, view: &View<'_>) -> Vec<Finding> {
    let of_row = |row: &Arc<PathRow>| Some((row.id.clone(), row.max_session_duration?));
    let longest: BTreeMap<String, u32> = view.rows.iter().filter_map(of_row).collect();
    let of_role = |role: &NamedRole| {
        let mut found = findings::of_role(role, roles.is_single(&role.name), view.facts.observed_at);
        found.extend(findings::too_long(role, longest.get(&role.name).copied(), is_session(view.facts)));
        found
    };
    roles.all().flat_map(of_role).collect()
}

/// The region that the service calls, and what names it (S2-17, S2-24).
fn region(settings: &Settings) -> (&str, &'static str) {
    let named = ["region", "shell-region"].into_iter().find_map(|setting| {
        let variable = SETTINGS.iter().find(|one| one.name == setting)?.variables.first()?;
        Some((settings.get(setting)?, *variable))
    });
    named.unwrap_or((REGION, "the service's own default"))
}

/// Whether there is such a region, and whether it is the one that was looked at.
fn where_it_calls(view: &View<'_>) -> Option<Finding> {
    let (region, from) = region(view.settings);
    let (named, chosen) = (safe(&elide_end(region, 40)).into_owned(), view.selection.region.as_deref());
    let found = |severity, claim: String| Finding::new(severity, "sre-roles/region", from, claim);
    let correct =
        Fix::advice("Set AWS_AUTH_DEFAULT_REGION to a region that the roles' accounts use, such as us-east-1.");
    let given = || view.rows.iter().any(|row| row.live.as_ref().is_some_and(|live| live.outcome.is_ok()));
    match partition_of(region) {
        Some("aws") if is_listed(region) => {}
        // The list may be older than the region: then it gives sessions.
        Some("aws") if chosen.is_none() && given() => {}
        Some("aws") | None => {
            let claim =
                format!("{named} is no region of AWS: the service reaches nobody there, and no role can be assumed.");
            let why = "it takes any text for a region, and asks for it when the first role is assumed";
            return Some(found(Severity::Error, claim).because(why).cure(correct));
        }
        Some(other) => {
            let claim = format!(
                "{named} is in the partition {other}, and the service takes roles of the partition aws alone: none can be assumed from there."
            );
            return Some(
                found(Severity::Error, claim).because("no session leads from one partition to another").cure(correct),
            );
        }
    }
    let chosen = chosen.filter(|chosen| *chosen != region)?;
    let claim = format!("The service calls AWS in {named}, and this was looked at in {}.", safe(chosen));
    let again = Fix::advice("Leave --region out to look where the service calls.");
    Some(
        found(Severity::Info, claim).because("a region that is chosen for the look wins over the settings").cure(again),
    )
}

/// How long the service keeps a session at most, whatever its end (S2-22); with a time that it does not take there is no other answer.
fn cache_ttl(settings: &Settings) -> Duration {
    let seconds = settings.get("cache-ttl").and_then(role_set::int).filter(|seconds| TTL.contains(seconds));
    Duration::from_secs(seconds.and_then(|seconds| seconds.try_into().ok()).unwrap_or(3_000))
}

fn setting_of_name(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

fn setting_of(variable: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.variables.contains(&variable))
}

fn is_session(facts: &Facts) -> bool {
    facts.identity.known().is_some_and(|identity| matches!(identity.arn, PrincipalArn::Session { .. }))
}

/// A flag as the service reads it.
fn is_on(text: &str) -> bool {
    ["true", "1", "yes"].contains(&text.to_lowercase().as_str())
}

fn flag_fault(text: &str) -> Option<String> {
    let known = is_on(text) || ["false", "0", "no", "off"].contains(&text.to_lowercase().as_str());
    (!known).then(|| "it says neither true nor false, and the service takes it for off".into())
}

fn caching(has_roles: bool, settings: &Settings) -> Option<Finding> {
    let off = settings.get("caching").is_some_and(|text| !is_on(text));
    (off && has_roles).then(|| {
        let claim = "With caching off no client with a role can be made: the service looks its session up in a cache that it has not filled.";
        Finding::new(Severity::Error, "sre-roles/caching", "AWS_AUTH_ENABLE_CACHING", claim)
            .because("KeyError, which it raises as CLIENT_CREATION_FAILED")
            .cure(Fix::advice("Set AWS_AUTH_ENABLE_CACHING=true, or take it away."))
    })
}

/// Who calls without a role (S2-04), and whether that is a role itself (S2-20).
fn caller(view: &View<'_>, has_roles: bool) -> Vec<Finding> {
    let (settings, mut findings) = (view.settings, Vec::new());
    let Some(identity) = view.facts.identity.known() else { return findings };
    let who = identity.arn.short();
    let (region, _) = region(settings);
    let claim = format!("Without a role's name the service calls AWS as {who}, in {}.", safe(&elide_end(region, 40)));
    findings.push(Finding::new(Severity::Ok, "sre-roles/caller", &who, claim));
    let chained = settings.get("role-chaining").is_some_and(is_on);
    if has_roles && (chained || is_session(view.facts)) {
        let (severity, claim) = match (is_session(view.facts), chained) {
            (true, false) => (
                Severity::Warning,
                format!("{who} is a role session already: every role is reached by chaining, which is off."),
            ),
            (true, true) => (
                Severity::Info,
                format!("{who} is a role session already: every role is reached by chaining, for an hour at most."),
            ),
            _ => (Severity::Info, "Role chaining is switched on, and nothing chains.".to_owned()),
        };
        let finding = Finding::new(severity, "sre-roles/chaining", &who, claim);
        let advice = "Ask for an hour at most, which is all that chaining gives; set AWS_AUTH_ENABLE_ROLE_CHAINING=true to say that it is meant.";
        let finding = finding.because("the service reads AWS_AUTH_ENABLE_ROLE_CHAINING and never uses it");
        findings.push(finding.cure(Fix::advice(advice)));
    }
    findings
}

/// With whose credentials it calls, and whether those rest on files that the containers may not write (S2-09).
fn files(view: &View<'_>) -> Vec<Finding> {
    let (settings, mut findings) = (view.settings, Vec::new());
    let wanted = settings.given("aws-profile").or(settings.given("shell-aws-profile"));
    let source = view.selection.source.as_ref();
    if let Some(given) =
        wanted.filter(|given| source != Some(&CredentialSource::Profile(given.value.expose().to_owned())))
    {
        let name = safe(given.value.expose()).into_owned();
        let claim = format!(
            "The service calls with the AWS profile {name}, and this was looked at with {}.",
            source.map(CredentialSource::label).unwrap_or_default()
        );
        let again = shell::command(["rolecall", "check", "--system", "sre-roles", "--aws-profile", &name]);
        findings.push(
            Finding::new(Severity::Warning, "sre-roles/aws-profile", &name, claim)
                .cure(Fix::command("Look at it as the service calls.", again)),
        );
    }
    let entries = view.facts.sources.known().map(Vec::as_slice).unwrap_or_default();
    if let Some(entry) = entries.iter().find(|entry| Some(&entry.source) == source && entry.login.is_some()) {
        let claim = format!(
            "{} rests on a login, which is renewed by a write below ~/.aws: the containers have it read-only.",
            entry.source.label()
        );
        findings.push(Finding::new(Severity::Warning, "sre-roles/aws-files", entry.source.label(), claim).cure(
            Fix::advice(
                "Log in anew on the host before the login ends, or give the containers credentials of their own.",
            ),
        ));
    }
    findings
}
