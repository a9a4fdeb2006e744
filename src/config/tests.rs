use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::model::facts::{Ancestor, ConfigFile, Deployed};
use crate::model::{AwsError, ErrorKind, Fact, Severity};
use crate::values::time::Timestamp;

fn file(name: &str, value: &Value) -> ConfigFile {
    ConfigFile {
        path: format!("/home/ada/.config/benchling-webhook/{name}/config.json").into(),
        text: value.to_string().into(),
        mode: Some(0o600),
    }
}

fn parent(name: &str, value: &Value) -> Ancestor {
    Ancestor { name: name.into(), file: Fact::Known(file(name, value)) }
}

fn config(own: &Value, parents: &[Ancestor]) -> Config {
    Config::with_parents(&file("dev", own), Some(parents)).unwrap_or_else(|fault| panic!("{fault}"))
}

#[test]
fn a_value_has_the_nearest_origin() {
    let base = json!({"quilt": {"catalog": "q.example.com", "region": "us-east-1"}, "logging": {"level": "INFO"}});
    let team = json!({"_inherits": "base", "quilt": {"region": "eu-west-1"}, "benchling": {"clientSecret": "canary"}});
    let own = json!({"_inherits": "team", "logging": {"level": "DEBUG"}, "mine": [1, {"x": "canary"}]});
    let config = config(&own, &[parent("team", &team), parent("base", &base)]);
    assert_eq!(config.parents().collect::<Vec<_>>(), ["team", "base"]);
    assert_eq!((config.broken(), config.inherits()), (None, Some("team")));
    assert_eq!((config.text(&["quilt", "region"]), config.own(&["quilt", "region"])), (Some("eu-west-1"), None));
    assert_eq!(config.inherited_from(&["quilt", "catalog"]), Some("base"));
    assert_eq!(config.inherited_from(&["logging", "level"]), None);
    assert_eq!(config.get(&["_inherits"]), None, "deploy takes it out");

    let shown: Vec<String> = effective(&config)
        .iter()
        .map(|one| format!("{} {} {}{}", one.path, one.value, one.origin, if one.is_masked { " masked" } else { "" }))
        .collect();
    assert_eq!(
        shown,
        [
            "quilt.catalog \"q.example.com\" base",
            "quilt.region \"eu-west-1\" team",
            "logging.level \"DEBUG\" dev",
            "benchling.clientSecret \"********\" team masked",
            "mine[0] \"********\" dev masked",
            "mine[1].x \"********\" dev masked",
        ]
    );
}

#[test]
fn a_chain_that_does_not_end_is_told() {
    let own = json!({"_inherits": "base", "quilt": {"region": "us-east-1"}});
    let circle = config(&own, &[parent("base", &json!({"_inherits": "dev"}))]);
    assert_eq!(circle.broken(), Some(&Broken::Circle(vec!["dev".into(), "base".into(), "dev".into()])));
    assert_eq!(circle.text(&["quilt", "region"]), Some("us-east-1"), "what is there is still read");
    let own_tail = config(&json!({"_inherits": "dev"}), &[]);
    assert_eq!(own_tail.broken(), Some(&Broken::Circle(vec!["dev".into(), "dev".into()])));

    let missing = config(&own, &[Ancestor { name: "base".into(), file: Fact::Absent }]);
    assert_eq!(missing.broken(), Some(&Broken::Missing { child: "dev".into(), parent: "base".into() }));
    let error = AwsError::local(ErrorKind::Other, "config.json", "it is a folder");
    let failed = config(&own, &[Ancestor { name: "base".into(), file: Fact::Failed(error) }]);
    assert!(matches!(failed.broken(), Some(Broken::Unreadable { why, .. }) if why == "it is a folder"));
    let text = ConfigFile { text: "{\"canary\"".into(), ..file("base", &json!({})) };
    let not_json = config(&own, &[Ancestor { name: "base".into(), file: Fact::Known(text) }]);
    assert!(matches!(not_json.broken(), Some(Broken::Unreadable { why, .. }) if !why.contains("canary")));

    for none in [json!({"_inherits": ""}), json!({"_inherits": 7}), json!({})] {
        assert_eq!((config(&none, &[]).broken(), config(&none, &[]).inherits()), (None, None), "{none}");
    }
}

#[test]
fn a_byte_order_mark_hides_nothing() {
    let mut marked = file("dev", &json!({"quilt": {"region": "us-east-1"}}));
    marked.text = format!("\u{feff}{}", marked.text.expose()).into();
    let config = Config::read(&marked).unwrap_or_else(|fault| panic!("{fault}"));
    assert!(config.has_byte_order_mark());
    assert_eq!(config.text(&["quilt", "region"]), Some("us-east-1"));
}

