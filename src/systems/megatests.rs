//! The megatests of nf-core on AWS Batch: two sets of credentials that must be apart, those of the infrastructure, which whoever runs rolecall
//! has, and those of the Batch user, which Pulumi makes and Seqera Platform works with (specification 4).

use std::collections::BTreeMap;

use jsonc_parser::ast::{Object, Value as Member};
use serde_json::{Value, json};

use crate::model::facts::{PrincipalLook, SettingsPlace};
use crate::model::finding::Fix;
use crate::model::text::{Gap, Language, Name, Text};
use crate::model::{Facts, Finding, Severity};
use crate::policy::lint::Boundaries;
use crate::values::{PrincipalArn, SecretText, json, json::printed, regions, shell, text::safe};

use super::environment::Lines;
use super::{Asked, Expectation, Given, PathPlan, Question, Secrecy, Setting, Settings, System, View};

/// The megatests.
pub struct Megatests;

const USER: &str = "TowerForge-AWSMegatests";
const BUCKET: &str = "nf-core-awsmegatests";
const REGION: &str = "eu-west-1";
const POLICIES: &str = "TowerForge-Forge-Policy, TowerForge-Launch-Policy, TowerForge-S3-Policy";

/// Forge names whatever it makes so (Seqera docs, "AWS Batch", Batch Forge).
const MADE: &str = "TowerForge-*";

/// What Forge does to Batch and EC2: the first of the three policies, as it was built (S4-07).
const FORGE: &str = "batch: CreateComputeEnvironment UpdateComputeEnvironment DeleteComputeEnvironment DescribeComputeEnvironments CreateJobQueue UpdateJobQueue DeleteJobQueue DescribeJobQueues
ec2: DescribeSecurityGroups DescribeSubnets DescribeVpcs DescribeKeyPairs DescribeInstanceTypes DescribeLaunchTemplates CreateLaunchTemplate DeleteLaunchTemplate GetEbsEncryptionByDefault
ssm: GetParameters";
/// What Forge does to the roles that it makes.
const ROLES: &str = "iam: CreateRole DeleteRole AttachRolePolicy DetachRolePolicy PutRolePolicy DeleteRolePolicy PassRole TagRole ListRolePolicies ListAttachedRolePolicies";
/// And to their instance profiles.
const PROFILES: &str = "iam: CreateInstanceProfile DeleteInstanceProfile AddRoleToInstanceProfile RemoveRoleFromInstanceProfile TagInstanceProfile";
/// Shared file systems. As built, the first nine had the prefix `efs`, which is none: they never allowed anything.
const FILES: &str = "elasticfilesystem: CreateFileSystem DeleteFileSystem DescribeFileSystems CreateMountTarget DeleteMountTarget DescribeMountTargets UpdateFileSystem PutLifecycleConfiguration TagResource
fsx: CreateFileSystem DeleteFileSystem DescribeFileSystems TagResource";
/// What a pipeline needs: the second policy (S4-08), with names in place of its wildcards, and without what Forge has already.
const LAUNCH: &str = "batch: SubmitJob CancelJob TerminateJob ListJobs DescribeJobs RegisterJobDefinition DescribeJobDefinitions TagResource
ecs: DescribeTasks DescribeContainerInstances
ec2: DescribeInstances DescribeInstanceAttribute DescribeInstanceStatus DescribeImages
logs: DescribeLogGroups DescribeLogStreams GetLogEvents GetQueryResults StartQuery StopQuery FilterLogEvents TestMetricFilter
secretsmanager: ListSecrets
ses: SendRawEmail";
/// On the bucket's contents: the third policy (S4-09).
const CONTENTS: &str = "s3: GetObject PutObject PutObjectTagging DeleteObject";
/// What is the infrastructure's work alone (S4-10).
const FOREIGN: &str =
    "iam: CreateUser CreateAccessKey AttachUserPolicy PutUserPolicy CreatePolicyVersion UpdateAssumeRolePolicy
s3: CreateBucket DeleteBucket PutBucketPolicy
secretsmanager: GetSecretValue";
/// What the infrastructure makes the Batch user with (S4-04).
const BOOTSTRAP: &str = "iam: CreateUser CreatePolicy AttachUserPolicy CreateAccessKey";

