//! The inline session policy of a test session: it allows what is tried with it, and nothing else.

use serde_json::{Value, json};

use crate::aws::calls::sts::NOTHING;
use crate::model::Hop;
use crate::model::inquiry::ProbeTarget;
use crate::values::RoleArn;
use crate::values::regions::partition_of;

/// The most characters that STS takes as an inline session policy (STS API reference, AssumeRole, Policy).
const LONGEST: usize = 2_048;

/// To assume the next role. Tags and a source identity of this session go on to the next: both may be needed although the next call sends none.
const ONWARD: [&str; 3] = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

/// What the session of a hop in `partition` may do at most: assume the next role of the path, and make the probes. Of these it allows as many as
/// fit: [`fitting`] says how many.
pub(in crate::gather) fn session_policy(partition: &str, next: Option<&Hop>, probes: &[ProbeTarget]) -> String {
    document(partition, next, probes.get(..fitting(partition, next, probes)).unwrap_or_default())
}

/// What the session of `hop` may do at most where several paths lead on from it: assume the next role of each. Where so many do not fit, any
/// role, since the policy is what the test adds, and the role's own policies still say which.
pub(super) fn onward(hop: &Hop, nexts: &[Hop]) -> String {
    let partition = RoleArn::parse(&hop.role_arn).map_or_else(|_| "aws".to_owned(), |role| role.partition().to_owned());
    let exact = statements(&partition, nexts, &[]);
    if exact.len() <= LONGEST {
        return exact;
    }
    let any = json!({"Effect": "Allow", "Action": ONWARD, "Resource": format!("arn:{partition}:iam::*:role/*")});
    json!({"Version": "2012-10-17", "Statement": [any]}).to_string()
}

/// How many of the probes, from the first, a session policy has room for.
pub(super) fn fitting(partition: &str, next: Option<&Hop>, probes: &[ProbeTarget]) -> usize {
    let fits = |count: &usize| document(partition, next, probes.get(..*count).unwrap_or_default()).len() <= LONGEST;
    (0..=probes.len()).rev().find(fits).unwrap_or(0)
}

fn document(partition: &str, next: Option<&Hop>, probes: &[ProbeTarget]) -> String {
    statements(partition, next.map(std::slice::from_ref).unwrap_or_default(), probes)
}

