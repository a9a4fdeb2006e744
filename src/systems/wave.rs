//! Wave's access to registries of other accounts: a role and an external ID in place of access keys (specification 1).

mod fits;
mod kept;

use serde_json::{Value, json};

use super::{Asked, Expectation, PathPlan, PathRow, Question, Secrecy, Setting, Settings, System, View, causes};
use crate::handover::{self, Permission, PlatformRequest, Wish};
use crate::model::finding::Fix;
use crate::model::selection::{CredentialSource, external_id_fault};
use crate::model::text::{Name, Text};
use crate::model::{Fact, Facts, Finding, Hop, Inquiry, Severity, Verdict};
use crate::policy::fix::NoFix;
use crate::values::regions::partition_of;
use crate::values::{PrincipalArn, Registry, RoleArn, access_key, shell};

/// Wave.
pub struct Wave;

/// The one access path.
const PATH: &str = "role";

/// The settings that it is made of.
const OF_PATH: [&str; 6] = ["role", "external-id", "service", "jump-role", "jump-external-id", "duration"];

/// The action that gives a registry's token, and those that pull (S1-18, S1-19).
const TOKEN: &str = "ecr:GetAuthorizationToken";
const PULL: [&str; 5] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
    "ecr:DescribeImages",
    "ecr:ListImages",
];

const SETTINGS: &[Setting] = &[
    Setting { required: true, ..ROLE },
    Setting::of(
        "external-id",
        "External ID",
        &["AWS_EXTERNAL_ID", "externalId"],
        "What Platform made for this customer, and the role's trust policy asks for.",
    )
    .ruled(no_external_id)
    .hidden(Secrecy::ExternalId),
    Setting::of(
        "registry",
        "Registry",
        &["ECR_REGISTRY"],
        "The registry that images are pulled from, with or without a repository.",
    )
    .ruled(|text| {
        let form = || format!("{}, and behind it a repository's name in small letters", Registry::FORM);
        Registry::parse(text).is_none().then(form)
    }),
    Setting::of(
        "service",
        "Wave's identity",
        &[],
        "Whom Wave runs as in production, its user or role. Without it, you are asked about.",
    )
    .ruled(|text| PrincipalArn::parse(text).err().map(|error| error.to_string())),
    Setting::of(
        "jump-role",
        "Jump role",
        &["WAVE_AWS_JUMP_ROLE_ARN", "wave.aws.jump-role-arn"],
        "A role of Wave's own that it assumes first, and the customer's role from there.",
    )
    .ruled(|text| RoleArn::parse(text).err().map(|error| error.to_string())),
    Setting::of(
        "jump-external-id",
        "Jump external ID",
        &["WAVE_AWS_JUMP_EXTERNAL_ID", "wave.aws.jump-external-id"],
        "The external ID that the jump role asks for.",
    )
    .ruled(no_external_id)
    .hidden(Secrecy::ExternalId),
    Setting::of(
        "duration",
        "Session length",
        &[],
        "How long the session is asked for, in seconds; at most 3600 behind a jump role.",
    )
    .or("3600")
    .ruled(no_session_length),
    Setting::of(
        "cache",
        "Cache at most",
        &["WAVE_AWS_ECR_CACHE_DURATION", "wave.aws.ecr.cache.duration"],
        "How long Wave keeps what it got at most.",
    )
    .or("3h")
    .ruled(|text| kept::lasting(text).is_none().then(|| kept::FORM.to_owned())),
    Setting::of(
        "token",
        "Platform token",
        &["TOWER_ACCESS_TOKEN"],
        "Platform's token, by which Wave asks it for the credentials.",
    )
    .hidden(Secrecy::Presence),
    Setting::of(
        "web-identity",
        "Web identity",
        &["AWS_WEB_IDENTITY_TOKEN_FILE"],
        "Beside it AWS_ROLE_ARN is the role that this machine itself runs as.",
    )
    .hidden(Secrecy::Presence),
    Setting::of(
        "workspace",
        "Platform workspace",
        &["TOWER_WORKSPACE_ID"],
        "The workspace of Platform that the credentials are in.",
    )
    .ruled(|text| text.parse::<u64>().is_err().then(|| "a workspace ID is a number".to_owned())),
];