const SETTINGS: &[Setting] = &[
    Setting {
        fault: |text| {
            let fits = (1..=64).contains(&text.len())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c));
            (!fits).then(|| "a user's name has at most 64 letters, digits and +=,.@_-".to_owned())
        },
        ..Setting::of("user", "Batch user", &[], "The IAM user whose keys Platform works with.").or(USER)
    },
    Setting {
        fault: |text| {
            let why = "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens, no two dots together, and is no IP address";
            (!is_bucket(text)).then(|| why.to_owned())
        },
        ..Setting::of("bucket", "Bucket", &[], "The bucket of results.").or(BUCKET)
    },
    Setting {
        fault: |text| {
            let is_name = |name: &str| {
                (1..=128).contains(&name.len())
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c))
            };
            let names: Vec<&str> = names(text).collect();
            let fits = !names.is_empty() && names.into_iter().all(is_name);
            (!fits).then(|| {
                "a policy's name has at most 128 letters, digits and +=.@_-, and there is a comma between two"
                    .to_owned()
            })
        },
        ..Setting::of("policies", "Policies", &[], "The names of the user's policies, between commas.").or(POLICIES)
    },
    Setting {
        fault: |text| regions::partition_of(text).is_none().then(|| format!("a region is written like {REGION}")),
        ..Setting::of("region", "Region", &["aws:region"], "Where Batch runs.").or(REGION)
    },
    Setting {
        fault: |text| {
            let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            (!is_number).then(|| "a workspace is named by its number".to_owned())
        },
        ..Setting::of(
            "workspace",
            "Platform workspace",
            &["TOWER_WORKSPACE_ID"],
            "The workspace's number in Seqera Platform.",
        )
    },
    Setting::of("platform-token", "Platform token", &["TOWER_ACCESS_TOKEN"], "seqerakit signs in to Platform with it.")
        .hidden(Secrecy::Presence),
    Setting::of("github-token", "GitHub token", &["GITHUB_TOKEN"], "Pulumi writes repository variables with it.")
        .hidden(Secrecy::Presence),
    Setting::of(
        "op-account",
        "1Password account",
        &[OP_ACCOUNT, "pulumi-onepassword:account", "onepassword:account"],
        "It makes Pulumi's 1Password provider refuse a service account token.",
    ),
    Setting::of(
        "op-token",
        "1Password service account token",
        &["OP_SERVICE_ACCOUNT_TOKEN", "pulumi-onepassword:service_account_token", "onepassword:serviceAccountToken"],
        "Pulumi reads the infrastructure's keys with it.",
    )
    .hidden(Secrecy::Presence),
    Setting::of("access-key", "Access key", &["AWS_ACCESS_KEY_ID"], "An access key id of the environment.")
        .hidden(Secrecy::Presence),
    Setting::of("aws-profile", "AWS profile", &["AWS_PROFILE"], "The AWS profile that the environment names."),
];

