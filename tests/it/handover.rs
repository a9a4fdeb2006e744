//! `rolecall print` as a user runs it: the texts of a demo world, what they do in a shell, and that they cure what the world denies.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use rolecall::handover::{self, Name, Wish};
use rolecall::model::Verdict;
use rolecall::model::verdict::Party;
use rolecall::policy::{Answer, Case, NamedPolicy, Policy, Readable, evaluate};
use rolecall::sandbox::World;
use serde_json::Value;

use crate::demo::check_in;
use crate::raw_bytes::{Sink, strangers};
use crate::said::flat;

const TEXTS: [&[&str]; 14] = [
    &["task-role-policy"],
    &["caller-policy"],
    &["trust-policy"],
    &["aws-commands"],
    &["cdk"],
    &["terraform"],
    &["container-env"],
    &["container-env", "--as", "ecs"],
    &["container-env", "--as", "compose"],
    &["container-env", "--style", "service-envars"],
    &["container-env", "--style", "service-envars", "--as", "ecs"],
    &["container-env", "--style", "service-envars", "--as", "compose"],
    &["health"],
    &["config-body"],
];

const READ: &str = "arn:aws:iam::111122223333:role/ReadQuiltV2-quilt-prod";
const TASK_ROLE: &str = "arn:aws:iam::111122223333:role/BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6";