const ROLE: Setting = Setting::of(
    "role",
    "Role",
    &["AWS_ROLE_ARN", "assumeRoleArn"],
    "The role of the customer's account that Wave assumes: what Platform hands over as the user name. An access key's ID there means static keys.",
)
.ruled(no_role);

fn no_role(text: &str) -> Option<String> {
    if access_key::is_secret(text) {
        return Some(
            "it has the form of a secret access key, which belongs into no role: take it out, and replace that key"
                .into(),
        );
    }
    RoleArn::parse(text).err().filter(|_| !access_key::is_id(text)).map(|error| error.to_string())
}

fn no_external_id(text: &str) -> Option<String> {
    external_id_fault(text).map(str::to_owned)
}

/// STS API Reference, AssumeRole, DurationSeconds.
fn no_session_length(text: &str) -> Option<String> {
    let fits = text.parse::<u32>().is_ok_and(|seconds| (900..=43_200).contains(&seconds));
    (!fits).then(|| "a session lasts 900 to 43200 seconds".to_owned())
}

fn role(settings: &Settings) -> Option<RoleArn> {
    RoleArn::parse(settings.get("role")?).ok()
}

/// The registry that is set; where none is, that of the role's account in the region of the calls.
fn registry(settings: &Settings, facts: &Facts) -> Option<Registry> {
    if let Some(text) = settings.get("registry") {
        return Registry::parse(text);
    }
    let (role, region) = (role(settings)?, &facts.credentials.known()?.region);
    let registry = Registry { account: role.account().clone(), region: region.clone(), repository: None };
    (partition_of(region) == Some(role.partition())).then_some(registry)
}

fn inquiry(settings: &Settings, facts: &Facts, role: &str) -> Inquiry {
    let own = |name: &str| settings.get(name).map(str::to_owned);
    let jump = own("jump-role").map(|jump| Hop { external_id: own("jump-external-id"), ..Hop::to(jump) });
    let duration_seconds = settings.get("duration").and_then(|text| text.parse().ok());
    let last = Hop { external_id: own("external-id"), duration_seconds, ..Hop::to(role) };
    Inquiry {
        hops: jump.into_iter().chain([last]).collect(),
        principal: settings.get("service").and_then(|text| PrincipalArn::parse(text).ok()),
        probes: registry(settings, facts).map(Into::into).into_iter().collect(),
        source: "Wave's settings".into(),
        ..Inquiry::default()
    }
}

/// Whether the role's account has no role of that name: only then a trust policy, and an external ID with it, is a new one.
fn is_missing(facts: &Facts) -> bool {
    let look = facts.system.path(0, PATH).and_then(|look| look.facts.known());
    look.and_then(|look| look.hops.last()).is_some_and(|hop| matches!(hop.detail, Fact::Absent))
}

/// An external ID for a trust policy that is new; one that is set, or that a trust policy states, is never changed (C18).
fn offered(settings: &Settings, facts: &Facts) -> Option<String> {
    let is_new = settings.get("external-id").is_none() && is_missing(facts);
    facts.system.new_external_id.clone().filter(|_| is_new)
}