impl System for Megatests {
    fn name(&self) -> &'static str {
        "megatests"
    }

    fn title(&self) -> &'static str {
        "Megatests on AWS Batch"
    }

    fn about(&self) -> &'static str {
        "Whether the Batch user has exactly what it needs, and is kept apart from the infrastructure."
    }

    fn settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    /// Pulumi's value, as `pulumi config --json` prints it and as its file keeps a secret: `{"value": …, "secret": …}`, `{"secure": …}`.
    /// Of a secret that is not shown only that it is set is known (S4-14).
    fn of_member(&self, name: &str, value: &Member<'_>, text: &str) -> Option<SecretText> {
        let Member::Object(kept) = value else {
            return (!matches!(value, Member::NullKeyword(_))).then(|| printed_as(value, text));
        };
        if let Some(shown) = kept.get("value") {
            return Some(printed_as(&shown.value, text));
        }
        let is_presence = |setting: &Setting| setting.variables.contains(&name) && setting.secrecy == Secrecy::Presence;
        SETTINGS.iter().any(is_presence).then(|| "secret".into())
    }

    /// Pulumi's file of a stack: `Pulumi.dev.yaml`, whose settings stand within `config` (S4-14).
    fn of_document(&self, document: &Object<'_>, text: &str) -> Vec<(&'static str, SecretText)> {
        let members = document.get_object("config").into_iter().flat_map(|config| &config.properties);
        let known = members.filter_map(|member| {
            let mut names = SETTINGS.iter().flat_map(|setting| setting.variables);
            // A key of Pulumi's has a namespace.
            let name = names.find(|name| name.contains(':') && **name == member.name.as_str())?;
            Some((*name, self.of_member(name, &member.value, text)?))
        });
        known.collect()
    }

    fn signs(&self, settings: &Settings) -> Option<String> {
        // Platform's variables are Wave's too: alone they tell of neither.
        let of = |names: &[&str]| names.iter().find_map(|name| settings.given(name));
        let of_platform = || {
            let beside = of(&["github-token", "access-key"])?;
            of(&["workspace", "platform-token"]).map(|given| (given, Some(beside)))
        };
        let (given, beside) = of(&["op-account", "op-token"]).map(|given| (given, None)).or_else(of_platform)?;
        let beside = beside.map(|beside| format!(" and {}", beside.name)).unwrap_or_default();
        Some(format!("{}{beside} in {}", given.name, given.place.words()))
    }

    fn paths(&self, _settings: &Settings, _facts: &Facts) -> Vec<PathPlan> {
        Vec::new()
    }

    fn questions(&self, settings: &Settings, facts: &Facts) -> Vec<Question> {
        // Whose account it is, and which partition, is in the ARNs that are asked about.
        let Some(caller) = facts.identity.known() else { return Vec::new() };
        let user = user(settings);
        let batch = Question {
            carries: Some(policies(settings)),
            reaches: Some(Boundaries {
                buckets: Some(vec![bucket(settings).to_owned()]),
                roles: Some(vec![format!("arn:*:iam::*:role/{MADE}")]),
                actions: None,
            }),
            expectations: work(settings, caller.arn.partition(), caller.account.as_str()),
            lists_keys: true,
            needs_key: Some(Fix::command(MAKES_KEY, "uv run pulumi up --refresh")),
            settings: &["user", "bucket", "policies"],
            ..Question::of(BATCH, user, Asked::User(user.to_owned()))
        };
        let own = Question {
            expectations: vec![expected("deploy the Batch user", BOOTSTRAP, "*", Severity::Info)],
            ..Question::of("infrastructure", caller.arn.short(), Asked::Operator)
        };
        let apart = !is_batch_user(settings, facts);
        std::iter::once(batch).chain(apart.then_some(own)).collect()
    }

    /// The text that holds the action, with the rest of its policy.
    fn allowing(&self, action: &str) -> Option<Fix> {
        let holds = |lines: &str| actions(lines).iter().any(|own| own == action);
        let (text, policy) = match action {
            _ if holds(LAUNCH) => ("launch-policy", "Launch"),
            _ if [FORGE, ROLES, PROFILES, FILES].into_iter().any(holds) => ("forge-policy", "Forge"),
            _ if holds(CONTENTS) || action == "s3:ListBucket" => ("bucket-policy", "S3"),
            _ => return None,
        };
        let what = format!(
            "What TowerForge-{policy}-Policy needs to hold; attached, and not hindered by a boundary or a Deny, it cures this."
        );
        Some(Fix::command(what, format!("rolecall print {text} --system megatests")))
    }

    /// The simulator is asked about whoever runs rolecall too, unless that is the Batch user.
    fn asks_about(&self, settings: &Settings) -> Vec<Asked> {
        let user = settings.fault("user").is_none().then(|| Asked::User(user(settings).to_owned()));
        user.into_iter().chain([Asked::Operator]).collect()
    }

    fn judge(&self, view: &View<'_>) -> Vec<Finding> {
        let judged = [op_account(view), keys_shadow(view), both_sets(view), keys_environment(view), environment(view)];
        judged.into_iter().flatten().collect()
    }

    fn texts(&self, view: &View<'_>) -> Vec<Text> {
        std::iter::once(platform_environment(view)).chain([commands(view)]).chain(least(view)).collect()
    }

    fn text_names(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("seqerakit-environment", "The variables that seqerakit runs with, placeholders for what is secret"),
            ("megatests-commands", "The commands that deploy the Batch user, look at it and renew its key"),
            ("forge-policy", "What TowerForge-Forge-Policy needs to hold"),
            ("launch-policy", "What TowerForge-Launch-Policy needs to hold"),
            ("bucket-policy", "What the policy for the bucket of results needs to hold"),
        ]
    }
}

