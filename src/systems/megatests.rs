//! The megatests of nf-core on AWS Batch: two sets of credentials that must be apart, those of the infrastructure, which whoever runs rolecall
//! has, and those of the Batch user, which Pulumi makes and Seqera Platform works with (specification 4).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::model::facts::{PrincipalLook, SettingsPlace};
use crate::model::finding::Fix;
use crate::model::inquiry::ProbeTarget;
use crate::model::text::{Gap, Language, Name, Text};
use crate::model::{Facts, Finding, Severity};
use crate::policy::lint::Boundaries;
use crate::values::{PrincipalArn, json::printed, shell, text::safe};

use super::{Asked, Expectation, Given, PathPlan, Question, Secrecy, Setting, Settings, System, View};

/// The megatests.
pub struct Megatests;

const USER: &str = "TowerForge-AWSMegatests";
const BUCKET: &str = "nf-core-awsmegatests";
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

const fn shown(name: &'static str, label: &'static str, help: &'static str) -> Setting {
    Setting { name, label, variables: &[], secrecy: Secrecy::Shown, required: false, fault: |_| None, help }
}

const fn variable(setting: Setting, variables: &'static [&'static str]) -> Setting {
    Setting { variables, ..setting }
}

const fn hidden(setting: Setting) -> Setting {
    Setting { secrecy: Secrecy::Presence, ..setting }
}

const SETTINGS: &[Setting] = &[
    Setting {
        fault: |text| {
            let fits = (1..=64).contains(&text.len())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c));
            (!fits).then(|| "a user's name has at most 64 letters, digits and +=,.@_-".to_owned())
        },
        ..shown(
            "user",
            "Batch user",
            "The IAM user whose keys Platform works with; TowerForge-AWSMegatests where nothing is given.",
        )
    },
    Setting {
        fault: |text| {
            let known = ProbeTarget::parse(&format!("s3://{text}")).is_some();
            (!known).then(|| "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens".to_owned())
        },
        ..shown("bucket", "Bucket", "The bucket of results; nf-core-awsmegatests where nothing is given.")
    },
    shown(
        "policies",
        "Policies",
        "The names of the user's policies, between commas; the three of TowerForge where nothing is given.",
    ),
    variable(shown("region", "Region", "Where Batch runs; eu-west-1 where nothing is given."), &["aws:region"]),
    Setting {
        fault: |text| {
            let is_number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            (!is_number).then(|| "a workspace is named by its number".to_owned())
        },
        ..variable(
            shown("workspace", "Platform workspace", "The workspace's number in Seqera Platform."),
            &["TOWER_WORKSPACE_ID"],
        )
    },
    hidden(variable(
        shown("platform-token", "Platform token", "seqerakit signs in to Platform with it."),
        &["TOWER_ACCESS_TOKEN"],
    )),
    hidden(variable(
        shown("github-token", "GitHub token", "Pulumi writes repository variables with it."),
        &["GITHUB_TOKEN"],
    )),
    variable(
        shown(
            "op-account",
            "1Password account",
            "It makes Pulumi's 1Password provider refuse a service account token.",
        ),
        &["OP_ACCOUNT"],
    ),
    hidden(variable(
        shown("op-token", "1Password service account token", "Pulumi reads the infrastructure's keys with it."),
        &["OP_SERVICE_ACCOUNT_TOKEN", "pulumi-onepassword:service_account_token"],
    )),
    hidden(variable(shown("access-key", "Access key", "An access key id of the environment."), &["AWS_ACCESS_KEY_ID"])),
    variable(shown("aws-profile", "AWS profile", "The AWS profile that the environment names."), &["AWS_PROFILE"]),
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
            ..Question::of(BATCH, user, Asked::User(user.to_owned()))
        };
        let own = Question {
            expectations: vec![expected("deploy the Batch user", BOOTSTRAP, "*", Severity::Info)],
            ..Question::of("infrastructure", caller.arn.short(), Asked::Operator)
        };
        let apart = !is_batch_user(settings, facts);
        std::iter::once(batch).chain(apart.then_some(own)).collect()
    }

    /// The simulator is asked about whoever runs rolecall too, unless that is the Batch user.
    fn asks_about(&self, settings: &Settings) -> Vec<Asked> {
        vec![Asked::User(user(settings).to_owned()), Asked::Operator]
    }

    fn judge(&self, view: &View<'_>) -> Vec<Finding> {
        let judged = [op_account(view), keys_shadow(view), both_sets(view), environment(view)];
        judged.into_iter().flatten().collect()
    }

    fn texts(&self, view: &View<'_>) -> Vec<Text> {
        std::iter::once(platform_environment(view)).chain([commands(view)]).chain(least(view)).collect()
    }

    fn text_names(&self) -> &'static [&'static str] {
        &["seqerakit-environment", "megatests-commands", "forge-policy", "launch-policy", "bucket-policy"]
    }
}