fn print(arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_rolecall"))
        .arg("print")
        .args(arguments)
        .env_clear()
        // Whatever would be asked is asked here, where nobody answers.
        .env("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        .env("HOME", home.path())
        .output()
        .unwrap()
}

fn said(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_owned()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_texts_of_an_untouched_stack() {
    let (mut all, schema) =
        (String::new(), jsonschema::validator_for(&serde_json::from_str(handover::SCHEMA).unwrap()).unwrap());
    for arguments in TEXTS {
        let (code, text, notes) = said(&print(&[arguments, &["--demo"]].concat()));
        all.push_str(&format!("===== {} (exit {code})\n{text}----- standard error\n{notes}\n", arguments.join(" ")));
        let (json_code, printed, silence) = said(&print(&[arguments, &["--demo", "--format", "json"]].concat()));
        let printed: Value = serde_json::from_str(&printed).unwrap();
        let faults: Vec<String> = schema.iter_errors(&printed).map(|error| error.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new(), "{arguments:?}");
        assert_eq!((json_code, silence.as_str()), (code, ""), "{arguments:?}");
        assert_eq!(printed["body"], text.as_str(), "{arguments:?}");
        let open = printed["gaps"].as_array().unwrap();
        assert_eq!(open.is_empty() && printed["partial"] == false, code == 0, "{arguments:?}");
        for gap in open {
            let placeholder = gap["placeholder"].as_str().unwrap();
            assert!(text.contains(placeholder) && notes.contains(placeholder), "{arguments:?}: {placeholder}");
        }
        if printed["language"] == "json" {
            serde_json::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
        }
    }
    insta::assert_snapshot!(all);
}

#[test]
fn the_schema_is_published() {
    let output = Command::new(env!("CARGO_BIN_EXE_rolecall")).args(["schema", "print"]).env_clear().output().unwrap();
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
}

#[test]
fn no_text_is_asked_for_what_the_flags_say() {
    let stack = "arn:aws:cloudformation:us-east-1:111122223333:stack/quilt-prod/1a2b";
    for (arguments, code, wanted) in [
        (&["task-role-policy", "--role", READ][..], 0, READ),
        (&["caller-policy", "--role", READ, "--principal", "arn:aws:iam::444455556666:user/Wave"], 0, READ),
        (&["trust-policy", "--new-role", "--role", READ, "--principal", TASK_ROLE], 0, TASK_ROLE),
        (&["aws-commands", "--role", READ, "--principal", TASK_ROLE], 0, "put-role-policy"),
        (&["cdk", "--role", READ, "--principal", TASK_ROLE], 0, "ArnPrincipal"),
        (&["terraform", "--new-role", "--role", READ, "--principal", TASK_ROLE], 0, "principals"),
        (&["aws-commands", "--role", READ, "--principal", TASK_ROLE, "--external-id", "id-1234"], 3, "'<external-id>'"),
        (
            &["cdk", "--role", READ, "--principal", TASK_ROLE, "--external-id", "id-1234", "--show-external-ids"],
            0,
            "\"id-1234\"",
        ),
        (
            &["container-env", "--stack", stack, "--secret", "benchling-webhook-prod"],
            0,
            "BenchlingSecret=benchling-webhook-prod\n",
        ),
    ] {
        let started = std::time::Instant::now();
        let (actual, text, notes) = said(&print(arguments));
        assert_eq!(actual, code, "{arguments:?}: {notes}");
        assert!(text.contains(wanted), "{arguments:?}: {text}");
        assert!(!notes.contains("could not be asked"), "{arguments:?}: {notes}");
        assert!(started.elapsed() < std::time::Duration::from_secs(5), "{arguments:?}: nobody was waited for");
    }
}

#[test]
fn wrong_usage_prints_nothing() {
    for (arguments, words) in [
        (&["trust-policy", "--role", "arn:aws:iam::111122223333:user/ada"][..], "`user`, not a role"),
        (&["trust-policy", "--style", "secrets-only", "--demo"], "container-env alone"),
        (&["health", "--role", READ, "--demo"], "has no role in it"),
        (&["cdk", "--new-role", "--demo"], "trust-policy and terraform"),
        (&["trust-policy", "--demo=role-arns-typed"], "choose one with --role arn:"),
        (&["answers", "--show-external-ids"], "text to hand over"),
        (&["nothing"], "invalid value"),
    ] {
        let (code, text, complaint) = said(&print(arguments));
        assert_eq!((code, text.as_str()), (2, ""), "{arguments:?}: {complaint}");
        assert!(complaint.contains(words), "{arguments:?}: {complaint}");
    }
}

#[test]
fn a_policy_that_could_not_be_added_to_is_said_to_be_incomplete() {
    for (world, code) in [("roles-missing", 3), ("read-only-operator", 3), ("quilt-healthy", 0)] {
        let (actual, _, notes) = said(&print(&["trust-policy", &format!("--demo={world}")]));
        let notes = flat(&notes);
        assert_eq!(
            (actual, notes.contains("would take the place of every statement")),
            (code, code == 3),
            "{world}: {notes}"
        );
    }
}

#[test]
fn a_role_that_is_none_of_the_stacks_is_looked_up_too() {
    let other = "arn:aws:iam::111122223333:role/quilt-prod-AmazonECSTaskExecutionRole-1M8F2Q7ZK3T9X";
    let (code, text, notes) = said(&print(&["trust-policy", "--demo", "--role", other, "--principal", TASK_ROLE]));
    assert_eq!(code, 0, "{notes}");
    let policy: Value = serde_json::from_str(&text).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    assert_eq!(statements[0]["Principal"]["Service"], "ecs-tasks.amazonaws.com", "{text}");
    assert_eq!(statements[1]["Principal"]["AWS"], TASK_ROLE, "{text}");
}

#[test]
fn nothing_but_text_is_printed_of_a_hostile_world() {
    let world = World::load("hostile-names").unwrap();
    let (checked, _) = check_in(&world, world.selection());
    let texts = handover::texts(&checked.facts, &checked.selection, &checked.judgement, None, &Wish::default());
    assert!(texts.len() >= 14);
    for text in texts {
        let all = [&[text.body.clone(), text.title][..], &text.notes].concat().join("\n");
        assert_eq!(strangers(all.as_bytes(), Sink::Text), Vec::<String>::new(), "{:?}", text.name);
        assert!(all.len() < 60_000 && !all.contains("demo-client-secret"), "{:?}", text.name);
    }
    for arguments in [&["trust-policy", "--role", READ][..], &["config-body", "--format", "json"]] {
        let output = print(&[arguments, &["--demo=hostile-names"]].concat());
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        for stream in [&output.stdout, &output.stderr] {
            assert_eq!(strangers(stream, Sink::Text), Vec::<String>::new(), "{arguments:?}");
        }
    }
}

/// A script run by a real shell in which `aws` only writes its words down: one list for each call.
fn calls(script: &str, folder: &Path) -> Vec<Vec<String>> {
    let log = folder.join("calls.log");
    let preamble = "aws() { printf '%s\\0' \"$@\" >> \"$LOG\"; printf '\\n\\0' >> \"$LOG\"; }\n";
    let output = Command::new("/bin/sh")
        .args(["-eu", "-c", &format!("{preamble}{script}")])
        .current_dir(folder)
        .env_clear()
        .env("LOG", &log)
        .output()
        .unwrap();
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty(), "{output:?}\n{script}");
    let written = String::from_utf8(std::fs::read(&log).unwrap()).unwrap();
    std::fs::remove_file(&log).unwrap();
    let words: Vec<&str> = written.split('\0').collect();
    words
        .split(|word| *word == "\n")
        .filter(|call| call.len() > 1)
        .map(|call| call.iter().map(|&word| word.to_owned()).collect())
        .collect()
}

fn option<'a>(call: &'a [String], name: &str) -> Option<&'a str> {
    let at = call.iter().position(|word| word == name)?;
    call.get(at + 1).map(String::as_str)
}