#[test]
fn the_webhooks_stack_is_named_by_whoever_knows_best() {
    let mut facts = Facts::new(Timestamp::UNIX_EPOCH);
    let mut selection = Selection { config_profile: "dev".into(), ..Selection::new() };
    assert_eq!(webhook_stack(&facts, &selection), "BenchlingWebhookStack-dev");
    facts.deployed = Fact::Known(Deployed { stack_name: Some("Deployed".into()), ..Deployed::default() });
    assert_eq!(webhook_stack(&facts, &selection), "Deployed");
    facts.config = Fact::Known(file("dev", &json!({"_inherits": "base"})));
    facts.ancestors = Fact::Known(vec![parent("base", &json!({"deployment": {"stackName": "OfBase"}}))]);
    assert_eq!(webhook_stack(&facts, &selection), "OfBase", "deploy would update the parent's stack");
    facts.config = Fact::Known(file("dev", &json!({"deployment": {"stackName": "Mine"}})));
    assert_eq!(webhook_stack(&facts, &selection), "Mine");
    selection.workload = WorkloadChoice::Stack("Chosen".into());
    assert_eq!(webhook_stack(&facts, &selection), "Chosen");
}

#[test]
fn every_rule_is_the_readers() {
    use Severity::{Error, Warning};
    for (path, value, severity) in [
        ("quilt.catalog", json!("https://quilt.example.com/"), None),
        ("quilt.catalog", json!(""), Some(Error)),
        ("quilt.catalog", json!("two words"), Some(Error)),
        ("quilt.queueUrl", json!("https://sqs.cn-north-1.amazonaws.com.cn/111122223333/q"), Some(Warning)),
        ("quilt.queueUrl", json!("https://sqs.us-east-1.amazonaws.com/1111/q"), Some(Error)),
        ("quilt.region", json!("us-gov-west-1"), Some(Warning)),
        ("quilt.region", json!("us-east-10"), Some(Error)),
        ("quilt.stackArn", json!("arn:aws-us-gov:cloudformation:us-gov-west-1:111122223333:stack/q/1"), Some(Warning)),
        ("quilt.bucketWritePolicyArn", json!("arn:aws:iam::111122223333:policy/x/Y"), None),
        ("quilt.bucketWritePolicyArn", json!("arn:aws:iam::111122223333:role/Y"), Some(Error)),
        ("quilt.athenaUserWorkgroup", json!(""), Some(Warning)),
        ("quilt.athenaUserWorkgroup", json!(null), Some(Warning)),
        ("quilt.database", json!(null), Some(Error)),
        ("benchling.tenant", json!("https://acme.benchling.com"), Some(Error)),
        ("benchling.tenant", json!("acme.benchling.com"), Some(Warning)),
        ("benchling.appDefinitionId", json!("app_1"), Some(Error)),
        ("benchling.secretArn", json!("benchling-webhook-prod"), Some(Error)),
        ("benchling.testEntryId", json!(7), Some(Error)),
        ("packages.bucket", json!("ab"), Some(Error)),
        ("packages.workflow", json!(""), Some(Warning)),
        ("deployment.account", json!("11112222333"), Some(Error)),
        ("deployment.stackName", json!("x".repeat(129)), Some(Error)),
        ("deployment.stackName", json!("-x"), Some(Error)),
        ("deployment.vpc", json!({"vpcId": "vpc-1", "privateSubnetIds": ["a", "b"], "createIfMissing": false}), None),
        ("deployment.vpc", json!({"privateSubnetIds": "a,b"}), Some(Error)),
        ("integratedStack", json!("true"), Some(Warning)),
        ("logging.level", json!("CRITICAL"), Some(Warning)),
        ("security.enableVerification", json!("true"), Some(Warning)),
        ("security.webhookAllowList", json!(""), None),
        ("security.webhookAllowList", json!("999.1.1.1"), Some(Error)),
        ("_metadata.source", json!("tui"), Some(Warning)),
        ("_metadata.createdAt", json!("yesterday"), Some(Warning)),
        ("_inherits", json!(7), Some(Error)),
    ] {
        let steps: Vec<&str> = path.split('.').collect();
        let found = Field::at(&steps).unwrap().check(&value).err().map(|wrong| wrong.severity);
        assert_eq!(found, severity, "{path} {value}");
    }
}

