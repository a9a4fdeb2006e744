//! Security Token Service: GetCallerIdentity and AssumeRole.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use serde_json::Value;

use super::auth::{self, SOURCE_IP};
use super::exchange::{Call, ServiceError};
use super::ids;
use super::moment::Moment;
use super::query::Form;
use super::state::{PARTITION, Session, State, role_arn, role_id};
use super::xml::Xml;
use crate::policy::case::CredentialKind;
use crate::policy::document::Policy;
use crate::policy::{Answer, Case, Decision, Layer, Readable, Request, evaluate};
use crate::values::time::Timestamp;
use crate::values::{PrincipalArn, RoleArn, SecretText};

/// Answers a call to STS.
///
/// # Errors
/// As AWS answers.
pub(super) fn serve(state: &mut State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    match call.operation.as_str() {
        // "No permissions are required to perform this operation" (STS API reference).
        "GetCallerIdentity" => Ok(caller_identity(call)),
        "AssumeRole" => assume_role(state, call, form),
        other => Err(ServiceError::new(400, "InvalidAction", format!("Could not find operation {other}"))),
    }
}

fn caller_identity(call: &Call) -> Xml {
    let mut xml = Xml::new();
    xml.text("Arn", &call.caller.arn.to_string());
    xml.text("UserId", &call.caller.user_id);
    xml.text("Account", call.account());
    xml
}

fn assume_role(state: &mut State, call: &Call, form: &Form) -> Result<Xml, ServiceError> {
    let wanted = Wanted::read(form)?;
    let decision = evaluate(&case(state, call, &wanted.role_arn, &wanted.request)?, call.now);
    match decision.verdict {
        Answer::Allow => {}
        Answer::Deny => return Err(refusal(call, &wanted, &decision)),
        Answer::Unknown => return Err(ServiceError::gap(decision.summary)),
    }
    issue(state, call, wanted)
}

/// The parameters of AssumeRole that worlds use.
struct Wanted {
    role_arn: String,
    request: Request,
    session_name: String,
    policy: Option<Value>,
}

impl Wanted {
    /// Reads them, and refuses what the API model refuses (STS API reference, AssumeRole).
    fn read(form: &Form) -> Result<Self, ServiceError> {
        let role_arn = form.required("RoleArn")?.to_owned();
        if role_arn.len() < 20 {
            return Err(constraint("roleArn", &role_arn, "have length greater than or equal to 20"));
        }
        let session_name = form.required("RoleSessionName")?.to_owned();
        word("roleSessionName", &session_name, 2, 64, "+=,.@-", r"[\w+=,.@-]*")?;
        let external_id = form.get("ExternalId").map(ToOwned::to_owned);
        if let Some(id) = &external_id {
            word("externalId", id, 2, 1_224, "+=,.@:/-", r"[\w+=,.@:\/-]*")?;
        }
        let duration_seconds = form.number("DurationSeconds")?;
        match duration_seconds {
            Some(seconds @ ..900) => {
                let rule = "have value greater than or equal to 900";
                return Err(constraint("durationSeconds", &seconds.to_string(), rule));
            }
            Some(seconds @ 43_201..) => {
                let rule = "have value less than or equal to 43200";
                return Err(constraint("durationSeconds", &seconds.to_string(), rule));
            }
            _ => {}
        }
        if form.get("SerialNumber").is_some() || form.get("TokenCode").is_some() {
            let message = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number \
                is valid and associated with this user.";
            return Err(ServiceError::new(403, "AccessDenied", message));
        }
        let keys = form.members("Tags", Some("Key"));
        let request = Request {
            external_id,
            duration_seconds,
            session_name: Some(session_name.clone()),
            tags: keys.into_iter().zip(form.members("Tags", Some("Value"))).collect(),
            transitive_tag_keys: form.members("TransitiveTagKeys", None),
            source_identity: form.get("SourceIdentity").map(ToOwned::to_owned),
            source_ip: Some(SOURCE_IP.to_owned()),
            ..Request::default()
        };
        Ok(Self { role_arn, request, session_name, policy: session_policy(form)? })
    }
}