fn workload_verdict<'a>(verdicts: &'a [Verdict], role: &str) -> &'a Verdict {
    verdicts.iter().find(|verdict| verdict.party == Party::Workload && verdict.role_arn == role).unwrap()
}

#[test]
fn the_commands_cure_what_an_untouched_stack_denies_and_lose_no_statement() {
    let world = World::load("quilt-untouched").unwrap();
    let (checked, _) = check_in(&world, world.selection());
    let subject = handover::subject(&checked.facts, &checked.selection, &checked.judgement, None, &Wish::default());
    let script = handover::named(&subject, Name::AwsCommands).remove(0).body;
    let folder = tempfile::tempdir().unwrap();
    let calls = calls(&script, folder.path());
    let files: BTreeSet<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let task_role = "BenchlingWebhookStack-TaskRole-1AB2C3D4E5F6";
    let expected = ["ReadQuiltV2-quilt-prod", "ReadWriteQuiltV2-quilt-prod"]
        .iter()
        .flat_map(|name| ["before", "after"].map(|when| format!("{name}-trust-{when}.json")))
        .chain([format!("{task_role}-AssumeRoles-before.json")]);
    assert_eq!(files, expected.collect());

    let put = calls.iter().find(|call| call[1] == "put-role-policy").unwrap();
    assert_eq!(option(put, "--role-name"), Some(task_role));
    let own = Policy::parse(option(put, "--policy-document").unwrap()).unwrap();
    for role in subject.edges[0].roles.iter().map(|role| role.arn.known().unwrap()) {
        let case = workload_verdict(&checked.judgement.verdicts, &role.to_string()).case.clone().unwrap();
        let before = case.trust.read().unwrap().as_ref().unwrap().to_json();
        assert_eq!(evaluate(&case, checked.facts.observed_at).verdict, Answer::Deny, "{role}");
        let query = calls
            .iter()
            .filter(|call| call[1] == "get-role" && option(call, "--role-name") == Some(role.name()))
            .filter_map(|call| option(call, "--query"))
            .find(|query| query.contains("merge"))
            .unwrap();
        let answer = serde_json::json!({"Role": {"AssumeRolePolicyDocument": before}});
        let answer = jmespath::Variable::try_from(answer).unwrap();
        let after = jmespath::compile(query).unwrap().search(answer).unwrap().to_string();
        let after: Value = serde_json::from_str(&after).unwrap();
        let kept = before["Statement"].as_array().unwrap();
        assert_eq!(&after["Statement"].as_array().unwrap()[..kept.len()], kept.as_slice());
        let trust = handover::named(&subject, Name::TrustPolicy)
            .into_iter()
            .find(|text| text.of.as_deref() == Some(role.name()));
        assert_eq!(after, serde_json::from_str::<Value>(&trust.unwrap().body).unwrap(), "as the trust policy's text");
        let update = calls
            .iter()
            .find(|call| call[1] == "update-assume-role-policy" && option(call, "--role-name") == Some(role.name()));
        assert_eq!(
            option(update.unwrap(), "--policy-document"),
            Some(format!("file://{}-trust-after.json", role.name()).as_str())
        );

        let mut identity = case.identity.read().unwrap().clone();
        identity.push(NamedPolicy { name: "inline policy AssumeRoles".into(), policy: own.clone() });
        let open = Case {
            trust: Readable::Read(Some(Policy::from_json(&after).unwrap())),
            identity: Readable::Read(identity),
            scps: Readable::Read(Vec::new()),
            rcps: Readable::Read(Vec::new()),
            ..*case
        };
        assert_eq!(evaluate(&open, checked.facts.observed_at).verdict, Answer::Allow, "{role}");
        let proof =
            calls.iter().find(|call| call[1] == "assume-role" && option(call, "--role-arn") == Some(&role.to_string()));
        assert_eq!(option(proof.unwrap(), "--query"), Some("AssumedRoleUser.Arn"), "no credentials on the screen");
    }
}