fn printed_as(value: &Member<'_>, text: &str) -> SecretText {
    json::member_text(value, text).into()
}

/// The id of the question about the Batch user.
const BATCH: &str = "batch-user";

/// What makes its key, where it has none that works (S4-21, S4-23). Without `--refresh` Pulumi goes by its state, in which a key that somebody
/// took away is still there (Pulumi docs, "pulumi up").
const MAKES_KEY: &str = "Have Pulumi look what is really there, make a key, and hand it on to Platform; its log says whether the user, its policies and its key were made.";

/// 1Password's own variable for an account.
const OP_ACCOUNT: &str = "OP_ACCOUNT";

fn user(settings: &Settings) -> &str {
    settings.get("user").unwrap_or(USER)
}

/// S3 User Guide, "General purpose bucket naming rules".
fn is_bucket(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_address = text.split('.').count() == 4 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    (3..=63).contains(&text.len())
        && text.chars().all(|c| plain(c) || ".-".contains(c))
        && text.starts_with(plain)
        && text.ends_with(plain)
        && !text.contains("..")
        && !is_address
}

fn bucket(settings: &Settings) -> &str {
    settings.get("bucket").unwrap_or(BUCKET)
}

fn policies(settings: &Settings) -> Vec<String> {
    names(settings.get("policies").unwrap_or(POLICIES)).map(str::to_owned).collect()
}

/// Of an ARN its name: policies are listed by name.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    parts.map(|part| part.rsplit('/').next().filter(|_| part.starts_with("arn:")).unwrap_or(part))
}

/// `service: Action Action` lines as actions.
fn actions(lines: &str) -> Vec<String> {
    let of = |line: &str| {
        let (service, names) = line.split_once(':')?;
        Some(names.split_whitespace().map(|name| format!("{service}:{name}")).collect::<Vec<_>>())
    };
    lines.lines().filter_map(of).flatten().collect()
}

fn expected(what: &str, lines: &str, resource: &str, trouble: Severity) -> Expectation {
    Expectation {
        what: what.to_owned(),
        actions: actions(lines),
        resources: vec![resource.to_owned()],
        context: BTreeMap::new(),
        allowed: true,
        trouble,
    }
}

/// What the Batch user is there for, and what it is not.
fn work(settings: &Settings, partition: &str, account: &str) -> Vec<Expectation> {
    let iam = |rest: &str| format!("arn:{partition}:iam::{account}:{rest}/{}", MADE.replace('*', "rolecall"));
    let bucket = bucket(settings);
    let arn = format!("arn:{partition}:s3:::{bucket}");
    let foreign = expected("do the infrastructure's work", FOREIGN, "*", Severity::Warning);
    vec![
        expected("build compute environments", FORGE, "*", Severity::Error),
        expected("make the roles of compute environments", ROLES, &iam("role"), Severity::Error),
        expected("attach those roles to instances", PROFILES, &iam("instance-profile"), Severity::Error),
        expected("make shared file systems", FILES, "*", Severity::Warning),
        expected("launch and watch jobs", LAUNCH, "*", Severity::Error),
        expected(&format!("list the bucket {bucket}"), "s3: ListBucket", &arn, Severity::Error),
        expected(&format!("read and write in {bucket}"), CONTENTS, &format!("{arn}/*"), Severity::Error),
        Expectation { allowed: false, ..foreign },
    ]
}

fn is_batch_user(settings: &Settings, facts: &Facts) -> bool {
    let caller = facts.identity.known().map(|caller| &caller.arn);
    matches!(caller, Some(PrincipalArn::User { name, .. }) if name.eq_ignore_ascii_case(user(settings)))
}

/// "AWS_PROFILE of environment".
fn stands(given: &Given) -> String {
    match given.place {
        SettingsPlace::Typed => format!("{}, which was typed", given.name),
        _ => format!("{} of {}", given.name, given.place.words()),
    }
}

