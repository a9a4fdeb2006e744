//! What the policy is narrowed to: names and ARNs that were given, else patterns that follow from naming conventions.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::aws::operations::On;
use crate::cli::Global;
use crate::model::Selection;
use crate::model::selection::RoleKind;
use crate::model::system::Asked;
use crate::systems::quilt;
use crate::values::text::safe;
use crate::values::{Arn, PrincipalArn, RoleArn, StackArn};

/// How much of a stack's name CloudFormation keeps in the names that it makes up for roles: it shortens long ones.
const KEPT_OF_STACK_NAME: usize = 24;

/// Where the roles of IAM Identity Center are.
const IDENTITY_CENTER: &str = "aws-reserved/sso.amazonaws.com/*";

/// What is known of the place that the policy is for. Unknown parts of ARNs are `*`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scope {
    partition: String,
    region: String,
    account: String,
    /// Name, and ARN if that was given.
    quilt: Option<(String, Option<String>)>,
    webhook: Webhook,
    workload: Option<RoleArn>,
    roles: Vec<RoleArn>,
    secret: Secret,
    caller: Option<PrincipalArn>,
    /// The roles of access paths: then the policy is for their diagnosis alone.
    path: Vec<RoleArn>,
    /// Those of them that assume another.
    assuming: Vec<RoleArn>,
    /// The user who walks that path in production.
    walker: Option<PrincipalArn>,
    /// ARNs of the users that a system asks about.
    asked: Vec<String>,
    /// ARNs of the roles that it asks about.
    asked_roles: Vec<String>,
    /// Every role of an account stands in place of those of a path.
    by_account: bool,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Webhook {
    /// `BenchlingWebhookStack`, with whatever config profile behind it.
    AnyConfigProfile,
    Named(String),
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Secret {
    /// Every name that follows a convention.
    Conventional,
    /// The name suggested for a config profile, or the stack's own secret.
    Suggested(String),
    Named(String),
    Arn(String),
}

impl Scope {
    /// From flags; what they leave open, from `config.json` of the config profile that was named.
    ///
    /// # Errors
    /// A sentence that names a text which would be read as a pattern, and so would allow more than it says.
    pub fn new(global: &Global, caller: Option<&PrincipalArn>, config: Option<&Value>) -> Result<Self, String> {
        let text = |pointer: &str| {
            let found = config?.pointer(pointer)?.as_str()?;
            (!found.is_empty()).then(|| found.to_owned())
        };
        let stack = global.stack.clone().or_else(|| text("/quilt/stackArn"));
        let stack_arn = stack.as_deref().and_then(|stack| StackArn::parse(stack).ok());
        let secret = global.secret.clone().or_else(|| text("/benchling/secretArn"));
        let secret_arn = secret.as_deref().and_then(|secret| Arn::parse(secret).ok());
        let roles: Vec<RoleArn> = RoleKind::BOTH
            .into_iter()
            .filter_map(|kind| RoleArn::parse(&text(&format!("/quilt/{}", kind.config_field()))?).ok())
            .collect();
        let region = stack_arn.as_ref().map(|arn| arn.region().to_owned());
        let region = global.region.clone().or(region).or_else(|| secret_arn.as_ref().map(|arn| arn.region.clone()));
        let account = stack_arn.as_ref().map(|arn| arn.account().to_string());
        let account = account.or_else(|| secret_arn.as_ref().map(|arn| arn.account.clone()));
        let account = account.or_else(|| caller.map(|arn| arn.account().to_string()));
        let partition = stack_arn.as_ref().map(|arn| arn.partition().to_owned());
        let partition = partition.or_else(|| secret_arn.as_ref().map(|arn| arn.partition.clone()));
        let deployed = text("/deployment/stackName");
        [&stack, &secret, &deployed, &global.region].into_iter().flatten().try_for_each(|text| exact(text))?;
        let suggested = |profile: &String| Secret::Suggested(quilt::suggested_secret_name(profile));
        Ok(Self {
            partition: partition.unwrap_or_else(|| partition_of(region.as_deref())),
            region: region.unwrap_or_else(|| "*".into()),
            account: account.unwrap_or_else(|| "*".into()),
            quilt: stack.map(|stack| match stack_arn {
                Some(arn) => (arn.name().to_owned(), Some(stack)),
                None => (stack, None),
            }),
            webhook: webhook(global, deployed),
            workload: global.workload().cloned(),
            // One of two would leave the other unread: then the convention finds both.
            roles: if roles.len() == RoleKind::BOTH.len() { roles } else { Vec::new() },
            secret: match (secret_arn, secret) {
                (Some(_), Some(arn)) => Secret::Arn(arn),
                (None, Some(name)) => Secret::Named(name),
                (_, None) => global.profile.as_ref().map_or(Secret::Conventional, suggested),
            },
            caller: caller.cloned(),
            path: Vec::new(),
            assuming: Vec::new(),
            walker: global.principal.clone().filter(|arn| matches!(arn, PrincipalArn::User { .. })),
            asked: Vec::new(),
            asked_roles: Vec::new(),
            by_account: false,
        })
    }

    /// Only for the diagnosis of an access path through these roles; of none, as it is.
    #[must_use]
    pub fn for_path(self, roles: &[RoleArn]) -> Self {
        self.for_paths(&[roles.to_vec()])
    }

    /// The same for several paths. Every role of a path but its last assumes another.
    #[must_use]
    pub fn for_paths(self, paths: &[Vec<RoleArn>]) -> Self {
        let each = |roles: BTreeSet<&RoleArn>| roles.into_iter().cloned().collect();
        let (path, assuming) = match paths {
            [one] => (one.clone(), one.iter().take(one.len().saturating_sub(1)).cloned().collect()),
            paths => (
                each(paths.iter().flatten().collect()),
                each(paths.iter().flat_map(|path| path.iter().take(path.len().saturating_sub(1))).collect()),
            ),
        };
        Self { path, assuming, ..self }
    }

    /// With the users and roles that a system asks about. A user by name is of the caller's account, at whatever path. Whoever runs rolecall is
    /// covered in any case.
    #[must_use]
    pub fn asking_about(self, asked: &[Asked]) -> Self {
        let mut users: Vec<String> = Vec::new();
        let mut roles: Vec<String> = Vec::new();
        for who in asked {
            match who {
                Asked::User(name) => {
                    users.extend([self.iam(&format!("user/{name}")), self.iam(&format!("user/*/{name}"))]);
                }
                Asked::Principal(user @ PrincipalArn::User { .. }) => users.push(user.to_string()),
                Asked::Principal(PrincipalArn::Role(role)) => roles.push(role.to_string()),
                Asked::Principal(PrincipalArn::Session { role, .. }) => {
                    roles.extend([self.iam(&format!("role/{role}")), self.iam(&format!("role/*/{role}"))]);
                }
                Asked::Principal(PrincipalArn::Root { .. } | PrincipalArn::FederatedUser { .. }) | Asked::Operator => {}
            }
        }
        Self { asked: users, asked_roles: roles, ..self }
    }

    /// With every role of an account in place of those of the paths in it, one by one: short, and more than is needed.
    #[must_use]
    pub fn by_account(self, by_account: bool) -> Self {
        Self { by_account, ..self }
    }

    /// Whether every role of some accounts stands in it.
    #[must_use]
    pub const fn reaches_accounts(&self) -> bool {
        self.by_account && !self.path.is_empty()
    }

    /// Whether it is for the diagnosis of one access path.
    #[must_use]
    pub const fn is_for_path(&self) -> bool {
        !self.path.is_empty() || !self.asked.is_empty() || !self.asked_roles.is_empty()
    }

    /// The resources of a statement; none when the statement is not needed.
    #[must_use]
    pub fn resources(&self, on: On) -> Vec<String> {
        match on {
            On::EveryStack | On::Stacks | On::QuiltStack | On::WebhookStack | On::EverySecret | On::Secret
                if self.is_for_path() =>
            {
                Vec::new()
            }
            On::EveryStack if self.quilt.is_none() => vec!["*".into()],
            On::EverySecret if self.lists_secrets() => vec!["*".into()],
            On::EveryStack | On::EverySecret => Vec::new(),
            On::Stacks => self.stacks(),
            On::QuiltStack => vec![self.quilt_stack()],
            On::WebhookStack => vec![self.webhook_stack()],
            On::Roles => self.roles(),
            On::Callers => self.callers(),
            On::OwnUser => self.own_user(),
            On::AskedUsers => self.asked.clone(),
            On::Groups if self.own_user().is_empty() && self.asked.is_empty() => Vec::new(),
            On::Groups => vec![self.iam("group/*")],
            On::ManagedPolicies if self.account == "*" => vec![self.iam("policy/*")],
            On::ManagedPolicies => vec![self.iam("policy/*"), format!("arn:{}:iam::aws:policy/*", self.partition)],
            On::Secret => self.secrets(),
            // A probe is made with the session of the role that was assumed.
            On::Probed => Vec::new(),
        }
    }

    /// Whether a flag or `config.json` named the Quilt stack.
    #[must_use]
    pub const fn names_stack(&self) -> bool {
        self.quilt.is_some()
    }

    /// Whether the secrets may be listed: not when one was named.
    #[must_use]
    pub const fn lists_secrets(&self) -> bool {
        matches!(self.secret, Secret::Conventional | Secret::Suggested(_))
    }

    /// Whether it is said who will run rolecall.
    #[must_use]
    pub const fn names_caller(&self) -> bool {
        self.caller.is_some()
    }

    fn iam(&self, resource: &str) -> String {
        format!("arn:{}:iam::{}:{resource}", self.partition, self.account)
    }

    fn stack(&self, name: &str) -> String {
        format!("arn:{}:cloudformation:{}:{}:stack/{name}/*", self.partition, self.region, self.account)
    }

    /// Only where listing does not cover them already.
    fn stacks(&self) -> Vec<String> {
        let Some((name, _)) = &self.quilt else { return Vec::new() };
        vec![self.quilt_stack(), self.stack(&quilt::iam_stack(name)), self.webhook_stack()]
    }

    fn quilt_stack(&self) -> String {
        match &self.quilt {
            Some((_, Some(arn))) => arn.clone(),
            Some((name, None)) => self.stack(name),
            None => self.stack("*"),
        }
    }

    fn webhook_stack(&self) -> String {
        self.stack(&self.webhook_name())
    }

    fn webhook_name(&self) -> String {
        match &self.webhook {
            Webhook::AnyConfigProfile => format!("{}*", Selection::new().webhook_stack()),
            Webhook::Named(name) => name.clone(),
        }
    }

    /// By the names that Quilt's template gives them, and by those that CloudFormation would make up (C4).
    fn roles(&self) -> Vec<String> {
        if self.reaches_accounts() {
            let all = |role: &RoleArn| format!("arn:{}:iam::{}:role/*", role.partition(), role.account());
            return self.path.iter().map(all).collect::<BTreeSet<String>>().into_iter().collect();
        }
        if self.is_for_path() {
            return self.path.iter().map(ToString::to_string).collect();
        }
        if !self.roles.is_empty() {
            return self.roles.iter().map(ToString::to_string).collect();
        }
        let Some((name, _)) = &self.quilt else {
            return ["ReadQuiltV2-*", "ReadWriteQuiltV2-*", "*-T4Bucket*Role-*"]
                .map(|name| self.iam(&format!("role/{name}")))
                .into();
        };
        [name.clone(), quilt::iam_stack(name)]
            .iter()
            .flat_map(|stack| {
                [
                    format!("role/ReadQuiltV2-{stack}"),
                    format!("role/ReadWriteQuiltV2-{stack}"),
                    format!("role/{}-T4Bucket*Role-*", kept(stack)),
                ]
            })
            .map(|role| self.iam(&role))
            .collect()
    }

    fn callers(&self) -> Vec<String> {
        let workload = match &self.workload {
            Some(role) => Some(role.to_string()),
            None if self.is_for_path() => None,
            None => {
                let stack = self.webhook_name();
                Some(self.iam(&format!("role/{}*", kept(stack.trim_end_matches('*')))))
            }
        };
        let between = self.assuming.iter().map(ToString::to_string);
        let own = match &self.caller {
            None => vec![self.iam(&format!("role/{IDENTITY_CENTER}"))],
            Some(PrincipalArn::Role(role)) => vec![role.to_string()],
            // A session's ARN has not its role's path.
            Some(PrincipalArn::Session { role, .. }) => {
                vec![self.iam(&format!("role/{role}")), self.iam(&format!("role/*/{role}"))]
            }
            Some(_) => Vec::new(),
        };
        let mut callers: Vec<String> = workload.into_iter().chain(own).chain(between).collect();
        callers.extend(self.asked_roles.iter().filter(|role| !callers.contains(role)).cloned().collect::<Vec<_>>());
        callers
    }

    fn own_user(&self) -> Vec<String> {
        let mut users = match &self.caller {
            Some(user @ PrincipalArn::User { .. }) => vec![user.to_string()],
            Some(_) => Vec::new(),
            None => vec![self.iam("user/${aws:username}"), self.iam("user/*/${aws:username}")],
        };
        let walker = self.walker.iter().filter(|_| self.is_for_path()).map(ToString::to_string);
        users.extend(walker.filter(|walker| !users.contains(walker)).collect::<Vec<_>>());
        users
    }

    /// A secret that is not there yet has no suffix: both forms, so that it is found missing, not refused.
    fn secrets(&self) -> Vec<String> {
        let place = format!("arn:{}:secretsmanager:{}:{}:secret:", self.partition, self.region, self.account);
        let both = |name: &str| [format!("{place}{name}"), format!("{place}{name}-??????")];
        match &self.secret {
            Secret::Arn(arn) => vec![arn.clone()],
            Secret::Named(name) => both(name).into(),
            Secret::Suggested(name) => both(name).into_iter().chain([format!("{place}BenchlingSecret-*")]).collect(),
            Secret::Conventional => [quilt::SECRET_NAME_PREFIX, quilt::SHIPPED_SECRET_NAME_PREFIX, "BenchlingSecret-"]
                .map(|prefix| format!("{place}{prefix}*"))
                .into(),
        }
    }
}

/// IAM reads `*`, `?` and `${...}` in a resource as patterns (IAM User Guide, "IAM JSON policy elements: Resource").
fn exact(text: &str) -> Result<(), String> {
    if text.contains(['*', '?', '$']) {
        return Err(format!("`{}` holds a wildcard: give one name or one ARN.", safe(text)));
    }
    Ok(())
}

fn webhook(global: &Global, deployed: Option<String>) -> Webhook {
    match (deployed, &global.profile) {
        (Some(name), _) => Webhook::Named(name),
        (None, Some(profile)) => {
            Webhook::Named(Selection { config_profile: profile.clone(), ..Selection::new() }.webhook_stack())
        }
        (None, None) => Webhook::AnyConfigProfile,
    }
}

/// The beginning of a made-up name; a pattern when the stack's name is too long to be kept whole.
fn kept(stack: &str) -> String {
    match stack.char_indices().nth(KEPT_OF_STACK_NAME) {
        Some((end, _)) => format!("{}*", stack.get(..end).unwrap_or(stack)),
        None => stack.to_owned(),
    }
}

/// AWS General Reference, "AWS partitions": China and GovCloud have their own, told by the region's name.
fn partition_of(region: Option<&str>) -> String {
    match region {
        Some(region) if region.starts_with("cn-") => "aws-cn".into(),
        Some(region) if region.starts_with("us-gov-") => "aws-us-gov".into(),
        _ => "aws".into(),
    }
}
