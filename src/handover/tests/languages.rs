//! Names made to break out of a text stay what they are in every language, read back by a parser of that language.

use hcl::expr::Expression;
use hcl::structure::{Body, Structure};

use super::*;
use crate::policy::variable;

/// A role's path may hold any printable ASCII character.
const PATH: &str = r#"/it's/"quoted"/`id`/${aws:username}/$${x}/%{if}/*?/\/#/"#;
/// What an output or a name may be if nothing stands against it.
const TEXT: &str = "a\"b'c`d`$(e)${f}$${g}%{h}%%{i}\\j\nk: l # m\r\u{202e}n\u{2028}日本\u{1f600}\u{e0001}*/ -->";

fn role() -> RoleArn {
    RoleArn::parse(&format!("arn:aws:iam::111122223333:role{PATH}Name")).unwrap()
}

fn hostile() -> Subject {
    let mut subject = about(&Scene::untouched(), &Wish::default());
    let known = || Slot::Known(TEXT.to_owned());
    let edge = &mut subject.edges[0];
    edge.caller.principal = Slot::Known(PrincipalArn::User {
        partition: "aws".into(),
        account: crate::values::AccountId::parse(ACCOUNT).unwrap(),
        path: PATH.into(),
        name: TEXT.into(),
    });
    edge.caller.aws_profile = Some(TEXT.into());
    edge.caller.policy_name = TEXT.into();
    for role in &mut edge.roles {
        role.arn = Slot::Known(super::languages::role());
        role.external_id = Some(known());
        role.aws_profile = Some(TEXT.into());
        role.trust = Trust::Read {
            document: json!({"Statement": [{"Sid": TEXT, "Effect": "Allow", "Principal": {"AWS": TEXT}, "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {TEXT: [TEXT, 42, true, []]}}}], "Empty": {}}),
            withheld: Vec::new(),
            stands: Standing::Lacks(vec!["sts:AssumeRole"]),
        };
    }
    for slot in [&mut subject.service.secret, &mut subject.service.catalog, &mut subject.service.queue_url] {
        *slot = known();
    }
    subject.service.workgroup = Some(TEXT.into());
    subject
}

fn text(name: Name) -> Text {
    named(&hostile(), name).remove(0)
}

#[test]
fn nothing_strange_is_printed() {
    for text in all(&hostile()) {
        for line in text.body.lines().filter(|_| text.language != Language::Sh) {
            assert!(!crate::values::text::has_unsafe(line), "{:?}: {line:?}", text.name);
        }
        for line in text.notes.iter().chain([&text.title]).chain(&text.of) {
            assert!(!crate::values::text::has_unsafe(line), "{:?}: {line:?}", text.name);
        }
    }
}

#[test]
fn in_json_a_role_is_that_role_and_no_pattern() {
    let policy = Policy::parse(&text(Name::TaskRolePolicy).body).unwrap();
    let resource = &policy.as_json()["Statement"][0]["Resource"][0];
    assert_eq!(resource, variable::literal(&role().to_string()).as_str());
    let allows = |role: &str| {
        let caller = PrincipalArn::parse(TASK_ROLE).unwrap();
        let trust = Policy::parse(&trusts(ACCOUNT)).unwrap();
        let case = Case {
            identity: Readable::Read(vec![NamedPolicy { name: String::new(), policy: policy.clone() }]),
            boundary: Readable::Read(None),
            session: Readable::Read(None),
            scps: Readable::Read(Vec::new()),
            rcps: Readable::Read(Vec::new()),
            trust: Readable::Read(Some(trust)),
            ..Case::new(caller, role)
        };
        evaluate(&case, Timestamp::UNIX_EPOCH).verdict == Answer::Allow
    };
    assert!(allows(&role().to_string()));
    assert!(!allows(&role().to_string().replace("/*?/", "/any/")));
    let trust: Value = serde_json::from_str(&text(Name::TrustPolicy).body).unwrap();
    assert_eq!(trust["Statement"][1]["Condition"]["StringEquals"]["sts:ExternalId"], TEXT);
    assert_eq!(trust["Statement"][0]["Principal"]["AWS"], TEXT);
}

#[test]
fn an_env_file_leaves_out_what_its_readers_take_differently() {
    let texts = named(&hostile(), Name::ContainerEnv);
    let file = texts.iter().find(|text| text.of == Some(of(Style::ServiceEnvars, Form::EnvFile))).unwrap();
    for line in file.body.lines() {
        let (name, value) = line.split_once('=').unwrap();
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{line}");
        let open = file.gaps.iter().any(|gap| gap.placeholder == value);
        assert!(open || value.chars().all(|c| c.is_ascii_alphanumeric() || "_./:@%+=,-".contains(c)), "{line}");
    }
    assert!(file.body.contains("QUILT_WEB_HOST=<quilt-web-host>\n"), "{}", file.body);
    let ecs = texts.iter().find(|text| text.of == Some(of(Style::ServiceEnvars, Form::Ecs))).unwrap();
    let list: Vec<Value> = serde_json::from_str(&ecs.body).unwrap();
    assert_eq!(list[1], json!({"name": "QUILT_WEB_HOST", "value": TEXT}));
}

#[cfg(feature = "app")]
#[test]
fn a_compose_file_reads_back() {
    use saphyr_parser::{Event, Parser};
    let texts = named(&hostile(), Name::ContainerEnv);
    for text in texts.iter().filter(|text| text.language == Language::Yaml) {
        let scalars: Vec<String> = Parser::new_from_str(&text.body)
            .map(|event| event.unwrap_or_else(|error| panic!("{error}\n{}", text.body)).0)
            .filter_map(|event| match event {
                Event::Scalar(value, ..) => Some(value.into_owned()),
                _ => None,
            })
            .collect();
        assert_eq!(scalars[..3], ["services", "benchling-webhook", "environment"]);
        let names: Vec<&String> = scalars.iter().skip(3).step_by(2).collect();
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')), "{names:?}");
        // Compose takes `$$` for `$`, and nothing else is left of `$`.
        assert!(scalars.iter().any(|value| value.replace("$$", "$") == TEXT));
        assert!(scalars.iter().all(|value| !value.replace("$$", "").contains('$')));
    }
}

/// Every node that is no part of a text, in order.
fn shape(source: &str) -> Vec<String> {
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()).unwrap();
    let tree = parser.parse(source, None).unwrap();
    assert!(!tree.root_node().has_error(), "{source}");
    let mut kinds = Vec::new();
    let mut open = vec![tree.root_node()];
    while let Some(node) = open.pop() {
        kinds.push(node.kind().to_owned());
        if node.kind() != "string" {
            let mut cursor = node.walk();
            open.extend(node.children(&mut cursor));
        }
    }
    kinds
}

#[test]
fn typescript_is_typescript_and_names_add_nothing_to_it() {
    for (name, scene) in scenes() {
        let text = one(&scene, &Wish::default(), Name::Cdk);
        assert!(shape(&text.body).contains(&"export_statement".to_owned()), "{name}");
    }
    let mut kind = about(&scenes().swap_remove(5).1, &Wish::default());
    kind.edges[0].roles.truncate(2);
    let (tame, wild) = (named(&kind, Name::Cdk).remove(0), text(Name::Cdk));
    let comments = |kinds: Vec<String>| kinds.into_iter().filter(|kind| kind != "comment").collect::<Vec<_>>();
    assert_eq!(comments(shape(&tame.body)), comments(shape(&wild.body)), "{}", wild.body);
    assert!(!wild.body.contains('`') || !shape(&wild.body).contains(&"template_string".to_owned()));
    for wanted in [variable::literal(&role().to_string()), TEXT.to_owned()] {
        let strings = Regex::new(r#""(?:[^"\\]|\\.)*""#).unwrap();
        let found = strings
            .find_iter(&wild.body)
            .any(|one| serde_json::from_str::<String>(one.as_str()).is_ok_and(|value| value == wanted));
        assert!(found, "{wanted:?}");
    }
}

fn texts_of(expression: &Expression, out: &mut Vec<String>) {
    match expression {
        Expression::String(text) => out.push(text.clone()),
        Expression::Array(all) => all.iter().for_each(|one| texts_of(one, out)),
        Expression::Object(members) => members.iter().for_each(|(key, value)| {
            if let hcl::expr::ObjectKey::Expression(key) = key {
                texts_of(key, out);
            }
            texts_of(value, out);
        }),
        Expression::FuncCall(call) => call.args.iter().for_each(|one| texts_of(one, out)),
        Expression::TemplateExpr(template) => panic!("a template: {template:?}"),
        _ => {}
    }
}

fn texts_in(body: &Body, out: &mut Vec<String>) {
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => texts_of(&attribute.expr, out),
            Structure::Block(block) => texts_in(&block.body, out),
        }
    }
}

#[test]
fn terraform_parses_and_names_add_nothing_to_it() {
    for (name, scene) in scenes() {
        let text = one(&scene, &Wish::default(), Name::Terraform);
        let body = hcl::parse(&text.body).unwrap_or_else(|error| panic!("{name}: {error}\n{}", text.body));
        let blocks: Vec<&str> = body.blocks().map(|block| block.identifier.as_str()).collect();
        assert!(
            blocks.len() >= 3 && blocks.iter().all(|kind| ["data", "resource"].contains(kind)),
            "{name}: {blocks:?}"
        );
        let labels: BTreeSet<String> = body.blocks().map(|block| format!("{:?}", block.labels)).collect();
        assert_eq!(labels.len(), blocks.len(), "{name}: every block has a name of its own");
    }
    let text = text(Name::Terraform);
    let body = hcl::parse(&text.body).unwrap_or_else(|error| panic!("{error}\n{}", text.body));
    assert_eq!(body.blocks().count(), 4);
    let mut texts = Vec::new();
    texts_in(&body, &mut texts);
    for wanted in [variable::literal(&role().to_string()), TEXT.to_owned()] {
        assert!(texts.contains(&wanted), "{wanted:?} is not in {texts:#?}");
    }
    assert!(texts.iter().filter(|text| *text == TEXT).count() >= 8);
}
