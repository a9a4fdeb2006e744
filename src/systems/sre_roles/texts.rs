//! What is handed over of the SRE bot's roles: its environment, and the same as a JSON file.

use super::{
    ENVIRONMENT, MEMBERS, ROLES_JSON, SETTINGS, caching, is_on, left_out, named, of_roles, setting_of, setting_of_name,
};
use crate::model::Severity;
use crate::model::text::{Gap, Language, Text};
use crate::role_set::{self, NamedRole, RoleSet, Roles, findings};
use crate::systems::environment::Lines;
use crate::systems::{Settings, View};
use crate::values::text::{elide_end, safe};
use crate::values::{RoleArn, json};

/// Settings that are written as they are.
const WRITTEN: [&str; 5] = ["region", "aws-profile", "caching", "cache-ttl", "role-chaining"];

/// Both, each with a note for everything in it that a check calls an error, and for everything that it leaves out.
pub(super) fn texts(view: &View<'_>) -> Vec<Text> {
    let (roles, edits) = named(view.settings);
    let mut wrong: Vec<String> =
        roles.fault.iter().map(|fault| format!("AWS_AUTH_ROLES is left out: {fault}.")).collect();
    wrong.extend(edits.iter().map(|why| format!("What was typed for a role is left out: {why}.")));
    wrong.extend(errors(&roles, view));
    let others = roles.set.roles.iter().any(|role| !role.others.is_empty());
    if others && !view.shows_external_ids {
        wrong.push(
            "Members that nobody reads may hold anything and are left out: --show-external-ids writes them.".to_owned(),
        );
    }
    let finished = |mut text: Text, left_out: Vec<String>| {
        text.partial |= !wrong.is_empty() || !left_out.is_empty();
        text.notes.extend(left_out.into_iter().chain(wrong.iter().cloned()));
        text
    };
    let default = view.settings.get("default-role").and_then(|name| roles.get(name));
    let left_out =
        [left_out::of_environment(&roles, view.settings, default), left_out::of_document(&roles, view.settings)];
    let texts = [environment(&roles, view), document(&roles, view)];
    texts.into_iter().zip(left_out).map(|(text, left_out)| finished(text, left_out)).collect()
}

/// What a text that holds these settings carries on and a check calls an error, in sentences without a value that may not be seen.
fn errors(roles: &Roles, view: &View<'_>) -> Vec<String> {
    let settings = view.settings;
    let of_set = roles.fault.is_none().then(|| findings::of_set(roles, "", view.facts.observed_at));
    let of_values = SETTINGS.iter().filter_map(|setting| {
        let why = (setting.fault)(settings.get(setting.name)?)?;
        Some(format!("{} cannot be used: {why}.", setting.variables.first()?))
    });
    let found = of_set.into_iter().flatten().chain(of_roles(roles, view));
    let found = found.chain(caching(roles.all().next().is_some(), settings));
    let mut told: Vec<String> =
        found.filter(|finding| finding.severity == Severity::Error).map(|finding| finding.claim).collect();
    told.extend(of_values);
    if let Some(name) = settings.get("default-role").filter(|name| roles.get(name).is_none()) {
        told.push(format!("AWS_AUTH_DEFAULT_ROLE is {}, and no role has that name.", safe(&elide_end(name, 40))));
    }
    told
}