/// A new file as the planner makes it, in every field.
fn whole() -> Value {
    json!({
        "quilt": {
            "stackArn": "arn:aws:cloudformation:us-east-1:111122223333:stack/quilt-prod/1-2-3", "catalog": "quilt.example.com",
            "database": "db", "queueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/packager", "region": "us-east-1",
            "bucketWritePolicyArn": "arn:aws:iam::111122223333:policy/BucketWrite",
            "athenaUserPolicyArn": "arn:aws:iam::111122223333:policy/AthenaUser", "athenaUserWorkgroup": "group",
            "readRoleArn": "arn:aws:iam::111122223333:role/Read", "writeRoleArn": "arn:aws:iam::111122223333:role/Write",
            "icebergDatabase": "ice", "icebergWorkgroup": "ice",
        },
        "benchling": {
            "tenant": "acme", "clientId": "wqFabcdefgYe", "clientSecret": "a-client-secret", "appDefinitionId": "appdef_wqFabc",
            "secretArn": "arn:aws:secretsmanager:us-east-1:111122223333:secret:benchling-webhook-prod-AbCdEf", "testEntryId": "etr_1",
        },
        "packages": {"bucket": "quilt-user-bucket", "prefix": "benchling", "metadataKey": "experiment_id", "workflow": "w"},
        "deployment": {
            "region": "us-east-1", "account": "111122223333", "ecrRepository": "quiltdata/benchling", "imageTag": "0.9.9",
            "stackName": "BenchlingWebhookStack", "vpc": {"vpcId": "vpc-1", "privateSubnetIds": ["subnet-1"]},
        },
        "integratedStack": false,
        "logging": {"level": "INFO"},
        "security": {"webhookAllowList": "10.0.0.0/8", "enableVerification": true},
        "_metadata": {"version": "0.7.0", "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z", "source": "wizard"},
        "_inherits": "default",
    })
}

/// The published schema and the table of rules say the same of every field.
#[test]
fn the_published_schema_and_the_rules_agree() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let options = jsonschema::options().should_validate_formats(true);
    let validator = options.build(&schema).unwrap();
    let faults = |value: &Value| validator.iter_errors(value).map(|fault| fault.to_string()).collect::<Vec<_>>();
    assert_eq!(faults(&whole()), Vec::<String>::new());

    let set = |path: &[&str], new: Option<Value>| {
        let mut value = whole();
        let (last, way) = path.split_last().unwrap();
        let parent = way.iter().fold(&mut value, |value, step| &mut value[*step]).as_object_mut().unwrap();
        match new {
            Some(new) => parent.insert((*last).to_owned(), new),
            None => parent.remove(*last),
        };
        value
    };
    for field in FIELDS {
        assert_eq!(
            field.check(whole().pointer(&format!("/{}", field.path.join("/"))).unwrap()),
            Ok(()),
            "{}",
            field.name()
        );
        assert_eq!(faults(&set(field.path, None)).is_empty(), !field.required, "{} may be left out", field.name());
        for wrong in [json!(null), json!(7), json!(["x"]), json!("")] {
            let refused = field.check(&wrong).is_err();
            let by_schema = !faults(&set(field.path, Some(wrong.clone()))).is_empty();
            assert_eq!(by_schema, refused, "{} {wrong}", field.name());
        }
    }
    for (path, wrong) in [
        (&["quilt", "region"][..], "us-gov-west-1"),
        (&["quilt", "queueUrl"], "https://sqs.us-east-1.amazonaws.com/1/q"),
        (&["quilt", "writeRoleArn"], "arn:aws:iam::111122223333:user/x"),
        (&["benchling", "secretArn"], "arn:aws:s3:::x"),
        (&["logging", "level"], "CRITICAL"),
        (&["_metadata", "source"], "tui"),
        (&["_metadata", "createdAt"], "yesterday"),
        (&["mine"], "x"),
    ] {
        assert!(!faults(&set(path, Some(json!(wrong)))).is_empty(), "{path:?} {wrong}");
    }
    assert!(!faults(&set(&["quilt", "mine"], Some(json!(null)))).is_empty(), "no null anywhere");
    assert!(!faults(&set(&["quilt", "mine"], Some(json!({"a": [null]})))).is_empty(), "no null anywhere");
    assert!(faults(&set(&["quilt", "mine"], Some(json!({"a": [1]})))).is_empty(), "a field of the user's own is kept");

    let top: BTreeSet<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(top, fields::known(None).collect::<BTreeSet<_>>());
    for (section, required) in SECTIONS {
        let listed: BTreeSet<&str> = schema["$defs"][section.trim_start_matches('_')]["properties"]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(listed, fields::known(Some(section)).collect::<BTreeSet<_>>(), "{section}");
        assert_eq!(schema["required"].as_array().unwrap().contains(&json!(section)), *required, "{section}");
    }
}