impl System for Wave {
    fn name(&self) -> &'static str {
        "wave"
    }

    fn title(&self) -> &'static str {
        "Wave registry roles"
    }

    fn about(&self) -> &'static str {
        "Whether Wave can assume a customer's role and pull images with it."
    }

    fn settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn allowing(&self, action: &str) -> Option<Fix> {
        let what =
            "Have the role allowed what a pull needs; across accounts the repository's policy must admit it too.";
        action.starts_with("ecr:").then(|| Fix::command(what, "rolecall print ecr-policy --system wave"))
    }

    fn signs(&self, settings: &Settings) -> Option<String> {
        // Platform's own variables are those of the megatests too, and tell nothing alone. Beside a web identity's token AWS_ROLE_ARN is the
        // variable of AWS's SDKs: the role that the pod or the job itself runs as.
        let is_own_role = settings.get("web-identity").is_some() && settings.is_found_here("role");
        let telling = ["registry", "jump-role", "role", "external-id"];
        let told = telling.into_iter().filter(|name| !(is_own_role && *name == "role"));
        let given = told.filter_map(|name| settings.given(name)).next()?;
        Some(format!("{} in {}", given.name, given.place.words()))
    }

    fn mistaken(&self, caller: &PrincipalArn, inquiry: &Inquiry) -> Option<NoFix> {
        fits::mistaken(caller, inquiry)
    }

    fn paths(&self, settings: &Settings, facts: &Facts) -> Vec<PathPlan> {
        let text = settings.get("role").filter(|text| !access_key::is_half(text));
        let label = role(settings).map_or_else(|| "role".to_owned(), |arn| arn.name().to_owned());
        let plan =
            |text| PathPlan { id: PATH.into(), label, inquiry: inquiry(settings, facts, text), settings: &OF_PATH };
        text.map(plan).into_iter().collect()
    }

    fn intended(&self, settings: &Settings, facts: &Facts) -> Vec<PathPlan> {
        let mut paths = self.paths(settings, facts);
        let last = paths.iter_mut().filter_map(|path| path.inquiry.hops.last_mut());
        last.filter(|hop| hop.external_id.is_none()).for_each(|hop| hop.external_id = offered(settings, facts));
        paths
    }

    fn questions(&self, settings: &Settings, facts: &Facts) -> Vec<Question> {
        let (Some(role), Some(registry)) = (role(settings), registry(settings, facts)) else { return Vec::new() };
        let expects = |what: String, actions: &[&str], resource: String, trouble| Expectation {
            what,
            actions: actions.iter().map(|action| (*action).to_owned()).collect(),
            resources: vec![resource],
            context: Default::default(),
            allowed: true,
            trouble,
        };
        // Who names no repository may well mean to pull from some alone.
        let (from, trouble) = match &registry.repository {
            Some(repository) => (repository.as_str(), Severity::Error),
            None => ("every repository", Severity::Warning),
        };
        let expectations = vec![
            expects("get a registry's token".into(), &[TOKEN], "*".into(), Severity::Error),
            expects(format!("pull from {from}"), &PULL, registry.arn(), trouble),
        ];
        let name = role.name().to_owned();
        vec![Question { expectations, ..Question::of("ecr", name, Asked::Principal(PrincipalArn::Role(role))) }]
    }

    fn judge(&self, view: &View<'_>) -> Vec<Finding> {
        let mut findings = vec![];
        findings.extend(credentials(view.settings));
        findings.extend(fits::registry_fits(view));
        findings.extend(view.rows.iter().filter_map(|row| fits::of_customer(row)));
        findings.extend(view.rows.iter().flat_map(|row| three(view, row)));
        findings.extend(new_role(view));
        findings.extend(view.rows.iter().filter_map(|row| kept::kept(view, row)));
        findings.extend(jumps_nowhere(view.settings));
        findings.extend(platform(view.settings));
        findings
    }

    fn texts(&self, view: &View<'_>) -> Vec<Text> {
        let Some(role) = role(view.settings) else { return Vec::new() };
        let policy = ecr_policy(&role, registry(view.settings, view.facts).as_ref());
        let title = format!("What {} must be allowed: to pull from the registry", role.name());
        let mut texts = vec![handover::policy(Name::OfSystem("ecr-policy"), &title, &policy)];
        let wish = Wish { shows_external_ids: view.shows_external_ids, ..Wish::default() };
        let longest = view.settings.sound("duration").and_then(|text| text.parse().ok());
        let permission = Permission {
            system: self.name(),
            name: "EcrReadAccess",
            document: &policy,
            max_session_duration: longest.filter(|seconds| *seconds > Hop::DEFAULT_DURATION),
        };
        let subjects = handover::subjects(view.facts, view.selection, &wish);
        let made =
            subjects.iter().filter_map(|one| handover::new_role(one, Name::OfSystem("create-role"), &permission));
        texts.extend(made);
        let new_id = offered(view.settings, view.facts);
        let id = view.settings.sound("external-id").or(new_id.as_deref());
        texts.push(handover::platform_request(&PlatformRequest {
            name: Name::OfSystem("credentials-request"),
            role: &role,
            external_id: id.map(|id| handover::sent_external_id(id, view.shows_external_ids)),
            workspace: view.settings.sound("workspace"),
            image: view.settings.sound("registry"),
        }));
        texts
    }

    fn text_names(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("ecr-policy", "What the customer's role must allow: the registry's token, and to pull from it"),
            ("create-role", "The aws commands that make the customer's role, with what it trusts and allows"),
            ("credentials-request", "The request that gives Seqera Platform the role and its external ID"),
        ]
    }
}