#[test]
fn names_stay_words_in_a_shell() {
    let world = World::load("quilt-untouched").unwrap();
    let (checked, _) = check_in(&world, world.selection());
    let mut subject = handover::subject(&checked.facts, &checked.selection, &checked.judgement, None, &Wish::default());
    let hostile = "a'b\"c`touch d`$(touch e)${f}; touch g\ntouch h # \\ *";
    let path = "/it's/$(touch${IFS}i)/`touch`/>j/";
    let arn = rolecall::values::RoleArn::parse(&format!("arn:aws:iam::111122223333:role{path}Name")).unwrap();
    let edge = &mut subject.edges[0];
    edge.roles.truncate(1);
    edge.caller.policy_name = hostile.replace('*', "");
    edge.caller.aws_profile = Some(hostile.into());
    edge.caller.stack = Some(hostile.into());
    edge.roles[0].aws_profile = Some(hostile.into());
    edge.roles[0].arn = handover::Slot::Known(arn.clone());
    edge.roles[0].external_id = Some(handover::Slot::Known(hostile.into()));
    let script = handover::named(&subject, Name::AwsCommands).remove(0).body;
    // A policy's name becomes a part of a file's: there a slash would be a folder.
    let folder = tempfile::tempdir().unwrap();
    let calls = calls(&script, folder.path());
    let files: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files.len(), 3, "{files:?}");
    assert!(calls.iter().filter_map(|call| option(call, "--profile")).all(|profile| profile == hostile));
    let assume = calls.iter().find(|call| call[1] == "assume-role").unwrap();
    assert_eq!(
        (option(assume, "--role-arn"), option(assume, "--external-id")),
        (Some(arn.to_string().as_str()), Some(hostile))
    );
    let merged = calls.iter().filter_map(|call| option(call, "--query")).find(|query| query.contains("merge")).unwrap();
    let answer =
        jmespath::Variable::try_from(serde_json::json!({"Role": {"AssumeRolePolicyDocument": {"Statement": []}}}))
            .unwrap();
    let after: Value =
        serde_json::from_str(&jmespath::compile(merged).unwrap().search(answer).unwrap().to_string()).unwrap();
    assert_eq!(after["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"], hostile);
}

/// What the trust policy's text adds is what the diagnosis cures by the trust policy, and nothing where it cures by the request or not at all.
#[test]
fn in_every_denied_world_the_trust_policy_changes_only_where_the_cure_does() {
    let (mut changed, mut kept) = (0, 0);
    for name in World::names().iter().filter(|name| name.starts_with("deny-")) {
        let world = World::load(name).unwrap();
        let (checked, _) = check_in(&world, world.selection());
        let wish = Wish { shows_external_ids: true, ..Wish::default() };
        let subject = handover::subject(&checked.facts, &checked.selection, &checked.judgement, None, &wish);
        let asked = checked.selection.inquiry.as_ref().unwrap().principal.is_some();
        for (hop, edge) in subject.edges.iter().enumerate() {
            let handover::Trust::Read { document, stands, .. } = &edge.roles[0].trust else { continue };
            let party = if asked { Party::Workload } else { Party::Operator };
            let verdict = checked.judgement.path.iter().find(|verdict| verdict.hop == hop && verdict.party == party);
            let Some((cure, case)) = verdict.and_then(|verdict| Some((verdict.cure.as_ref()?, verdict.case.as_ref()?)))
            else {
                continue;
            };
            let by_trust = cure.fixes.iter().any(|fix| fix.is_of_trust());
            let lacks = matches!(stands, handover::Standing::Lacks(_));
            // A misspelt condition is mended where it stands: a statement beside it would go around it.
            if !cure.fixes.is_empty() && *name != "deny-condition-key-never-present" {
                assert_eq!(lacks, by_trust, "{name} hop {hop}: {stands:?}, {:?}", cure.fixes);
            }
            let text = handover::named(&subject, Name::TrustPolicy).remove(hop);
            let after: Value = serde_json::from_str(&text.body).unwrap();
            assert_eq!(after != *document, lacks, "{name} hop {hop}");
            if lacks {
                let open = Case {
                    trust: Readable::Read(Some(Policy::from_json(&after).unwrap())),
                    live_error: None,
                    ..(**case).clone()
                };
                let decision = evaluate(&open, checked.facts.observed_at);
                let of_trust = decision.causes.iter().any(|cause| cause.layer == rolecall::policy::Layer::Trust);
                assert!(!of_trust, "{name} hop {hop}: {:?}", decision.causes);
                changed += 1;
            } else {
                kept += 1;
            }
        }
    }
    assert!(changed >= 6 && kept >= 10, "{changed} changed, {kept} kept");
}