/// How settings are taken away where they stand. A file becomes somebody's environment, and what was typed says what one would hold.
fn away(given: &Given, what: &str, names: &str) -> Fix {
    match &given.place {
        SettingsPlace::Environment => Fix::command(what, format!("unset {names}")),
        SettingsPlace::Typed => {
            Fix::advice(format!("{what} It was typed: --set {}=… is what an environment would hold.", given.name))
        }
        place => Fix::advice(format!("{what} It stands in: {}.", place.words())),
    }
}

/// Every variable that a set of AWS keys is made of.
const KEYS: &str = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN";

/// S4-20. The provider takes either from the environment or from Pulumi's configuration (pulumi-onepassword, "Configuration").
fn op_account(view: &View<'_>) -> Option<Finding> {
    const ID: &str = "megatests/op-account";
    let account = view.settings.given("op-account")?;
    let name = if account.place == SettingsPlace::Typed { OP_ACCOUNT } else { &account.name };
    let finding = match view.settings.given("op-token") {
        Some(token) => {
            let claim = format!(
                "{name} is set beside a service account token: Pulumi's 1Password provider refuses both together."
            );
            Finding::new(Severity::Error, ID, OP_ACCOUNT, claim).because(format!(
                "{}, and {}",
                stands(account),
                stands(token)
            ))
        }
        None => {
            let claim = format!(
                "{name} is set: where Pulumi's configuration holds a service account token, its 1Password provider refuses both together."
            );
            Finding::new(Severity::Warning, ID, OP_ACCOUNT, claim).because(stands(account))
        }
    };
    let finding = finding.because("Pulumi then says: Config conflict: serviceAccountToken and account are set");
    Some(finding.cure(away(account, "Take it away before Pulumi is run, or begin a new shell.", OP_ACCOUNT)))
}

fn keys_shadow(view: &View<'_>) -> Option<Finding> {
    let (key, profile) = (view.settings.given("access-key")?, view.settings.given("aws-profile")?);
    let claim = format!(
        "Keys of the environment shadow the AWS profile {}: AWS's tools and Pulumi take the keys.",
        safe(profile.value.expose())
    );
    let finding = Finding::new(Severity::Warning, "megatests/keys-shadow", "AWS_ACCESS_KEY_ID", claim);
    Some(finding.because(format!("{}, and {}", stands(key), stands(profile))).cure(away(
        key,
        "Take the keys away.",
        KEYS,
    )))
}

/// S4-01, S4-10, S4-25.
fn both_sets(view: &View<'_>) -> Option<Finding> {
    const ID: &str = "megatests/both-sets";
    let user = user(view.settings);
    if is_batch_user(view.settings, view.facts) {
        let claim =
            format!("You are {user} yourself: the infrastructure is looked at with the Batch user's credentials.");
        let advice = "Choose an AWS profile of the infrastructure; the Batch user's keys belong to Platform alone.";
        let finding = Finding::new(Severity::Error, ID, user, claim).because("sts:GetCallerIdentity names it");
        return Some(finding.cure(Fix::advice(advice)));
    }
    let Some(key) = view.settings.given("access-key") else {
        let claim = "No access key of the environment mixes the two sets of credentials.";
        return Some(Finding::new(Severity::Ok, ID, user, claim));
    };
    let keys = view.facts.system.principal(BATCH).map(|look: &PrincipalLook| &look.access_keys)?;
    let unset = away(key, "Take the keys away.", KEYS);
    match keys.known() {
        Some(keys) if keys.iter().any(|own| own.id == key.value) => {
            let claim = format!(
                "{} is a key of {user}: what runs here acts as the Batch user, beside the infrastructure's credentials.",
                stands(key)
            );
            let finding = Finding::new(Severity::Error, ID, user, claim);
            Some(finding.because("iam:ListAccessKeys lists it as the user's").cure(unset))
        }
        None if !is_temporary(key) => {
            // Where the keys are still asked for, or the user is not there, nothing is to be said yet.
            keys.error()?;
            let claim =
                format!("Whether {} is a key of {user} is not known: telling needs iam:ListAccessKeys.", stands(key));
            Some(Finding::new(Severity::Info, ID, user, claim).not_known())
        }
        _ => match view.settings.given("platform-token") {
            Some(token) => {
                let claim = format!(
                    "{} stands beside keys that are not {user}'s: seqerakit, run here, gives them to Platform.",
                    stands(token)
                );
                Some(Finding::new(Severity::Warning, ID, user, claim).because(stands(key)).cure(unset))
            }
            None => {
                let claim = format!("{} is no key of {user}, and no Platform token is beside it.", stands(key));
                Some(Finding::new(Severity::Ok, ID, user, claim))
            }
        },
    }
}