/// What the role needs to pull: a token, which cannot be narrowed, and the images of its account (S1-18, S1-19).
fn ecr_policy(role: &RoleArn, registry: Option<&Registry>) -> Value {
    let account = registry.map_or(role.account(), |registry| &registry.account);
    json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "ECRAuthToken", "Effect": "Allow", "Action": TOKEN, "Resource": "*"},
        {"Sid": "ECRPull", "Effect": "Allow", "Action": PULL,
         "Resource": format!("arn:{}:ecr:*:{account}:repository/*", role.partition())},
    ]})
}

/// Which kind of credentials the user name stands for (S1-31).
fn credentials(settings: &Settings) -> Option<Finding> {
    let name = settings.get("role").filter(|name| access_key::is_id(name))?;
    let (claim, why) = if name.starts_with("ASIA") {
        (
            "The user name is the ID of a temporary access key: Wave logs in to the registry with it, assumes no role, and fails once its session ends.",
            "a temporary key needs its session token, and ends after hours",
        )
    } else {
        (
            "The user name is an access key's ID: Wave logs in to the registry with static keys, and assumes no role.",
            "static keys go on working; whoever has them needs nothing else",
        )
    };
    let finding = Finding::new(Severity::Warning, "wave/credentials", "credentials", claim);
    Some(finding.because(format!("user name {}", access_key::masked(name))).because(why).cure(Fix::advice(
        "Give a role's ARN in its place: what you are asked for here is then looked up, and no key is kept.",
    )))
}

/// The three causes of "not authorized to perform: sts:AssumeRole", each by itself, hop by hop (S1-32).
fn three(view: &View<'_>, row: &PathRow) -> Vec<Finding> {
    let Some(party) = row.answer().map(|answer| answer.party) else { return Vec::new() };
    let is_somebody_else = fits::of_customer(row).is_some_and(|finding| finding.severity <= Severity::Warning);
    let asked = row.verdicts.iter().filter(|verdict| verdict.party == party && !is_somebody_else);
    let ids = ["wave/caller", "wave/trust", "wave/external-id"];
    let is_chain = view.settings.get("jump-role").is_some();
    let of_hop = |verdict: &Verdict| {
        let of_chain = is_chain.then(|| ["--role".to_owned(), verdict.role_arn.clone()]);
        let options: Vec<String> = again(view).into_iter().chain(of_chain.into_iter().flatten()).collect();
        causes::findings(verdict, view.facts.observed_at, ids, &options)
    };
    asked.flat_map(of_hop).collect()
}