fn rolecall(arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_rolecall")).args(arguments).env_clear().env("HOME", home.path()).output().unwrap()
}

#[test]
fn commands_for_roles_of_one_name_in_many_accounts_overwrite_nothing() {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for account in ["444455556666", "555566667777"] {
        let role = format!("arn:aws:iam::{account}:role/SREReadOnly");
        let world = "--demo=sre-roles-denied";
        // Somebody whose policies nobody has read: what is allowed already is not put again.
        let other = ["--principal", "arn:aws:iam::111122223333:user/somebody"];
        let asked = ["aws-commands", world, "--system", "sre-roles", "--role", &role];
        let (_, script, notes) = said(&print(&[&asked[..], &other].concat()));
        let policy = format!("--policy-name Assume-SREReadOnly-{account} ");
        assert!(script.contains(&policy), "{script}{notes}");
        let files = script.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" > "));
        for (_, file) in files {
            assert!(taken.insert(file.to_owned()), "{file} is written twice: {script}");
        }
    }
    assert!(taken.len() >= 2, "{taken:?}");
}

#[test]
fn what_only_the_caller_can_prove_is_run_with_the_callers_aws_profile() {
    let (_, script, _) = said(&print(&["aws-commands", "--demo=wave-caller", "--system", "wave"]));
    for call in ["aws sts get-caller-identity", "aws sts assume-role"] {
        let line = script.lines().find(|line| line.starts_with(call)).unwrap();
        assert!(line.contains("--profile wave-dev"), "{line}");
    }
    // Whoever is named in the caller's place signs in otherwise.
    let other = "arn:aws:iam::111122223333:user/somebody";
    let named = ["aws-commands", "--demo=wave-caller", "--system", "wave", "--principal", other];
    let (_, script, _) = said(&print(&named));
    assert!(script.lines().any(|line| line == "aws sts get-caller-identity"), "{script}");
}

#[test]
fn the_call_that_cures_is_made_with_the_callers_aws_profile() {
    let output = rolecall(&["check", "--demo=sre-roles-session-name", "--system", "sre-roles"]);
    let (_, report, _) = said(&output);
    let report = flat(&report);
    let calls: Vec<&str> = report.split("Make the call.").skip(1).collect();
    assert!(!calls.is_empty(), "{report}");
    for call in calls {
        let call: String = call.chars().take(400).collect();
        assert!(call.contains("--profile sre-bot"), "{call}");
    }
}

