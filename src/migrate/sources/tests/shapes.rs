//! JSON of every shape, and the texts that are none.

use super::*;
use crate::model::Fact;
use crate::model::facts::{Ancestor, ConfigFile};
use crate::values::time::Timestamp;

#[test]
fn a_secret_is_read_in_either_spelling_and_kept_whole() {
    let import = of_secret(
        r#"{"TENANT": "acme", "client_id": "c", "clientSecret": "s", "TENNANT": "x", "LOG_LVEL": "y", "extra": "z",
            "ENABLE_WEBHOOK_VERIFICATION": true, "PKG_KEY": null, "PKG_PREFIX": {"a": "b"}}"#,
    )
    .unwrap();
    assert_eq!(given(&import), ["TENANT=acme", "client_id=c", "clientSecret=s", "ENABLE_WEBHOOK_VERIFICATION=true"]);
    assert_eq!(import.document.as_ref().unwrap().members().len(), 9);
    assert_eq!(
        import.remarks,
        [
            "`LOG_LVEL` looks like LOG_LEVEL and is not taken: rename it if it is.",
            "`PKG_KEY` is null, and nothing is taken from it.",
            "`PKG_PREFIX` is an object, and nothing is taken from it.",
        ]
    );
}

#[test]
fn what_stands_too_deep_is_taken_where_the_top_has_nothing() {
    for (text, wanted, remark) in [
        (
            r#"{"TENANT": null, "x": {"TENANT": "acme", "client_id": "c"}}"#,
            vec!["x.TENANT=acme", "x.client_id=c"],
            Some("Taken from the object `x`, where no reader looks, for the top does not give it: TENANT, client_id."),
        ),
        (
            r#"{"tenant": "top", "PKG_KEY": "", "x": {"TENANT": "deep", "PKG_KEY": "k"}, "y": {"PKG_KEY": "other"}}"#,
            vec!["tenant=top", "PKG_KEY=", "x.PKG_KEY=k"],
            Some("Taken from the object `x`, where no reader looks, for the top does not give it: PKG_KEY."),
        ),
        (r#"{"TENANT": "top", "x": {"TENANT": "deep"}}"#, vec!["TENANT=top"], None),
        (r#"{"x": {"TENANT": "", "PKG_KEY": {"a": "b"}, "y": {"LOG_LEVEL": "INFO"}}}"#, vec![], None),
    ] {
        let import = of_secret(text).unwrap();
        assert_eq!(given(&import), wanted, "{text}");
        let found = import.remarks.iter().find(|remark| remark.starts_with("Taken from")).map(String::as_str);
        assert_eq!(found, remark, "{text}");
    }
}

#[test]
fn a_text_is_recognised_by_what_is_in_it() {
    for (text, shape, wanted) in [
        (r#"{"TENANT": "acme"}"#, Shape::Secret, vec!["TENANT=acme"]),
        ("{}", Shape::Secret, vec![]),
        (r#" {"benchling": {"tenant": "acme"}}"#, Shape::Config, vec!["benchling.tenant=acme"]),
        ("\u{feff}{\"packages\": {\"bucket\": \"b\"}}", Shape::Config, vec!["packages.bucket=b"]),
        (
            r#"{"containerDefinitions": [{"environment": [{"name": "TENANT", "value": "a"}]}]}"#,
            Shape::TaskDefinition,
            vec!["TENANT=a"],
        ),
        (r#"[{"environment": [{"name": "TENANT", "value": "a"}]}]"#, Shape::TaskDefinition, vec!["TENANT=a"]),
        (
            r#"{"name": "web", "secrets": [{"name": "TENANT", "valueFrom": "p"}]}"#,
            Shape::TaskDefinition,
            vec!["TENANT->p"],
        ),
        (r#"[{"name": "BENCHLING_TENANT", "value": "a"}]"#, Shape::TaskDefinition, vec!["BENCHLING_TENANT=a"]),
        (r#"{"taskDefinition": {"containerDefinitions": []}}"#, Shape::TaskDefinition, vec![]),
        (
            r#"{"ARN": "arn:aws:secretsmanager:us-east-1:111122223333:secret:w-AbCdEf", "SecretString": "{\"TENANT\":\"a\"}"}"#,
            Shape::Secret,
            vec!["TENANT=a"],
        ),
        ("TENANT=acme\nLOG_LEVEL=INFO", Shape::Variables, vec!["TENANT=acme", "LOG_LEVEL=INFO"]),
    ] {
        let import = of_file(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!((import.shape, given(&import)), (shape, wanted.into_iter().map(str::to_owned).collect()), "{text}");
        let piped = read(&ImportSource::Stdin(text.into()), &content(text)).unwrap();
        assert_eq!((piped.shape, given(&piped)), (import.shape, given(&import)), "{text}");
    }
}

#[test]
fn what_is_no_source_says_why() {
    let file = |text: &str| of_file(text).unwrap_err().to_string();
    for (text, wanted) in [
        (" \n", "it is empty"),
        ("\u{feff}", "it is empty"),
        ("{\n  \"a\": 1,\n}", "it is not JSON: trailing commas are not allowed at line 2, column 9"),
        ("[1]", "it is an array, not an object"),
        ("[]", "it is an array, not an object"),
        ("\"{\\\"TENANT\\\":1}\"", "it is a text, not an object: the object in it was quoted once too often"),
        (
            "\u{feff}{\"TENANT\": \"a\"}",
            "it starts with a byte order mark, which JSON does not allow: save it as UTF-8 without one",
        ),
        (
            "TENANT: acme\n",
            "it is neither JSON (line 1, column 1) nor lines of NAME=value: line 1, column 13: there is no = in it",
        ),
    ] {
        assert_eq!(file(text), wanted, "{text}");
    }
    let binary = |source: ImportSource| read(&source, &ImportContent::Binary(7)).unwrap_err().to_string();
    assert_eq!(binary(ImportSource::EnvFile("x".into())), "it is not UTF-8 text, 7 bytes: save it as UTF-8");
    let secret = ImportSource::Secret { id: "x".into(), version: VersionChoice::Current };
    assert_eq!(binary(secret), "it is binary, 7 bytes, and the webhook reads text");
}

/// As `aws ecs describe-task-definition` prints it, cut to what matters.
const TASK: &str = r#"{"taskDefinition": {"family": "webhook", "containerDefinitions": [
    {"name": "web", "image": "x", "environment": [
        {"name": "BENCHLING_TENANT", "value": "acme"}, {"name": "QUILT_CATALOG", "value": "q"},
        {"name": "LOG_LEVEL", "value": 7}, {"name": "AWS_REGION", "value": "us-east-1"}],
     "secrets": [
        {"name": "BENCHLING_CLIENT_SECRET", "valueFrom": "arn:aws:secretsmanager:us-east-1:111122223333:secret:w-AbCdEf:secret::"},
        {"name": "BENCHLING_SECRETS", "valueFrom": "arn:aws:secretsmanager:us-east-1:111122223333:secret:all-AbCdEf"}],
     "environmentFiles": [{"value": "arn:aws:s3:::b/k.env", "type": "s3"}]},
    {"name": "side", "environment": [{"name": "BENCHLING_TENANT", "value": "other"}]}]}}"#;

#[test]
fn a_task_definition_names_containers_and_follows_no_reference() {
    let import = of_file(TASK).unwrap();
    assert_eq!(
        given(&import),
        [
            "BENCHLING_TENANT of container web=acme",
            "BENCHLING_CLIENT_SECRET of container web->arn:aws:secretsmanager:us-east-1:111122223333:secret:w-AbCdEf:secret::",
            "BENCHLING_TENANT of container side=other",
        ]
    );
    assert_eq!(import.leftovers, ["QUILT_CATALOG", "BENCHLING_SECRETS"]);
    for words in [
        "LOG_LEVEL of container web is a number, not a text",
        "BENCHLING_SECRETS of container web is taken from arn:aws:secretsmanager",
        "Container web also reads an environment file from S3",
        "The task has 2 containers",
    ] {
        assert!(import.remarks.iter().any(|remark| remark.contains(words)), "{words}: {:#?}", import.remarks);
    }
    let alone =
        of_file(r#"{"containerDefinitions": [{"name": "web", "environment": [{"name": "TENANT", "value": "a"}]}]}"#);
    assert_eq!(given(&alone.unwrap()), ["TENANT=a"]);
}

#[test]
fn the_container_that_gives_most_keys_counts_before_a_sidecar() {
    let container = |name: &str, variables: &[(&str, &str)]| {
        let list: Vec<_> =
            variables.iter().map(|(name, value)| serde_json::json!({"name": name, "value": value})).collect();
        serde_json::json!({"name": name, "environment": list})
    };
    let side = container("side", &[("LOG_LEVEL", "ERROR"), ("LOG_LEVEL", "WARNING"), ("PATH", "x")]);
    let web = container("web", &[("BENCHLING_TENANT", "old"), ("TENANT", "acme"), ("LOG_LEVEL", "INFO")]);
    let idle = container("idle", &[("PATH", "x")]);
    for (containers, first, ends) in [
        (vec![&side, &web], "web", "Where they differ, container web, which gives the most keys, counts."),
        (vec![&web, &side], "web", "Where they differ, container web, which gives the most keys, counts."),
        (vec![&idle, &web], "web", "each value says which one it is of."),
        (vec![&web, &web], "web", "container web, the first of those that give the most keys, counts."),
    ] {
        let import = of_file(&serde_json::json!({"containerDefinitions": containers}).to_string()).unwrap();
        assert_eq!(given(&import)[0], format!("TENANT of container {first}=acme"), "a key's own name comes first");
        assert!(import.remarks.iter().any(|remark| remark.ends_with(ends)), "{ends}: {:#?}", import.remarks);
    }
}

fn facts(own: &str, parent: Option<&str>) -> Facts {
    let file = |name: &str, text: &str| ConfigFile {
        path: PathBuf::from(format!("/c/{name}/config.json")),
        text: text.into(),
        mode: None,
    };
    let mut facts = Facts::new(Timestamp::UNIX_EPOCH);
    facts.config = Fact::Known(file("default", own));
    let parent = parent.map(|text| Ancestor { name: "base".into(), file: Fact::Known(file("base", text)) });
    facts.ancestors = Fact::Known(parent.into_iter().collect());
    facts
}

#[test]
fn a_config_profile_gives_what_it_inherits() {
    let own = r#"{"_inherits": "base", "benchling": {"tenant": "acme"}, "security": {"enableVerification": true, "webhookAllowList": ""}}"#;
    let parent = r#"{"benchling": {"tenant": "old", "clientId": "c"}, "packages": {"prefix": 7, "bucket": null}}"#;
    let import = of_config(&facts(own, Some(parent))).unwrap();
    assert_eq!(
        given(&import),
        [
            "benchling.clientId of config profile base=c",
            "benchling.tenant=acme",
            "security.enableVerification=true",
            "security.webhookAllowList=",
        ]
    );
    assert_eq!(import.remarks, ["packages.prefix is a number, and is not taken."]);
    let broken = of_config(&facts(own, None)).unwrap();
    assert_eq!(broken.remarks, ["What config profile base holds is not known: it was not looked up."]);
    assert!(of_config(&facts("no JSON", None)).is_err());
    assert!(of_config(&Facts::new(Timestamp::UNIX_EPOCH)).is_err());
}

#[test]
fn a_config_by_itself_says_that_it_inherits() {
    let import = of_file(r#"{"_inherits": "base", "benchling": {"tenant": "acme"}}"#).unwrap();
    assert_eq!(given(&import), ["benchling.tenant=acme"]);
    assert_eq!(import.remarks, ["It inherits from config profile base, whose values are not read with a file."]);
}
