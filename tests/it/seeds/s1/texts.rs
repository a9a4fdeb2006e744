//! What is handed over to the customer, to Wave's account, and to Platform.

use std::process::{Command, Stdio};

use rolecall::check::Checked;
use rolecall::handover::{self, Text, Wish};
use serde_json::{Value, json};

use super::{EXTERNAL_ID, ROLE, set};
use crate::seeds::scene::{in_world, with_id};

fn text(checked: &Checked, word: &str, shows_external_ids: bool) -> Text {
    let wish = Wish { shows_external_ids, ..Wish::default() };
    let texts = handover::texts(&checked.facts, &checked.selection, &checked.judgement, None, &wish);
    let mut named: Vec<Text> = texts.into_iter().filter(|text| text.name.word() == word).collect();
    assert_eq!(named.len(), 1, "{word}");
    named.remove(0)
}

fn json_of(text: &Text) -> Value {
    serde_json::from_str(&text.body).unwrap()
}

/// The documents in a script, by the file each is written to, after a shell has found nothing wrong with it.
fn documents(script: &str) -> Vec<(String, Value)> {
    let mut shell = Command::new("sh").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut shell.stdin.take().unwrap(), script.as_bytes()).unwrap();
    assert!(shell.wait().unwrap().success(), "{script}");
    script
        .split("cat > ")
        .skip(1)
        .map(|part| {
            let (file, rest) = part.split_once(" <<'EOF'\n").unwrap();
            let (body, _) = rest.split_once("\nEOF\n").unwrap();
            (file.to_owned(), serde_json::from_str(body).unwrap())
        })
        .collect()
}

/// What the trust policy of S1-16 says, with this external ID.
fn trusts(id: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:user/DevelopmentTowerUser"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": id}},
    }]})
}

fn external_id(trust: &Value) -> Option<String> {
    let id = trust.pointer("/Statement/0/Condition/StringEquals/sts:ExternalId")?;
    id.as_str().map(str::to_owned)
}

/// Version 4 of RFC 9562: random, in five groups.
fn is_random_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let digits = text.chars().filter(|c| *c != '-').all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
    let lengths = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]);
    digits && lengths && groups[2].starts_with('4') && groups[3].starts_with(['8', '9', 'a', 'b'])
}

#[test]
fn s1_03_a_new_external_id_is_random_and_only_for_a_role_that_is_not_there_yet() {
    let made = |checked: &Checked| {
        let script = text(checked, "create-role", true).body;
        let trust = documents(&script).into_iter().find(|(file, _)| file.ends_with("-trust-policy.json"));
        trust.and_then(|(_, trust)| external_id(&trust))
    };
    let missing = in_world("wave-role-missing");
    let new = made(&missing).unwrap();
    assert!(is_random_uuid(&new), "{new}");
    assert_eq!(external_id(&json_of(&text(&missing, "trust-policy", true))), Some(new.clone()), "all texts agree");
    assert_ne!(made(&in_world("wave-role-missing")), Some(new));
    let set_before = set("wave-role-missing", &[("external-id", EXTERNAL_ID)]);
    assert_eq!(made(&set_before).as_deref(), Some(EXTERNAL_ID), "one that is set is never changed");
    let there = set("wave-external-id", &[("external-id", "")]);
    assert_eq!(made(&there), None);
    assert!(with_id(&there, "wave/new-role").is_empty());
}

#[test]
fn s1_05_platform_keeps_the_role_and_the_external_id() {
    let script = text(&in_world("wave-healthy"), "credentials-request", true).body;
    let (_, body) = documents(&script).remove(0);
    assert_eq!(body["credentials"]["keys"], json!({"assumeRoleArn": ROLE, "externalId": EXTERNAL_ID}));
}

#[test]
fn s1_16_the_trust_policy_names_the_caller_and_the_external_id() {
    let missing = set("wave-role-missing", &[("external-id", EXTERNAL_ID)]);
    assert_eq!(json_of(&text(&missing, "trust-policy", true)), trusts(EXTERNAL_ID));
    let withheld = text(&missing, "trust-policy", false);
    assert_eq!(json_of(&withheld), trusts("<external-id>"));
    assert!(!withheld.is_whole());
}

#[test]
fn s1_17_the_role_is_made_with_its_trust_policy() {
    let script = text(&in_world("wave-role-missing"), "create-role", true).body;
    let made = "aws iam create-role --role-name WaveEcrAccess --assume-role-policy-document file://WaveEcrAccess-444455556666-trust-policy.json --profile customer";
    assert!(script.lines().any(|line| line == made), "{script}");
    let there = text(&in_world("wave-healthy"), "create-role", true).body;
    assert!(!there.contains("create-role --role-name"), "a role that is there is not made again: {there}");
    let saved: Vec<&str> = there.lines().filter(|line| line.contains("-before.json")).collect();
    assert_eq!(
        saved,
        [
            "aws iam get-role-policy --role-name WaveEcrAccess --policy-name EcrReadAccess --profile customer > WaveEcrAccess-444455556666-EcrReadAccess-before.json"
        ]
    );
}

#[test]
fn s1_18_a_token_is_allowed_for_every_registry() {
    let policy = json_of(&text(&in_world("wave-healthy"), "ecr-policy", false));
    let token =
        json!({"Sid": "ECRAuthToken", "Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"});
    assert_eq!(policy["Statement"][0], token);
}