/// The options by which a further command looks at the same as this look: what was chosen and typed, external IDs apart.
fn again(view: &View<'_>) -> Vec<String> {
    let mut words = vec!["--system".to_owned(), "wave".to_owned()];
    let mut add = |option: &str, value: String| words.extend([option.to_owned(), value]);
    let is_shown =
        |name: &str| SETTINGS.iter().any(|setting| setting.name == name && setting.secrecy == Secrecy::Shown);
    if let Some(choice) = &view.selection.system {
        choice.principal.iter().for_each(|arn| add("--principal", arn.to_string()));
        let typed = choice.typed.iter().filter(|(name, _)| is_shown(name));
        typed.for_each(|(name, value)| add("--set", format!("{name}={value}")));
        choice.files.iter().for_each(|path| add("--settings", path.display().to_string()));
    }
    if let Some(CredentialSource::Profile(name)) = &view.selection.source {
        add("--aws-profile", name.clone());
    }
    words
}

/// An external ID for a jump role, and no jump role.
fn jumps_nowhere(settings: &Settings) -> Option<Finding> {
    let given = settings.given("jump-external-id").filter(|_| settings.get("jump-role").is_none())?;
    let claim = format!("{} is set, and no jump role is: it is sent to nobody.", given.name);
    let cure = "Name the jump role, WAVE_AWS_JUMP_ROLE_ARN, or take its external ID away.";
    Some(Finding::new(Severity::Warning, "wave/jump-role", "Jump external ID", claim).cure(Fix::advice(cure)))
}

fn new_role(view: &View<'_>) -> Option<Finding> {
    let role = role(view.settings).filter(|_| is_missing(view.facts))?;
    let finding =
        Finding::new(Severity::Info, "wave/new-role", role.name(), format!("{} does not exist yet.", role.name()));
    let id = match view.settings.get("external-id") {
        Some(_) => "with the external ID that is set",
        None => "with a new external ID, a random UUID",
    };
    let what = format!("Have account {} make it, {id}.", role.account().grouped());
    let options = again(view);
    let words = ["rolecall", "print", "create-role"].into_iter().chain(options.iter().map(String::as_str));
    Some(finding.cure(Fix::command(what, shell::command(words.chain(["--show-external-ids"])))))
}

/// Token and workspace go together (S1-26).
fn platform(settings: &Settings) -> Option<Finding> {
    let missing = match (settings.given("token"), settings.given("workspace")) {
        (Some(_), None) => "TOWER_WORKSPACE_ID",
        (None, Some(_)) => "TOWER_ACCESS_TOKEN",
        _ => return None,
    };
    let claim = format!("{missing} is not set, though the other of the two is: a container request needs both.");
    Some(
        Finding::new(Severity::Info, "wave/platform", "Platform", claim)
            .cure(Fix::advice(format!("Set {missing} where Wave is called from."))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge;
    use crate::model::{Selection, SystemChoice};

    fn judged(role: &str) -> (usize, String) {
        let mut facts = Facts::new("2026-03-04T12:00:00Z".parse().unwrap());
        facts.system.settings = Fact::Known(Vec::new());
        let mut choice = SystemChoice::of("wave");
        choice.typed.insert("role".into(), role.into());
        let selection = Selection { system: Some(choice), ..Selection::new() };
        let paths = crate::systems::plan(&facts, &selection).paths.len();
        (paths, format!("{:?}", judge::judge(&facts, &selection).findings))
    }

    #[test]
    fn half_of_an_access_key_is_no_role_and_is_told_to_nobody() {
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let (paths, told) = judged(secret);
        assert!(paths == 0 && told.contains("secret access key") && !told.contains(secret), "{told}");
        let (paths, told) = judged("ASIAIOSFODNN7EXAMPLE");
        assert!(paths == 0 && told.contains("ASIA…MPLE") && told.contains("temporary"), "{told}");
        assert!(!told.contains("ASIAIOSFODNN7EXAMPLE") && !told.contains("go on working"), "{told}");
    }

    #[test]
    fn a_pull_that_is_refused_has_its_text() {
        let fix = Wave.allowing("ecr:DescribeImages").unwrap();
        assert_eq!(fix.command.as_deref(), Some("rolecall print ecr-policy --system wave"));
        assert_eq!(Wave.allowing("sts:GetCallerIdentity"), None);
    }
}
