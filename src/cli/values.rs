//! What a value on the command line must look like.

use clap::builder::PossibleValuesParser;

use crate::model::inquiry::ProbeTarget;
use crate::model::selection::external_id_fault;
use crate::systems;
use crate::values::{PrincipalArn, RoleArn};

/// A role's ARN.
pub(super) fn role_arn(text: &str) -> Result<RoleArn, String> {
    RoleArn::parse(text).map_err(|error| error.to_string())
}

/// A session tag, or one of a secret.
pub(super) fn tag(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("a tag is KEY=VALUE")?;
    if key.is_empty() {
        return Err("a tag has a key before the =".into());
    }
    Ok((key.to_owned(), value.to_owned()))
}

/// What is tried with a session.
pub(super) fn probe(text: &str) -> Result<ProbeTarget, String> {
    ProbeTarget::parse(text).ok_or_else(|| {
        "it is none of s3://BUCKET, s3+write://BUCKET, ecr://ACCOUNT.dkr.ecr.REGION.amazonaws.com[/REPOSITORY]".into()
    })
}

/// A principal's ARN.
pub(super) fn principal_arn(text: &str) -> Result<PrincipalArn, String> {
    PrincipalArn::parse(text).map_err(|error| error.to_string())
}

/// An external ID that AWS would take.
pub(super) fn external_id(text: &str) -> Result<String, String> {
    external_id_fault(text).map_or_else(|| Ok(text.to_owned()), |why| Err(why.into()))
}

/// A system that there is.
pub(super) fn system() -> PossibleValuesParser {
    PossibleValuesParser::new(systems::NAMES.iter().copied())
}

/// One of a system's settings, with its value.
pub(super) fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a setting is NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