#[test]
fn s1_19_images_are_allowed_of_the_customers_account_alone() {
    let policy = json_of(&text(&in_world("wave-healthy"), "ecr-policy", false));
    let pull = json!({"Sid": "ECRPull", "Effect": "Allow", "Action": [
        "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage", "ecr:DescribeImages",
        "ecr:ListImages",
    ], "Resource": "arn:aws:ecr:*:444455556666:repository/*"});
    assert_eq!(policy["Statement"][1], pull);
}

#[test]
fn s1_20_the_policy_is_put_on_the_role() {
    let checked = in_world("wave-role-missing");
    let script = text(&checked, "create-role", false).body;
    let put = "aws iam put-role-policy --role-name WaveEcrAccess --policy-name EcrReadAccess --policy-document file://WaveEcrAccess-444455556666-EcrReadAccess.json --profile customer";
    assert!(script.lines().any(|line| line == put), "{script}");
    let written = documents(&script)
        .into_iter()
        .find(|(file, _)| file == "WaveEcrAccess-444455556666-EcrReadAccess.json")
        .unwrap();
    assert_eq!(written.1, json_of(&text(&checked, "ecr-policy", false)));
}

#[test]
fn s1_21_waves_user_is_allowed_this_one_role() {
    let policy = json_of(&text(&in_world("wave-caller"), "caller-policy", false));
    let one = json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ROLE});
    assert_eq!(policy, json!({"Version": "2012-10-17", "Statement": [one]}));
    let commands = text(&in_world("wave-caller"), "aws-commands", true).body;
    assert!(commands.contains("aws iam put-user-policy --user-name DevelopmentTowerUser"), "{commands}");
    // Where it is allowed already there is nothing to put: a user's inline policies share 2,048 characters.
    let allowed = text(&in_world("wave-healthy"), "aws-commands", true).body;
    assert!(!allowed.contains("put-user-policy"), "{allowed}");
    assert!(allowed.contains("# It is allowed already, by inline policy AssumeCustomerRole."), "{allowed}");
}

#[test]
fn s1_23_the_credentials_are_registered_with_platform_and_its_token_stays_out() {
    let request = text(&in_world("wave-healthy"), "credentials-request", false);
    let post = request.body.lines().find(|line| line.starts_with("curl ")).unwrap();
    assert!(post.contains("-X POST 'https://<platform-host>/api/credentials?workspaceId=123456789'"), "{post}");
    assert!(post.contains("-H @platform-token.header") && !post.contains("Bearer"), "{post}");
    assert!(request.body.contains("Authorization: Bearer <platform-token>"));
    assert!(!request.body.contains("demo-platform-token") && !request.body.contains(EXTERNAL_ID));
    let (_, body) = documents(&request.body).remove(0);
    assert_eq!(
        (&body["credentials"]["provider"], &body["credentials"]["name"]),
        (&json!("aws"), &json!("ecr-444455556666"))
    );
}

#[test]
fn s1_24_the_container_request_names_image_token_workspace_and_platform() {
    let script = text(&in_world("wave-healthy"), "credentials-request", false).body;
    let (_, shown) = script.split_once("http://localhost:9090/v1alpha2/container:\n").unwrap();
    let body: String = shown.lines().map(|line| line.trim_start_matches('#')).collect();
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body["containerImage"], "444455556666.dkr.ecr.eu-west-1.amazonaws.com/my-image");
    assert_eq!(
        (&body["towerAccessToken"], &body["towerWorkspaceId"]),
        (&json!("<platform-token>"), &json!(123_456_789))
    );
    assert_eq!(body["towerEndpoint"], "https://<platform-host>");
}

#[test]
fn s1_33_three_commands_prove_it() {
    let script = text(&in_world("wave-healthy"), "create-role", true).body;
    let (_, proof) = script.split_once("# Proof").unwrap();
    let commands: Vec<&str> = proof.lines().filter(|line| line.starts_with("aws ")).collect();
    let [who, trust, call] = commands.as_slice() else { panic!("{proof}") };
    assert_eq!(*who, "aws sts get-caller-identity --profile wave-dev", "as whoever calls");
    assert!(trust.starts_with("aws iam get-role --role-name WaveEcrAccess --query Role.AssumeRolePolicyDocument"));
    assert!(
        call.contains(&format!("--role-arn {ROLE}")) && call.contains(&format!("--external-id {EXTERNAL_ID}")),
        "{call}"
    );
    // Behind a jump role they are made with its session, or not at all.
    let script = text(&in_world("wave-jump-role"), "create-role", true).body;
    documents(&script);
    let (_, proof) = script.split_once("# Proof").unwrap();
    let lines: Vec<&str> = proof.lines().skip_while(|line| *line != "(").collect();
    assert!(lines[1].starts_with("session=$(aws sts assume-role --role-arn arn:aws:iam::111122223333:role/WaveJump"));
    assert!(
        lines[1].ends_with("--profile wave-dev) || exit") && lines[1].contains("--external-id 8e2b6f10"),
        "{proof}"
    );
    let calls: Vec<&&str> = lines.iter().filter(|line| line.starts_with("aws sts ")).collect();
    assert!(calls.len() == 2 && calls.iter().all(|call| !call.contains("--profile")), "{proof}");
    assert_eq!(lines.last(), Some(&")"), "{proof}");
}