/// The id of the question about the Batch user.
const BATCH: &str = "batch-user";

/// 1Password's own variable for an account.
const OP_ACCOUNT: &str = "OP_ACCOUNT";

fn user(settings: &Settings) -> &str {
    settings.get("user").unwrap_or(USER)
}

fn bucket(settings: &Settings) -> &str {
    settings.get("bucket").unwrap_or(BUCKET)
}

fn policies(settings: &Settings) -> Vec<String> {
    let names = settings.get("policies").unwrap_or(POLICIES).split(',').map(str::trim);
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
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
    format!("{} of {}", given.name, given.place.words())
}

/// How settings are taken away where they stand. A file becomes somebody's environment, and what was typed says what one would hold.
fn away(given: &Given, what: &str, names: &str) -> Fix {
    match &given.place {
        SettingsPlace::Environment => Fix::command(what, format!("unset {names}")),
        place => Fix::advice(format!("{what} It stands in: {}.", place.words())),
    }
}

/// Every variable that a set of AWS keys is made of.
const KEYS: &str = "AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN";

/// S4-20.
fn op_account(view: &View<'_>) -> Option<Finding> {
    let account = view.settings.given("op-account")?;
    let finding = match view.settings.given("op-token") {
        Some(token) => {
            let claim =
                "OP_ACCOUNT is set beside a service account token: Pulumi's 1Password provider refuses both together.";
            Finding::new(Severity::Error, "megatests/op-account", OP_ACCOUNT, claim).because(format!(
                "{}, and {}",
                stands(account),
                stands(token)
            ))
        }
        None => {
            let claim = "OP_ACCOUNT is set: where Pulumi's configuration holds a service account token, its 1Password provider refuses both together.";
            Finding::new(Severity::Warning, "megatests/op-account", OP_ACCOUNT, claim).because(stands(account))
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
    // A temporary key is never one that IAM lists for a user.
    let is_temporary = key.value.expose().starts_with("ASIA");
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
        None if !is_temporary => {
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

fn platform_environment(view: &View<'_>) -> Text {
    let workspace = view.settings.get("workspace");
    let mut gaps = vec![
        Gap::new("batch-user-access-key-id", "Pulumi makes it with every new key; it is written nowhere."),
        Gap::new("batch-user-secret-access-key", "It is shown once, to Pulumi."),
        Gap::new("platform-token", "A token is never written."),
    ];
    gaps.extend(workspace.is_none().then(|| Gap::new("workspace-number", "TOWER_WORKSPACE_ID is not set here.")));
    let body = format!(
        "AWS_ACCESS_KEY_ID=<batch-user-access-key-id>\nAWS_SECRET_ACCESS_KEY=<batch-user-secret-access-key>\nAWS_REGION={}\nTOWER_ACCESS_TOKEN=<platform-token>\nTOWER_WORKSPACE_ID={}\n",
        view.settings.get("region").unwrap_or("eu-west-1"),
        workspace.unwrap_or("<workspace-number>"),
    );
    text("seqerakit-environment", "What seqerakit runs with", Language::Env, body, gaps)
}

fn text(name: &'static str, title: &str, language: Language, body: String, gaps: Vec<Gap>) -> Text {
    let notes = FLOW.iter().map(|&line| line.to_owned()).collect();
    Text { name: Name::OfSystem(name), of: None, title: title.into(), language, body, gaps, partial: false, notes }
}

/// S4-16 to S4-18, S4-23.
fn commands(view: &View<'_>) -> Text {
    let user = user(view.settings);
    let look = |operation: &str| shell::command(["aws", "iam", operation, "--user-name", user]);
    let body = format!(
        "# 1Password's provider refuses a service account token beside an account.\nunset OP_ACCOUNT\n\n# What would change, and then the change. A new key for the Batch user is part of it.\nuv run pulumi preview\nuv run pulumi up\nuv run pulumi stack output\n\n# Proof: the user, its three policies, its keys. They only read.\n{}\n{}\n{}\n",
        look("get-user"),
        look("list-attached-user-policies"),
        look("list-access-keys"),
    );
    text("megatests-commands", "Deploy the Batch user, and see that it is there", Language::Sh, body, Vec::new())
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
        Text { notes: vec![note.to_owned()], ..text(name, title, Language::Json, body, Vec::new()) }
    };
    documents.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests;