/// S4-05, S4-24: the infrastructure's keys are read from 1Password where they are needed. What another finding says of the same keys is worse.
fn keys_environment(view: &View<'_>) -> Option<Finding> {
    let key = view.settings.given("access-key")?;
    let beside = ["aws-profile", "platform-token"].iter().any(|name| view.settings.given(name).is_some());
    let listed = view.facts.system.principal(BATCH).and_then(|look| look.access_keys.known());
    let is_users = listed.is_some_and(|keys| keys.iter().any(|own| own.id == key.value));
    if beside || is_users || is_batch_user(view.settings, view.facts) {
        return None;
    }
    let (severity, kind) =
        if is_temporary(key) { (Severity::Info, "temporary") } else { (Severity::Warning, "static") };
    let claim = format!(
        "{} names {kind} keys: the infrastructure's are meant to be in 1Password alone, and in no variable.",
        stands(key)
    );
    let finding = Finding::new(severity, "megatests/keys-environment", "AWS_ACCESS_KEY_ID", claim);
    let what = "Take the keys away: Pulumi reads its own from 1Password, and an AWS profile serves for looking.";
    Some(finding.because("whatever is started from here acts with them").cure(away(key, what, KEYS)))
}

/// A temporary key is never one that IAM lists for a user (IAM User Guide, "IAM identifiers": `ASIA`).
fn is_temporary(key: &Given) -> bool {
    key.value.expose().starts_with("ASIA")
}

/// What a deployment reads at run time (S4-15).
fn environment(view: &View<'_>) -> Option<Finding> {
    view.facts.system.settings.known()?;
    let wanted = ["platform-token", "workspace", "github-token"];
    let names = wanted.map(|name| SETTINGS.iter().find(|setting| setting.name == name));
    let (there, missing): (Vec<_>, Vec<_>) =
        names.into_iter().flatten().partition(|setting| view.settings.given(setting.name).is_some());
    let list = |settings: &[&Setting]| {
        settings.iter().filter_map(|setting| setting.variables.first().copied()).collect::<Vec<_>>().join(", ")
    };
    let of = |severity, claim: String| Finding::new(severity, "megatests/environment", "environment", claim);
    Some(match missing.as_slice() {
        [] => of(Severity::Ok, format!("What a deployment reads is set: {}.", list(&there))),
        missing => of(Severity::Info, format!("A deployment from here would lack {}.", list(missing)))
            .cure(Fix::advice("Set what is missing, or deploy where it is set.")),
    })
}

/// Where credentials come from and go to (S4-02, S4-03).
const FLOW: [&str; 3] = [
    "The infrastructure's keys are in 1Password; Pulumi reads them with a service account token, and no variable of the environment holds them.",
    "Pulumi makes the Batch user, its policies and its access key, and gives the key to seqerakit, which gives it to Platform; it is kept nowhere else but in Pulumi's state.",
    "Platform runs AWS Batch with the Batch user's key alone.",
];

/// S4-15.
fn platform_environment(view: &View<'_>) -> Text {
    let mut lines = Lines::default();
    lines.gap_line(
        "AWS_ACCESS_KEY_ID",
        "batch-user-access-key-id",
        "Pulumi makes it with every new key, and keeps it in its state alone.",
    );
    lines.gap_line("AWS_SECRET_ACCESS_KEY", "batch-user-secret-access-key", "It is shown once, to Pulumi.");
    lines.set("AWS_REGION", view.settings.get("region").unwrap_or(REGION));
    lines.gap_line("TOWER_ACCESS_TOKEN", "platform-token", "A token is never written.");
    match view.settings.get("workspace") {
        Some(workspace) => lines.set("TOWER_WORKSPACE_ID", workspace),
        None => lines.gap_line("TOWER_WORKSPACE_ID", "workspace-number", "TOWER_WORKSPACE_ID is not set here."),
    }
    let Text { body, gaps, .. } = lines.text("seqerakit-environment", "");
    with_faults(
        text("seqerakit-environment", "What seqerakit runs with", Language::Env, body, gaps),
        view,
        &["region", "workspace"],
    )
}