fn statements(partition: &str, nexts: &[Hop], probes: &[ProbeTarget]) -> String {
    let mut statements: Vec<Value> = Vec::new();
    let mut allow = |actions: &[&str], resources: Vec<String>| {
        if !resources.is_empty() {
            statements.push(json!({"Effect": "Allow", "Action": actions, "Resource": resources}));
        }
    };
    // What is no role's ARN could be a pattern. AWS refuses the call for it anyway.
    let mut nexts: Vec<String> =
        nexts.iter().filter_map(|hop| Some(literal(&RoleArn::parse(&hop.role_arn).ok()?.to_string()))).collect();
    nexts.sort_unstable();
    nexts.dedup();
    allow(&ONWARD, nexts);
    let buckets = probes.iter().filter_map(|probe| match probe {
        ProbeTarget::Bucket { name, .. } => Some(bucket(partition, &literal(name))),
        ProbeTarget::Registry { .. } => None,
    });
    allow(&["s3:ListBucket"], buckets.collect());
    let repositories = probes.iter().filter_map(|probe| match probe {
        ProbeTarget::Registry { account, region, repository: Some(name) } => Some(format!(
            "arn:{}:ecr:{}:{}:repository/{}",
            partition_of(region).unwrap_or(partition),
            literal(region),
            literal(account),
            literal(name)
        )),
        _ => None,
    });
    allow(&["ecr:DescribeImages"], repositories.collect());
    // It cannot be narrowed (Service Authorization Reference, ECR).
    let registry = probes.iter().find(|probe| matches!(probe, ProbeTarget::Registry { .. }));
    allow(&["ecr:GetAuthorizationToken"], registry.iter().map(|_| "*".to_owned()).collect());
    if statements.is_empty() {
        return NOTHING.to_owned();
    }
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

/// The ARN of a bucket.
pub(super) fn bucket(partition: &str, name: &str) -> String {
    format!("arn:{partition}:s3:::{name}")
}

/// So that a typed name is never read as a pattern (IAM User Guide, "IAM policy elements: Variables and tags", special characters).
fn literal(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '*' | '?' | '$' => out.extend(["${", c.encode_utf8(&mut [0; 4]), "}"]),
            _ => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document::Policy;
    use crate::policy::{Authorization, Context, NamedPolicy, Query, authorize};
    use crate::values::PrincipalArn;

    const NEXT: &str = "arn:aws:iam::444455556666:role/team/Next";

    fn bucket_of(name: &str) -> ProbeTarget {
        ProbeTarget::Bucket { name: name.into(), writes: true }
    }

    fn registry(repository: Option<&str>) -> ProbeTarget {
        ProbeTarget::Registry {
            account: "444455556666".into(),
            region: "eu-west-1".into(),
            repository: repository.map(str::to_owned),
        }
    }

    fn allows(document: &str, action: &str, resource: &str) -> bool {
        let principal = PrincipalArn::parse("arn:aws:sts::111122223333:assumed-role/R/s").unwrap();
        let named = NamedPolicy { name: String::new(), policy: Policy::parse(document).unwrap() };
        let query = Query { principal: &principal, action, resource, context: &Context::new() };
        matches!(authorize(&[named], None, &query), Authorization::Allowed)
    }

    #[test]
    fn a_session_may_do_what_is_tried_and_nothing_else() {
        let probes = [bucket_of("acme-data"), registry(Some("quilt/web"))];
        let policy = session_policy("aws", Some(&Hop::to(NEXT)), &probes);
        for (action, resource) in [
            ("sts:AssumeRole", NEXT),
            ("sts:TagSession", NEXT),
            ("s3:ListBucket", "arn:aws:s3:::acme-data"),
            ("ecr:GetAuthorizationToken", "*"),
            ("ecr:DescribeImages", "arn:aws:ecr:eu-west-1:444455556666:repository/quilt/web"),
        ] {
            assert!(allows(&policy, action, resource), "{action} on {resource}");
        }
        for (action, resource) in [
            ("sts:AssumeRole", "arn:aws:iam::444455556666:role/team/Other"),
            ("s3:ListBucket", "arn:aws:s3:::acme-data-2"),
            ("s3:GetObject", "arn:aws:s3:::acme-data/key"),
            ("s3:PutObject", "arn:aws:s3:::acme-data/key"),
            ("ecr:DescribeImages", "arn:aws:ecr:eu-west-1:444455556666:repository/quilt/other"),
            ("ecr:BatchGetImage", "arn:aws:ecr:eu-west-1:444455556666:repository/quilt/web"),
        ] {
            assert!(!allows(&policy, action, resource), "{action} on {resource}");
        }
    }

    #[test]
    fn without_anything_to_try_it_denies_everything() {
        assert_eq!(session_policy("aws", None, &[]), NOTHING);
        for malformed in ["*", "arn:aws:iam::*:role/*", "role/Next"] {
            assert_eq!(session_policy("aws", Some(&Hop::to(malformed)), &[]), NOTHING, "{malformed}");
        }
    }

    #[test]
    fn a_session_that_many_paths_share_may_assume_the_next_of_each() {
        let to = |number: usize| Hop::to(format!("arn:aws:iam::444455556666:role/Target{number}"));
        let jump = Hop::to(NEXT);
        let few = onward(&jump, &[to(1), to(2), to(1)]);
        assert!(allows(&few, "sts:AssumeRole", &to(2).role_arn) && !allows(&few, "sts:AssumeRole", &to(3).role_arn));
        assert_eq!(few.matches("Target1").count(), 1);
        let many = onward(&jump, &(0..1_000).map(to).collect::<Vec<_>>());
        assert!(many.len() <= LONGEST && allows(&many, "sts:AssumeRole", &to(999).role_arn));
        assert!(!allows(&many, "s3:ListBucket", "arn:aws:s3:::acme-data") && !allows(&many, "iam:GetRole", NEXT));
    }

    #[test]
    fn a_typed_name_is_no_pattern() {
        let policy = session_policy("aws", Some(&Hop::to("arn:aws:iam::444455556666:role/*/Next")), &[bucket_of("a*")]);
        assert!(!allows(&policy, "sts:AssumeRole", NEXT));
        assert!(!allows(&policy, "s3:ListBucket", "arn:aws:s3:::acme"));
        assert!(allows(&policy, "s3:ListBucket", "arn:aws:s3:::a*"));
    }

    #[test]
    fn each_partition_has_its_own_arns() {
        let china = ProbeTarget::Registry {
            account: "444455556666".into(),
            region: "cn-north-1".into(),
            repository: Some("web".into()),
        };
        let policy = session_policy("aws-cn", None, &[bucket_of("acme-data"), china]);
        assert!(allows(&policy, "s3:ListBucket", "arn:aws-cn:s3:::acme-data"));
        assert!(allows(&policy, "ecr:DescribeImages", "arn:aws-cn:ecr:cn-north-1:444455556666:repository/web"));
        assert!(!policy.contains("arn:aws:"));
    }

    #[test]
    fn it_never_grows_longer_than_sts_takes() {
        let probes: Vec<ProbeTarget> = (0..100).map(|number| bucket_of(&format!("{number:063}"))).collect();
        let next = Hop::to(format!("arn:aws:iam::444455556666:role/{}/Next", "p".repeat(500)));
        for next in [None, Some(&next)] {
            let fits = fitting("aws", next, &probes);
            let policy = session_policy("aws", next, &probes);
            assert!((1..100).contains(&fits) && policy.len() <= LONGEST, "{fits}: {}", policy.len());
            assert!(allows(&policy, "s3:ListBucket", &bucket("aws", &format!("{:063}", fits - 1))));
            assert!(!allows(&policy, "s3:ListBucket", &bucket("aws", &format!("{fits:063}"))));
        }
    }
}
