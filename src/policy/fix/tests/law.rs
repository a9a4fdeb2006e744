//! What holds of every cure, written down from the case and from what the patches make of it, without a look at how a cure is found.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{cure, last, patched};
use crate::policy::condition::keys::{Sent, sent};
use crate::policy::fix::Cure;
use crate::policy::{Answer, pattern};

const STS: [&str; 3] = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

/// Asserts every law of the cure of a case. Gives the cure, and the verdict that it ends with.
pub(super) fn hold(case: &Value) -> (Cure, Option<Answer>) {
    let cure = cure(case);
    assert_eq!(cure.fixes.is_empty(), cure.no_fix.is_some());
    if let Some(no_fix) = &cure.no_fix {
        for text in [&no_fix.reason, &no_fix.next_step] {
            assert!(text.ends_with('.') && text.len() > 10 && !text.contains("  "), "{text:?}");
        }
        assert!(!no_fix.owner.is_empty());
        return (cure, None);
    }
    let after = patched(case, &cure);
    patches(&cure);
    requests(case, &after);
    let law = Law { case, caller: caller_name(case), role: case["role_arn"].as_str().unwrap() };
    law.document(&case["trust_policy"], &after["trust_policy"], true);
    law.document(&case["permission_boundary"], &after["permission_boundary"], false);
    let (before, now) = (list(&case["identity_policies"]), list(&after["identity_policies"]));
    assert!(now.len() >= before.len());
    for (index, document) in now.iter().enumerate() {
        let none = json!({"Version": "2012-10-17", "Statement": []});
        law.document(before.get(index).copied().unwrap_or(&none), document, false);
    }
    let last = last(&cure);
    (cure, last)
}

/// The patches themselves: each part once, only parts that are the caller's, the role's or the request's, and of a policy nothing is
/// taken away.
fn patches(cure: &Cure) {
    let targets: BTreeSet<&str> = cure.fixes.iter().map(|fix| fix.target.as_str()).collect();
    assert_eq!(targets.len(), cure.fixes.len(), "a part is patched twice");
    for fix in &cure.fixes {
        let part = fix.target.split('/').next().unwrap();
        let of_policy = ["trust_policy", "identity_policies", "permission_boundary"].contains(&part);
        assert!(of_policy || ["request", "context", "extra_context", "role_arn"].contains(&part), "{}", fix.target);
        for operation in serde_json::to_value(&fix.patch).unwrap().as_array().unwrap() {
            let op = operation["op"].as_str().unwrap();
            assert!(["add", "replace", "move"].contains(&op) || op == "remove" && !of_policy, "{operation}");
        }
    }
}

/// The request says of itself what it likes; who calls, with what factors and from where, is not the request's to say.
fn requests(before: &Value, after: &Value) {
    let own = ["external_id", "session_name", "duration_seconds", "region", "source_identity", "tags"];
    for (field, value) in object(&after["request"]) {
        assert!(own.contains(&field.as_str()) || before["request"][field] == *value, "request/{field}");
    }
    let own = ["sts:externalid", "sts:rolesessionname", "sts:sourceidentity", "aws:requestedregion", "aws:tagkeys"];
    for part in ["context", "extra_context"] {
        let keys: BTreeSet<&String> = [before, after].iter().flat_map(|case| object(&case[part]).keys()).collect();
        for key in keys {
            let lower = key.to_ascii_lowercase();
            let own = own.contains(&lower.as_str()) || lower.starts_with("aws:requesttag/");
            assert!(own || before[part].get(key) == after[part].get(key), "{part}/{key}");
        }
    }
    for part in ["session_policy", "scps", "rcps", "caller_arn", "max_session_duration"] {
        assert_eq!(before.get(part), after.get(part), "{part}");
    }
}

/// As a trust policy names the caller: the user, or the role behind a session, with its path where that is told.
fn caller_name(case: &Value) -> String {
    let caller = case["caller_arn"].as_str().unwrap();
    let Some((account, session)) =
        caller.strip_prefix("arn:aws:sts::").and_then(|rest| rest.split_once(":assumed-role/"))
    else {
        return caller.to_owned();
    };
    let name = session.split('/').next().unwrap();
    let told = ["context", "extra_context"].map(|part| object(&case[part]).get("aws:PrincipalArn"));
    let told = told.into_iter().flatten().find_map(|value| texts(value).first().map(|text| (*text).to_owned()));
    let is_role =
        |arn: &String| arn.starts_with(&format!("arn:aws:iam::{account}:role/")) && arn.ends_with(&format!("/{name}"));
    told.filter(is_role).unwrap_or_else(|| format!("arn:aws:iam::{account}:role/{name}"))
}