/// Says beside a text which of its values cannot be used.
fn with_faults(mut text: Text, view: &View<'_>, names: &[&str]) -> Text {
    let of = SETTINGS.iter().filter(|setting| names.contains(&setting.name));
    let faults = of.filter_map(|setting| {
        Some(format!("{} cannot be used: {}.", setting.label, view.settings.fault(setting.name)?))
    });
    text.notes.extend(faults);
    text
}

fn text(name: &'static str, title: &str, language: Language, body: String, gaps: Vec<Gap>) -> Text {
    let notes = FLOW.iter().map(|&line| line.to_owned()).collect();
    Text { name: Name::OfSystem(name), of: None, title: title.into(), language, body, gaps, partial: false, notes }
}

/// S4-12, S4-16 to S4-18, S4-23.
fn commands(view: &View<'_>) -> Text {
    let user = user(view.settings);
    let look = |operation: &str| shell::command(["aws", "iam", operation, "--user-name", user]);
    let who = format!("AttributeKey=Username,AttributeValue={user}");
    let region = view.settings.get("region").unwrap_or(REGION);
    let trail = ["aws", "cloudtrail", "lookup-events", "--region", region, "--max-items", "20", "--lookup-attributes"];
    let trail = shell::command(trail.into_iter().chain([who.as_str()]));
    let body = format!(
        "# In the folder of the project: pulumi/AWSMegatests of nf-core/ops.\n\n# 1Password's provider refuses a service account token beside an account.\nunset OP_ACCOUNT\n\n# What would change, and then the change. A new key for the Batch user is part of it.\nuv run pulumi preview\nuv run pulumi up\nuv run pulumi stack output\n\n# Proof: the user, its three policies, its keys. They only read.\n{}\n{}\n{}\n\n# What the Batch user did last, of the 90 days that CloudTrail keeps of itself: calls in this region, and no reading and writing of objects.\n{trail}\n",
        look("get-user"),
        look("list-attached-user-policies"),
        look("list-access-keys"),
    );
    let text =
        text("megatests-commands", "Deploy the Batch user, and see that it is there", Language::Sh, body, Vec::new());
    with_faults(text, view, &["user", "region"])
}

/// The three policies without what they grant for nothing: what the lints find in them is not in these.
fn least(view: &View<'_>) -> Vec<Text> {
    let caller = view.facts.identity.known();
    let partition = caller.map_or("aws", |caller| caller.arn.partition());
    let account = caller.map_or("*", |caller| caller.account.as_str());
    let made = |kind: &str| json!(format!("arn:{partition}:iam::{account}:{kind}/{MADE}"));
    let bucket = format!("arn:{partition}:s3:::{}", bucket(view.settings));
    let allow = |lines: &str, on: Value| json!({"Effect": "Allow", "Action": actions(lines), "Resource": on});
    let documents = [
        (
            "forge-policy",
            "What TowerForge-Forge-Policy needs to hold",
            vec![
                allow(FORGE, json!("*")),
                allow(ROLES, made("role")),
                allow(PROFILES, made("instance-profile")),
                allow(FILES, json!("*")),
            ],
        ),
        ("launch-policy", "What TowerForge-Launch-Policy needs to hold", vec![allow(LAUNCH, json!("*"))]),
        (
            "bucket-policy",
            "What TowerForge-S3-Policy needs to hold",
            vec![allow("s3: ListBucket", json!(bucket)), allow(CONTENTS, json!(format!("{bucket}/*")))],
        ),
    ];
    let of = |(name, title, statements): (&'static str, &str, Vec<Value>)| {
        let body = printed(&json!({"Version": "2012-10-17", "Statement": statements}));
        let note = "Seqera adds actions from time to time: compare with the policies that its documentation publishes.";
        let text = Text { notes: vec![note.to_owned()], ..text(name, title, Language::Json, body, Vec::new()) };
        if name == "bucket-policy" { with_faults(text, view, &["bucket"]) } else { text }
    };
    documents.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests;