/// The variables as they are set, edits included (S2-31 to S2-34): the pair that the service reads for the default role, and the
/// specification's name for it as a comment (C24).
fn environment(roles: &Roles, view: &View<'_>) -> Text {
    let (settings, mut lines) = (view.settings, Lines::default());
    lines.comment("Beside docker-compose.yml, and given to both services in it:");
    lines.comment("  sre-bot-web: {env_file: [.env]}    sre-bot-api: {env_file: [.env]}");
    for setting in SETTINGS.iter().filter(|setting| WRITTEN.contains(&setting.name)) {
        let value = settings.get(setting.name).or((setting.name == "caching").then_some("true"));
        if let (Some(value), Some(name)) = (value, setting.variables.first()) {
            lines.set(name, value);
        }
    }
    let shows = view.shows_external_ids;
    let wanted = settings.get("default-role");
    let default = wanted.and_then(|name| roles.get(name));
    let mut set = roles.set.clone();
    // The pair is the default role's now: another one that stood there goes on as an entry.
    if let (Some(default), Some(single)) = (default, roles.single.as_ref())
        && default.name != single.name
    {
        set.put(single.clone());
    }
    if !set.roles.is_empty() {
        let set = set.json(shows, |name, id| lines.external_id(name, id, shows));
        lines.set(role_set::SET, &json::in_single_quotes(&set));
    }
    match (default, wanted) {
        (Some(role), _) => {
            lines.comment(&format!("AWS_AUTH_DEFAULT_ROLE={} in the specification; the service reads:", role.name));
        }
        (None, Some(name)) => lines.comment(&format!("AWS_AUTH_DEFAULT_ROLE={name}: no role has that name.")),
        (None, None) => {}
    }
    let own = default.is_none().then(|| single(settings, &mut lines)).flatten();
    if let Some(role) = default.or(own.as_ref()) {
        let mut variables = role.variables(|id| lines.external_id(&role.name, id, shows));
        let is_standing = default.is_none_or(|role| roles.is_single(&role.name));
        let duration = settings.given("duration").filter(|_| is_standing && role.duration_seconds.is_none());
        // What is no number is told, and stays what it is.
        let duration = duration.and_then(|given| Some((*setting_of_name(given.setting)?.variables.first()?, given)));
        variables.extend(duration.map(|(name, given)| (name, given.value.expose().to_owned())));
        variables.iter().for_each(|(name, value)| lines.set(name, value));
    }
    lines.text(ENVIRONMENT, "Environment of sre-bot-web and sre-bot-api")
}

/// The role that the single variables name, or the default role that nobody names: a placeholder where one of the two variables is missing
/// that the service reads together. `None`: nothing is set of it.
fn single(settings: &Settings, lines: &mut Lines) -> Option<NamedRole> {
    const ALL: [&str; 7] =
        ["default-role", "role-arn", "account-id", "role-name", "session-name", "duration", "external-id"];
    ALL.into_iter().find(|name| settings.get(name).is_some())?;
    let why = "The default role needs its ARN and its account, and this one follows from nothing that is set.";
    let (arn_gap, account_gap) = (Gap::new("default-role-arn", why), Gap::new("default-account-id", why));
    let arn = settings.get("role-arn");
    let of_arn = arn.and_then(|arn| RoleArn::parse(arn).ok()).map(|arn| arn.account().to_string());
    let account = settings.get("account-id").or(of_arn.as_deref());
    arn.is_none().then(|| lines.gap(arn_gap.clone()));
    account.is_none().then(|| lines.gap(account_gap.clone()));
    NamedRole::of_variables(|variable| match variable {
        role_set::ARN => Some(arn.unwrap_or(&arn_gap.placeholder)),
        role_set::ACCOUNT => Some(account.unwrap_or(&account_gap.placeholder)),
        other => settings.get(setting_of(other)?.name),
    })
}