struct Law<'a> {
    case: &'a Value,
    caller: String,
    role: &'a str,
}

impl Law<'_> {
    /// A policy after the edits: every statement is still there, in its place, and as strict; new ones are for this caller and this role.
    fn document(&self, before: &Value, after: &Value, is_trust: bool) {
        if before == after {
            return;
        }
        assert_eq!((&before["Version"], &before["Id"]), (&after["Version"], &after["Id"]));
        let (old, new) = (list(&before["Statement"]), list(&after["Statement"]));
        assert!(new.len() >= old.len(), "a statement is dropped: {after}");
        for (before, after) in old.iter().zip(&new) {
            self.statement(before, after, is_trust);
        }
        for statement in new.iter().skip(old.len()) {
            self.new_statement(&old, statement, is_trust);
        }
        let known: BTreeSet<&str> = texts(self.case).into_iter().collect();
        for text in texts(after).into_iter().filter(|text| !known.contains(text)) {
            assert!(!text.contains(['*', '?']), "a wildcard that was not there: {text}");
            assert!(!text.ends_with(":root") && !text.bytes().all(|b| b.is_ascii_digit()), "an account: {text}");
            assert!(!text.contains(":sts:"), "a session: {text}");
        }
    }

    fn statement(&self, before: &Value, after: &Value, is_trust: bool) {
        if before == after {
            return;
        }
        assert_eq!(
            (&before["Effect"], &after["Effect"]),
            (&json!("Allow"), &json!("Allow")),
            "only an Allow is edited"
        );
        let elements: BTreeSet<&String> = object(before).keys().chain(object(after).keys()).collect();
        for element in elements {
            let (before, after) = (&before[element], &after[element]);
            if before == after {
                continue;
            }
            match element.as_str() {
                "Principal" if is_trust => self.principals(before, after),
                "Action" => assert_eq!(added(before, after, |_| false).difference(&STS.into()).next(), None),
                "Resource" if !is_trust => {
                    // A role has one path: its ARN with another one names nothing.
                    let other_path = |text: &str| {
                        let ends = |arn: &str| {
                            (arn.split(':').nth(4).map(str::to_owned), arn.rsplit('/').next().map(str::to_owned))
                        };
                        !text.contains(['*', '?']) && ends(text) == ends(self.role)
                    };
                    let added = added(before, after, other_path);
                    assert!(added.iter().all(|text| *text == self.role), "{added:?}");
                }
                "Condition" => assert_eq!(self.conditions(before, after), Ok(())),
                _ => panic!("{element} was {before}, is {after}"),
            }
        }
    }

    /// The caller is added; what gives way to it is dead: the id of somebody deleted, another session of its role, a pattern.
    fn principals(&self, before: &Value, after: &Value) {
        let anyone = json!({"AWS": before});
        let (before, after) = (object(if before.is_string() { &anyone } else { before }), object(after));
        let kinds: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for kind in kinds {
            let none = json!([]);
            let (before, after) = (before.get(kind).unwrap_or(&none), after.get(kind).unwrap_or(&none));
            if kind != "AWS" {
                assert_eq!(before, after, "{kind}");
                continue;
            }
            let dead = |text: &str| {
                text.starts_with("AROA")
                    || text.starts_with("AIDA")
                    || text.contains(":assumed-role/")
                    || text.starts_with("arn:") && text.contains(['*', '?'])
            };
            let added = added(before, after, dead);
            assert!(added.iter().all(|text| *text == self.caller), "{added:?}");
        }
    }

    /// Every condition is as it was, the external ID above all, but for a key that AWS never sends, which takes its right name, and for
    /// `aws:PrincipalArn`, which takes the caller's own ARN.
    fn conditions(&self, before: &Value, after: &Value) -> Result<(), String> {
        let (before, after) = (object(before), object(after));
        if before.keys().collect::<BTreeSet<_>>() != after.keys().collect::<BTreeSet<_>>() {
            return Err("another operator".into());
        }
        for (operator, keys) in before {
            let (keys, now) = (object(keys), object(&after[operator]));
            if keys.len() != now.len() {
                return Err(format!("another condition of {operator}"));
            }
            for (key, values) in keys {
                if !self.values(keys, now, key, values) {
                    return Err(format!("{operator} {key} is not {values} any more: {now:?}"));
                }
            }
        }
        Ok(())
    }

    fn values(&self, keys: &Map<String, Value>, now: &Map<String, Value>, key: &str, values: &Value) -> bool {
        let Some(after) = now.get(key) else {
            let name = key.split(':').next_back().unwrap().to_lowercase();
            let renamed =
                |other: &String| !keys.contains_key(other) && other.to_lowercase().ends_with(&format!(":{name}"));
            return sent(&key.to_ascii_lowercase()) == Sent::Never
                && now.iter().any(|(other, after)| renamed(other) && after == values);
        };
        if !key.eq_ignore_ascii_case("aws:PrincipalArn") {
            return values == after;
        }
        let reserved = |text: &str| self.caller.contains(":role/aws-reserved/") && text.contains("AWSReservedSSO_");
        widened(values, after, reserved).is_ok_and(|added| added.iter().all(|text| *text == self.caller))
    }

    fn new_statement(&self, old: &[&Value], statement: &Value, is_trust: bool) {
        assert_eq!(statement["Effect"], "Allow");
        let actions = texts(&statement["Action"]);
        assert!(!actions.is_empty() && actions.iter().all(|action| STS.contains(action)), "{statement}");
        let elements: BTreeSet<&str> = object(statement).keys().map(String::as_str).collect();
        if !is_trust {
            assert_eq!(elements, ["Action", "Effect", "Resource"].into(), "{statement}");
            assert_eq!(statement["Resource"], self.role);
            return;
        }
        assert_eq!(statement["Principal"], json!({"AWS": self.caller}));
        if let Some(condition) = statement.get("Condition") {
            let copied = old.iter().any(|one| self.conditions(&one["Condition"], condition).is_ok());
            assert!(copied, "a condition of somebody's making: {statement}");
            return;
        }
        assert_eq!(elements, ["Action", "Effect", "Principal"].into(), "{statement}");
        let around = old.iter().find(|one| self.lets_in_under_conditions(one));
        assert!(!actions.contains(&STS[0]) || around.is_none(), "{statement} goes around {around:?}");
    }

    /// What the owner asks of AWS principals that assume the role.
    fn lets_in_under_conditions(&self, statement: &Value) -> bool {
        let grants = |action: &&str| pattern::matches(&action.to_ascii_lowercase(), "sts:assumerole");
        let grants = match statement.get("NotAction") {
            Some(spared) => !texts(spared).iter().any(grants),
            None => texts(&statement["Action"]).iter().any(grants),
        };
        let to_aws = statement["Principal"].is_string() || statement["Principal"].get("AWS").is_some();
        statement["Effect"] == "Allow" && statement.get("Condition").is_some() && grants && to_aws
    }
}

/// What is new among the texts of an element that was widened. What `may_go` does not name must still be there.
fn added<'a>(before: &'a Value, after: &'a Value, may_go: impl Fn(&str) -> bool) -> BTreeSet<&'a str> {
    widened(before, after, may_go).unwrap_or_else(|gone| panic!("{gone:?} is gone from {before}"))
}

fn widened<'a>(
    before: &'a Value,
    after: &'a Value,
    may_go: impl Fn(&str) -> bool,
) -> Result<BTreeSet<&'a str>, Vec<&'a str>> {
    let set = |value| texts(value).into_iter().collect::<BTreeSet<_>>();
    let (before, after) = (set(before), set(after));
    let gone: Vec<_> = before.difference(&after).copied().filter(|text| !may_go(text)).collect();
    if gone.is_empty() { Ok(after.difference(&before).copied().collect()) } else { Err(gone) }
}

/// One value or a list of them; none of `null`.
fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

fn object(value: &Value) -> &Map<String, Value> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE)
}

/// Every text of a value.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        Value::Object(object) => object.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}