fn session_policy(form: &Form) -> Result<Option<Value>, ServiceError> {
    let Some(text) = form.get("Policy") else { return Ok(None) };
    let refused = |message: &str| ServiceError::new(400, "MalformedPolicyDocument", message);
    if text.len() > 2_048 {
        return Err(constraint("policy", "(policy)", "have length less than or equal to 2048"));
    }
    let document: Value = serde_json::from_str(text).map_err(|_| refused("This policy contains invalid Json"))?;
    Policy::from_json(&document).map_err(|_| refused("Syntax errors in policy."))?;
    Ok(Some(document))
}

fn word(
    field: &str,
    text: &str,
    shortest: usize,
    longest: usize,
    marks: &str,
    pattern: &str,
) -> Result<(), ServiceError> {
    if text.len() < shortest {
        return Err(constraint(field, text, &format!("have length greater than or equal to {shortest}")));
    }
    if text.len() > longest {
        return Err(constraint(field, text, &format!("have length less than or equal to {longest}")));
    }
    if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || marks.contains(c)) {
        return Ok(());
    }
    Err(constraint(field, text, &format!("satisfy regular expression pattern: {pattern}")))
}

fn constraint(field: &str, value: &str, rule: &str) -> ServiceError {
    ServiceError::validation(format!(
        "1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: Member must {rule}"
    ))
}

/// The question for the evaluator. In a world nothing is unreadable, and no account belongs to an organization.
pub(super) fn case(state: &State, call: &Call, wanted: &str, request: &Request) -> Result<Case, ServiceError> {
    let limits = auth::limits(state, &call.caller)?;
    let target = RoleArn::parse(wanted).ok();
    // An ARN with another path than the role's names no role.
    let role = target.as_ref().and_then(|arn| {
        let (account, name) = (arn.account().as_str(), arn.name());
        state.role(account, name).filter(|role| role_arn(account, name, role) == wanted)
    });
    let trust = role
        .map(|role| Policy::from_json(&role.trust))
        .transpose()
        .map_err(|error| ServiceError::gap(format!("trust policy of `{}`: {error}", wanted)))?;
    let inherited = call.caller.session.as_ref();
    let tags = inherited.map(|session| session.tags.clone()).unwrap_or_default();
    let mut request = request.clone();
    request.region = Some(call.region.clone());
    request.source_identity =
        request.source_identity.or_else(|| inherited.and_then(|session| session.source_identity.clone()));
    Ok(Case {
        credential: Some(if inherited.is_some() { CredentialKind::Temporary } else { CredentialKind::LongTerm }),
        identity: Readable::Read(limits.identity),
        boundary: Readable::Read(limits.boundary),
        session: Readable::Read(limits.session),
        scps: Readable::Read(Vec::new()),
        rcps: Readable::Read(Vec::new()),
        trust: Readable::Read(trust),
        max_session_duration: role.map(|role| role.max_session_duration),
        request,
        extra_context: Some(extra_context(state, call, &tags)),
        ..Case::new(call.caller.arn.clone(), wanted)
    })
}

/// What AWS sends beyond the request's own keys.
fn extra_context(state: &State, call: &Call, tags: &BTreeMap<String, String>) -> BTreeMap<String, Vec<String>> {
    let mut context: BTreeMap<String, Vec<String>> = tags
        .iter()
        .map(|(key, value)| (format!("aws:PrincipalTag/{key}"), vec![value.clone()]))
        .chain([
            ("aws:SecureTransport".to_owned(), vec!["true".to_owned()]),
            ("aws:userid".to_owned(), vec![call.caller.user_id.clone()]),
            ("aws:RequestedRegion".to_owned(), vec![call.region.clone()]),
        ])
        .collect();
    // A session's ARN has no path; the key carries the role's own ARN, which has.
    if let PrincipalArn::Session { role, .. } = &call.caller.arn
        && let Some(found) = state.role(call.account(), role)
    {
        context.insert("aws:PrincipalArn".to_owned(), vec![role_arn(call.account(), role, found)]);
    }
    if call.caller.session.is_some() {
        context.insert("aws:MultiFactorAuthPresent".to_owned(), vec!["false".to_owned()]);
    }
    context
}

