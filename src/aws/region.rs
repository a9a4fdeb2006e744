//! Which region a regional call goes to, and why (design: flag, a system's own setting, ARN, `AWS_REGION`, `AWS_DEFAULT_REGION`, AWS profile).

use super::Environment;
use crate::model::Selection;
use crate::values::{Arn, StackArn};

/// A region and where it was taken from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Region {
    /// For example `us-east-1`.
    pub name: String,
    /// "your choice", a system's setting, "stack ARN", "AWS_REGION", "AWS profile", "default".
    pub from: String,
}

/// What is used when nothing names a region.
pub const FALLBACK: &str = "us-east-1";

/// Chooses the region.
#[must_use]
pub fn choose(selection: &Selection, environment: &Environment, of_profile: Option<&str>) -> Region {
    let named = |name: &str, from: &str| Region { name: name.to_owned(), from: from.to_owned() };
    if let Some(region) = &selection.region {
        return named(region, "your choice");
    }
    if let Some(calls) = selection.system.as_ref().and_then(|system| system.plan.calls_in.as_ref()) {
        return named(&calls.region, &calls.from);
    }
    if let Some(stack) = selection.stack.as_deref().and_then(|text| StackArn::parse(text).ok()) {
        return named(stack.region(), "stack ARN");
    }
    if let Some(secret) =
        selection.secret.as_deref().and_then(|text| Arn::parse(text).ok()).filter(|arn| !arn.region.is_empty())
    {
        return named(&secret.region, "secret ARN");
    }
    for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if let Some(region) = environment.get(variable) {
            return named(region, variable);
        }
    }
    of_profile.map_or_else(|| named(FALLBACK, "default"), |region| named(region, "AWS profile"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::SystemChoice;
    use crate::model::system::{CallsIn, SystemPlan};

    #[test]
    fn the_order_is_the_designs() {
        let mut selection = Selection::new();
        let environment = Environment::new([("AWS_REGION".into(), "eu-north-1".into())]);
        assert_eq!(choose(&selection, &Environment::default(), None).name, FALLBACK);
        assert_eq!(choose(&selection, &Environment::default(), Some("ap-south-1")).name, "ap-south-1");
        assert_eq!(choose(&selection, &environment, Some("ap-south-1")).name, "eu-north-1");
        selection.stack = Some("arn:aws:cloudformation:us-west-2:111122223333:stack/quilt/1".into());
        assert_eq!(choose(&selection, &environment, Some("ap-south-1")).from, "stack ARN");
        let calls_in = Some(CallsIn { region: "eu-south-1".into(), from: "THEIR_REGION".into() });
        let plan = Arc::new(SystemPlan { calls_in, ..SystemPlan::default() });
        selection.system = Some(SystemChoice { plan, ..SystemChoice::of("x") });
        assert_eq!(choose(&selection, &environment, Some("ap-south-1")).from, "THEIR_REGION");
        selection.region = Some("sa-east-1".into());
        assert_eq!(choose(&selection, &environment, None).name, "sa-east-1");
    }
}