#[test]
fn the_permissions_of_megatests_are_those_of_its_batch_user() {
    let world = "--demo=megatests-healthy";
    let deployer = "arn:aws:iam::444455556666:user/deployer";
    for (more, user) in [
        (&[][..], "arn:aws:iam::*:user/TowerForge-AWSMegatests"),
        (&["--for", deployer][..], "arn:aws:iam::444455556666:user/TowerForge-AWSMegatests"),
        (&["--set", "user=Batch"][..], "arn:aws:iam::*:user/Batch"),
    ] {
        let (code, policy, notes) = said(&rolecall(&[&["permissions", world, "--system", "megatests"], more].concat()));
        assert_eq!(code, 0, "{notes}");
        let policy: Value = serde_json::from_str(&policy).unwrap();
        let of = |action: &str| {
            let statements = policy["Statement"].as_array().unwrap().iter();
            let those = statements.filter(|one| one["Action"].to_string().contains(action));
            those.map(|one| one["Resource"].to_string()).collect::<String>()
        };
        for action in ["iam:ListAccessKeys\"", "iam:SimulatePrincipalPolicy\"", "iam:ListAttachedUserPolicies\""] {
            assert!(of(action).contains(&format!("\"{user}\"")), "{action}: {policy}");
        }
    }
    let (code, _, error) = said(&rolecall(&["permissions", world, "--system", "megatests", "--set", "nobody=x"]));
    assert_eq!((code, error.contains("no such setting")), (2, true), "{error}");
}

#[test]
fn a_demo_worlds_own_settings_count_for_permissions() {
    let (code, policy, notes) = said(&rolecall(&["permissions", "--demo=wave-healthy", "--system", "wave"]));
    assert_eq!(code, 0, "{notes}");
    assert!(policy.contains("arn:aws:iam::444455556666:role/WaveEcrAccess"), "{policy}");
}

#[test]
fn a_policy_that_fits_nowhere_says_so_and_a_wider_one_is_asked_for() {
    let many = ["permissions", "--demo=sre-roles-many", "--system", "sre-roles"];
    let (_, _, notes) = said(&rolecall(&many));
    let flat = notes.replace("\n# ", " ");
    assert!(flat.contains("fits nowhere") && flat.contains("--by-account"), "{notes}");
    let (code, policy, notes) = said(&rolecall(&[&many[..], &["--by-account"]].concat()));
    assert!(code == 0 && policy.contains("arn:aws:iam::888899990000:role/*"), "{policy}");
    assert!(!policy.contains("SREFleet") && policy.len() < 6_144, "{policy}");
    assert!(notes.replace("\n# ", " ").contains("more than a diagnosis needs"), "{notes}");
}

#[test]
fn one_of_several_texts_is_chosen_by_what_the_refusal_lists() {
    let several = ["trust-policy", "--demo=sre-roles-healthy", "--system", "sre-roles"];
    let (code, body, refusal) = said(&print(&several));
    assert_eq!((code, body.as_str()), (2, ""));
    assert!(!refusal.contains("a aws") && refusal.starts_with("rolecall: there are several texts"), "{refusal}");
    let options = refusal.trim().rsplit_once("choose one with ").unwrap().1;
    for option in options.split(" or ") {
        let words: Vec<&str> = option.split(' ').collect();
        let (code, body, error) = said(&print(&[&several[..], &words].concat()));
        assert!(code != 2 && body.contains("sts:AssumeRole"), "{option}: {error}");
    }
    let (code, _, error) = said(&print(&[&several[..], &["--of", "nobody"]].concat()));
    assert!(code == 2 && error.contains("of nobody, only of"), "{error}");
}

#[test]
fn why_there_is_no_text_is_said() {
    let (code, _, error) = said(&print(&["trust-policy", "--demo=sre-roles-not-json", "--system", "sre-roles"]));
    assert!(code == 2 && error.contains("no role follows from the settings"), "{error}");
}

#[test]
fn advice_in_the_texts_of_a_system_names_no_option_that_it_refuses() {
    for (text, world) in [("create-role", "wave-healthy"), ("trust-policy", "wave-external-id")] {
        let demo = format!("--demo={world}");
        let (_, body, notes) = said(&print(&[text, &demo, "--system", "wave"]));
        assert!(!format!("{body}{notes}").contains("check --role"), "{body}{notes}");
        if text == "create-role" {
            let save = body.find("aws iam get-role-policy").unwrap();
            assert!(body.find("aws iam put-role-policy").is_some_and(|put| save < put), "saved first: {body}");
        }
    }
}

#[test]
fn a_flag_that_a_demo_worlds_system_makes_nothing_of_is_refused() {
    for flag in [["--duration", "900"], ["--stack", "foo"], ["--probe", "s3://bucket"]] {
        let (code, _, error) = said(&rolecall(&[&["check", "--demo=wave-healthy"], &flag[..]].concat()));
        assert!(code == 2 && error.contains(flag[0]), "{error}");
    }
}