/// The refusal as AWS words it: for a trust policy bare, as in nearly every real log.
fn refusal(call: &Call, wanted: &Wanted, decision: &Decision) -> ServiceError {
    let action = match decision.cause.0 {
        "duration_over_max" => {
            let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
            return ServiceError::validation(message);
        }
        "role_chaining_duration" => {
            let message =
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.";
            return ServiceError::validation(message);
        }
        "root_cannot_assume" => {
            return ServiceError::new(403, "AccessDenied", "Roles may not be assumed by root accounts.");
        }
        "tag_session_missing_trust" | "tag_session_missing_identity" => "sts:TagSession",
        "set_source_identity_missing" => "sts:SetSourceIdentity",
        _ => "sts:AssumeRole",
    };
    let reason = match (decision.cause.0, decision.blocked_by.as_slice()) {
        ("explicit_deny_identity", _) => "with an explicit deny in an identity-based policy".to_owned(),
        (_, [Layer::Identity]) => format!("because no identity-based policy allows the {action} action"),
        (_, [Layer::Boundary]) => format!("because no permissions boundary allows the {action} action"),
        (_, [Layer::Session]) => format!("because no session policy allows the {action} action"),
        _ => String::new(),
    };
    auth::refusal(call, action, Some(&wanted.role_arn), &reason)
}

/// Makes the session, and remembers it.
fn issue(state: &mut State, call: &Call, wanted: Wanted) -> Result<Xml, ServiceError> {
    let arn = RoleArn::parse(&wanted.role_arn).map_err(ServiceError::gap)?;
    let account = arn.account().to_string();
    let seed = format!("{}/{}/{}", wanted.role_arn, wanted.session_name, state.next_serial());
    let access_key_id = ids::unique("ASIA", 20, &seed);
    let role = state.role(&account, arn.name()).ok_or_else(|| ServiceError::gap("the role is gone"))?;
    let assumed_id = format!("{}:{}", role_id(&account, arn.name(), role), wanted.session_name);
    let assumed_arn = format!("arn:{PARTITION}:sts::{account}:assumed-role/{}/{}", arn.name(), wanted.session_name);
    let seconds = i64::from(wanted.request.duration_seconds.unwrap_or(3_600));
    let expires = call.now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
    let session = Session {
        account,
        role: arn.name().to_owned(),
        name: wanted.session_name,
        secret_access_key: SecretText::new(ids::token(40, &seed)),
        token: SecretText::new(ids::token(280, &format!("token {seed}"))),
        expires: Moment::At(expires),
        policy: wanted.policy,
        tags: wanted.request.tags,
        source_identity: wanted.request.source_identity,
    };
    let mut xml = Xml::new();
    xml.element("Credentials", |xml| {
        xml.text("AccessKeyId", &access_key_id);
        xml.text("SecretAccessKey", session.secret_access_key.expose());
        xml.text("SessionToken", session.token.expose());
        xml.text("Expiration", &whole_seconds(expires));
    });
    xml.element("AssumedRoleUser", |xml| {
        xml.text("AssumedRoleId", &assumed_id);
        xml.text("Arn", &assumed_arn);
    });
    xml.optional("SourceIdentity", session.source_identity.as_deref());
    if session.policy.is_some() {
        xml.text("PackedPolicySize", "6");
    }
    state.sessions.insert(access_key_id, session);
    Ok(xml)
}

/// RFC 3339 in UTC without a fraction, as AWS writes it.
pub(super) fn whole_seconds(time: Timestamp) -> String {
    Timestamp::from_second(time.as_second()).unwrap_or(time).to_string()
}