/// The same as a JSON file, in the shape of the service's own classes (S2-07); `--settings` reads it back.
fn document(roles: &Roles, view: &View<'_>) -> Text {
    let mut lines = Lines::default();
    let all = RoleSet { roles: roles.all().cloned().collect(), ..RoleSet::default() };
    let all = all.json(view.shows_external_ids, |name, id| lines.external_id(name, id, view.shows_external_ids));
    let member = |(member, variable): &(&str, &str)| {
        let text = view.settings.get(setting_of(variable)?.name)?;
        let value = match *member {
            "cache_ttl_seconds" => role_set::int(text).map_or_else(|| text.into(), Into::into),
            "enable_caching" | "enable_role_chaining" => is_on(text).into(),
            _ => text.into(),
        };
        Some(((*member).to_owned(), value))
    };
    let mut document: serde_json::Map<_, _> = MEMBERS.iter().skip(1).filter_map(member).collect();
    document.insert("roles".into(), all);
    let text = lines.text(ROLES_JSON, "The roles as a JSON file");
    let notes = vec![
        "The service reads its environment alone; `--settings` of rolecall reads such a file, and the same as YAML."
            .to_owned(),
    ];
    Text { language: Language::Json, body: json::printed(&document), notes, ..text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::{SettingsPlace, SettingsSource};
    use crate::model::{Fact, Facts, Selection, SystemChoice};
    use crate::systems::{self, System};
    use crate::values::SecretText;
    use crate::values::time::Timestamp;

    const PROD: &str = "arn:aws:iam::444455556666:role/SREReadOnly";

    fn both(values: &[(&str, &str)]) -> Vec<Text> {
        let mut facts = Facts::new(Timestamp::UNIX_EPOCH);
        facts.system.settings = Fact::Known(vec![SettingsSource {
            place: SettingsPlace::Environment,
            values: values.iter().map(|(name, value)| ((*name).to_owned(), SecretText::new(*value))).collect(),
            twice: Vec::new(),
            fault: None,
        }]);
        let selection = Selection { system: Some(SystemChoice::of("sre-roles")), ..Selection::new() };
        let (system, settings): (&dyn System, _) = systems::chosen(&facts, &selection).unwrap();
        let view =
            View { facts: &facts, selection: &selection, settings: &settings, rows: &[], shows_external_ids: false };
        system.texts(&view)
    }

    fn environment_of(values: &[(&str, &str)]) -> Text {
        both(values).remove(0)
    }

    #[test]
    fn the_default_role_is_the_pair_that_the_service_reads_and_drops_nothing() {
        let set = format!(r#"{{"prod": {{"role_arn": "{PROD}", "account_id": "444455556666"}}}}"#);
        let other = "arn:aws:iam::111122223333:role/Other";
        let line = |text: &Text, line: &str| text.body.lines().any(|one| one == line);
        // The account stands in the ARN.
        let half = environment_of(&[
            ("AWS_AUTH_ROLES", &set),
            ("AWS_AUTH_DEFAULT_ROLE", "production"),
            ("AWS_AUTH_DEFAULT_ROLE_ARN", PROD),
            ("AWS_AUTH_DEFAULT_DURATION", "soon"),
        ]);
        assert!(half.body.contains("# AWS_AUTH_DEFAULT_ROLE=production: no role has that name."), "{}", half.body);
        assert!(line(&half, "AWS_AUTH_DEFAULT_ACCOUNT_ID=444455556666") && half.body.contains(PROD));
        assert!(line(&half, "AWS_AUTH_DEFAULT_DURATION=soon") && half.gaps.is_empty(), "{}", half.body);
        // Nothing says who it is.
        let nobody = environment_of(&[("AWS_AUTH_ROLES", &set), ("AWS_AUTH_DEFAULT_ROLE", "production")]);
        assert!(nobody.body.contains("<default-role-arn>") && nobody.body.contains("<default-account-id>"));
        assert_eq!(nobody.gaps.len(), 2);
        assert!(nobody.notes.iter().any(|note| note.contains("no role has that name")) && !nobody.is_whole());
        // It names one, and another one has the variables.
        let both = environment_of(&[
            ("AWS_AUTH_ROLES", &set),
            ("AWS_AUTH_DEFAULT_ROLE", "prod"),
            ("AWS_AUTH_DEFAULT_ROLE_ARN", other),
            ("AWS_AUTH_DEFAULT_ACCOUNT_ID", "111122223333"),
        ]);
        assert!(line(&both, "AWS_AUTH_DEFAULT_ACCOUNT_ID=444455556666"), "{}", both.body);
        assert!(both.body.contains(other) && both.is_whole(), "the other one is an entry now: {}", both.body);
    }

    #[test]
    fn what_a_text_leaves_out_is_noted_with_why() {
        let set = format!(r#"{{"prod": {{"role_arn": "{PROD}", "account_id": "444455556666"}}}}"#);
        let other = "arn:aws:iam::111122223333:role/Other";
        let noted = |values: &[(&str, &str)]| {
            both(values)
                .iter()
                .map(|text| {
                    text.notes.iter().filter(|note| note.starts_with("Left out")).cloned().collect::<Vec<_>>().join(" ")
                })
                .collect::<Vec<_>>()
        };
        // Half a pair: the environment completes it, unless the pair is another role's; the file has no place for it.
        let half = [
            ("AWS_AUTH_ROLES", set.as_str()),
            ("AWS_AUTH_DEFAULT_ROLE_ARN", other),
            ("AWS_AUTH_DEFAULT_SESSION_NAME", "s"),
        ];
        let told = "Left out: AWS_AUTH_DEFAULT_ROLE_ARN, AWS_AUTH_DEFAULT_SESSION_NAME. They make a role only where AWS_AUTH_DEFAULT_ROLE_ARN and AWS_AUTH_DEFAULT_ACCOUNT_ID stand together, and AWS_AUTH_DEFAULT_ACCOUNT_ID is not set.";
        assert_eq!(noted(&half), ["", told]);
        let with_default = [half.as_slice(), &[("AWS_AUTH_DEFAULT_ROLE", "prod")]].concat();
        assert_eq!(noted(&with_default), [told, told]);
        assert!(both(&with_default).iter().all(|text| !text.is_whole() && !text.body.contains(other)));
        let other_half = noted(&[("AWS_AUTH_ROLES", &set), ("AWS_AUTH_DEFAULT_ACCOUNT_ID", "111122223333")]);
        assert!(
            other_half[0].is_empty() && other_half[1].ends_with("AWS_AUTH_DEFAULT_ROLE_ARN is not set."),
            "{other_half:?}"
        );
        // A whole pair is an entry of the file, whose duration is a number or none.
        let whole = [
            ("AWS_AUTH_ROLES", set.as_str()),
            ("AWS_AUTH_DEFAULT_ROLE_ARN", other),
            ("AWS_AUTH_DEFAULT_ACCOUNT_ID", "111122223333"),
        ];
        assert_eq!(noted(&whole), ["", ""]);
        let soon = [whole.as_slice(), &[("AWS_AUTH_DEFAULT_DURATION", "soon")]].concat();
        assert_eq!(noted(&soon)[0], "", "the variable stays what it is");
        assert!(noted(&soon)[1].contains("AWS_AUTH_DEFAULT_DURATION"));
        // Of two roles of a name one is written.
        let named = [whole.as_slice(), &[("AWS_AUTH_DEFAULT_ROLE_NAME", "prod")]].concat();
        assert_eq!(noted(&named)[0], "", "both variables are written");
        assert!(noted(&named)[1].contains("the entry prod"), "{:?}", noted(&named));
        let twice = format!(
            r#"{{"prod": {{"role_arn": "{other}"}}, "prod": {{"role_arn": "{PROD}", "account_id": "444455556666", "duration_seconds": "soon"}}}}"#
        );
        for told in noted(&[("AWS_AUTH_ROLES", &twice)]) {
            assert!(told.contains("one of two entries prod") && told.contains("duration_seconds"), "{told}");
        }
    }

    #[test]
    fn a_value_that_a_check_calls_an_error_is_noted() {
        let name = "s".repeat(64);
        let set = format!(
            r#"{{"prod": {{"role_arn": "{PROD}", "account_id": "444455556666", "role_session_name": "{name}"}}}}"#
        );
        for text in both(&[("AWS_AUTH_ROLES", &set), ("AWS_AUTH_CACHE_TTL", "1")]) {
            let noted = |words: &str| text.notes.iter().any(|note| note.contains(words));
            assert!(noted("are left") && noted("AWS_AUTH_CACHE_TTL cannot be used"), "{:?}", text.notes);
            assert!(!text.is_whole());
        }
        let fine = format!(r#"{{"prod": {{"role_arn": "{PROD}", "account_id": "444455556666"}}}}"#);
        assert!(both(&[("AWS_AUTH_ROLES", &fine)]).iter().all(Text::is_whole));
    }
}
