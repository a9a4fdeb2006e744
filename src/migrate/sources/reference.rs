//! Where `secrets[].valueFrom` of a container definition points.
//!
//! Source: ECS Developer Guide, "Pass Secrets Manager secrets through Amazon ECS environment variables" and "Pass Systems Manager
//! parameters through Amazon ECS environment variables".

use crate::model::VersionChoice;
use crate::values::Arn;

/// A place that a container takes a value from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// A secret in Secrets Manager: the whole of it, or one key of its JSON.
    Secret {
        /// Its ARN.
        arn: String,
        /// The key, where one is named.
        key: Option<String>,
        /// Which version.
        version: VersionChoice,
        /// The region it is in.
        region: String,
    },
    /// A parameter of Systems Manager.
    Parameter {
        /// Its name, with its path.
        name: String,
        /// The region it is in; `None`: the task's own.
        region: Option<String>,
    },
}

impl Place {
    /// The parts of a `valueFrom`: `arn:…:secret:NAME:KEY:STAGE:VERSION`, where all behind the name may be left out or empty, the ARN of a
    /// parameter, or a parameter's name.
    #[must_use]
    pub fn of(from: &str) -> Self {
        let Ok(arn) = Arn::parse(from) else { return Self::Parameter { name: from.to_owned(), region: None } };
        if arn.service != "secretsmanager" {
            let name = arn.resource.strip_prefix("parameter").unwrap_or(&arn.resource);
            // A parameter without a path is `parameter/NAME`, one with a path `parameter/PATH/NAME`, called `/PATH/NAME`.
            let name = match name.strip_prefix('/') {
                Some(plain) if !plain.contains('/') => plain,
                _ => name,
            };
            return Self::Parameter { name: name.to_owned(), region: Some(arn.region) };
        }
        let mut parts = arn.resource.split(':').skip(1);
        let mut next = || parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
        let (name, key, stage, version) = (next().unwrap_or_default(), next(), next(), next());
        let version = match (version, stage) {
            (Some(id), _) => VersionChoice::Id(id),
            (None, Some(stage)) => VersionChoice::Stage(stage),
            (None, None) => VersionChoice::Current,
        };
        let whole = format!("arn:{}:secretsmanager:{}:{}:secret:{name}", arn.partition, arn.region, arn.account);
        Self::Secret { arn: whole, key, version, region: arn.region }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "arn:aws:secretsmanager:us-east-1:111122223333:secret:webhook-AbCdEf";

    #[test]
    fn the_parts_of_a_reference_are_told_apart() {
        let secret = |key: Option<&str>, version| Place::Secret {
            arn: SECRET.into(),
            key: key.map(str::to_owned),
            version,
            region: "us-east-1".into(),
        };
        let with = |rest: &str| Place::of(&format!("{SECRET}{rest}"));
        assert_eq!(with(""), secret(None, VersionChoice::Current));
        assert_eq!(with(":CLIENT_SECRET::"), secret(Some("CLIENT_SECRET"), VersionChoice::Current));
        assert_eq!(with("::AWSPREVIOUS:"), secret(None, VersionChoice::Stage("AWSPREVIOUS".into())));
        assert_eq!(with(":K::9d4c"), secret(Some("K"), VersionChoice::Id("9d4c".into())));
        let parameter = |name: &str, region: Option<&str>| Place::Parameter {
            name: name.into(),
            region: region.map(str::to_owned),
        };
        assert_eq!(Place::of("/prod/tenant"), parameter("/prod/tenant", None));
        let arn = "arn:aws:ssm:eu-west-1:111122223333:parameter";
        assert_eq!(Place::of(&format!("{arn}/prod/tenant")), parameter("/prod/tenant", Some("eu-west-1")));
        assert_eq!(Place::of(&format!("{arn}/tenant")), parameter("tenant", Some("eu-west-1")));
    }
}
