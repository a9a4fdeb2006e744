use rolecall::model::selection::RoleKind;
use rolecall::model::verdict::Party;
use rolecall::model::{Hop, Inquiry, Selection, Severity};
use rolecall::values::RoleArn;
use serde_json::{Value, json};

use crate::seeds::scene::{READ, Scene, WRITE, finding, of_config, planned, rolecall, verdict, with_id};

/// The healthy world with this patch of its `config.json`.
fn with_config(patch: Value) -> Scene {
    Scene::patched(json!({
        "extends": "quilt-healthy", "home": {".config/benchling-webhook/default/config.json": patch}
    }))
}

#[test]
fn s0_23_the_two_optional_fields_are_written_below_quilt() {
    let scene = Scene::of("quilt-no-secret");
    let checked = scene.check();
    scene.write(&checked, planned(&checked));
    let quilt = scene.config()["quilt"].clone();
    assert_eq!((&quilt["readRoleArn"], &quilt["writeRoleArn"]), (&json!(READ), &json!(WRITE)));
}

#[test]
fn s0_25_each_config_profile_has_its_file_below_the_users_configuration() {
    let scene = Scene::of("quilt-no-secret");
    for profile in ["default", "staging-2"] {
        let checked = scene.check_as(Selection { config_profile: profile.into(), ..scene.world.selection() });
        let place = scene.home().join(".config/benchling-webhook").join(profile).join("config.json");
        assert_eq!(of_config(&planned(&checked)).path, place);
    }
}

#[test]
fn s0_26_a_config_json_without_the_fields_is_no_worse_and_keeps_what_is_not_known() {
    let without = json!({"quilt": {"readRoleArn": null, "writeRoleArn": null, "ours": [1, 2]}, "x-note": {"by": "us"}});
    let scene = with_config(without);
    let checked = scene.check();
    let wrong = checked.judgement.findings.iter().filter(|finding| finding.severity <= Severity::Warning);
    let ids: Vec<&str> = wrong.map(|finding| finding.id.as_str()).collect();
    assert_eq!(ids, ["config/extra-keys"], "only the name that nobody knows is told");
    scene.write(&checked, planned(&checked));
    let config = scene.config();
    assert_eq!((&config["quilt"]["ours"], &config["x-note"]), (&json!([1, 2]), &json!({"by": "us"})));
    assert_eq!(config["quilt"]["readRoleArn"], READ);
}

#[test]
fn s0_40_what_is_no_role_arn_is_refused_and_never_reaches_a_command() {
    for injected in [
        "arn:aws:iam::111122223333:role/x; rm -rf ~",
        "arn:aws:iam::111122223333:role/$(id)",
        "arn:aws:iam::111122223333:role/x\u{1b}[2J",
        "arn:aws:iam::111122223333:role/a\"b",
        "arn:aws:iam::111122223333:role/*",
    ] {
        let said = rolecall(&["print", "task-role-policy", "--role", injected]).expect(2);
        assert!(said.out.is_empty() && !said.err.contains('\u{1b}'), "{}", said.err);
        let checked = with_config(json!({"quilt": {"readRoleArn": injected}})).check();
        let told = finding(&checked, "role/arn-format", "quilt.readRoleArn");
        assert_eq!(told.severity, Severity::Error, "{injected}");
        let commands = checked.judgement.findings.iter().flat_map(|finding| &finding.fixes);
        let commands: Vec<&String> = commands.filter_map(|fix| fix.command.as_ref()).collect();
        assert!(commands.iter().all(|command| !command.contains("rm -rf") && !command.contains("$(id)")));
    }
}

#[test]
fn s0_44_writing_changes_no_field_that_was_right() {
    let scene = with_config(json!({"quilt": {"database": null}}));
    let before = scene.config();
    let checked = scene.check();
    scene.write(&checked, planned(&checked));
    let mut after = scene.config();
    assert_eq!(after["quilt"]["database"], "userathenadatabase-4n8vq2xk7p1s", "what was missing is there");
    after["quilt"].as_object_mut().unwrap().remove("database");
    after["_metadata"] = before["_metadata"].clone();
    assert_eq!(after, before);
}

#[test]
fn s0_46_an_arn_is_held_to_the_shape_of_a_role() {
    for right in [READ, "arn:aws-us-gov:iam::111122223333:role/a/b/Name+=,.@_-1", "arn:aws-cn:iam::111122223333:role/R"]
    {
        assert!(RoleArn::parse(right).is_ok(), "{right}");
        let checked = with_config(json!({"quilt": {"writeRoleArn": right}})).check();
        assert!(with_id(&checked, "role/arn-format").is_empty(), "{right}");
    }
    for wrong in ["ReadQuiltV2-quilt-prod", "arn:aws:iam::1111:role/R", "arn:aws:iam::111122223333:user/R"] {
        let checked = with_config(json!({"quilt": {"writeRoleArn": wrong}})).check();
        let told = finding(&checked, "role/arn-format", "quilt.writeRoleArn");
        assert!(told.evidence.iter().any(|line| line.contains(wrong)), "{told:?}");
    }
}

/// A role of another service can be tried; the file knows the two roles for S3 alone.
#[test]
fn s0_59_any_role_can_be_tried_and_only_the_two_are_written() {
    let scene = Scene::of("secret-tried-works");
    let other = "arn:aws:iam::111122223333:role/quilt-prod-AmazonECSTaskExecutionRole-1M8F2Q7ZK3T9X";
    let inquiry = Inquiry { hops: vec![Hop::to(other)], ..Inquiry::of_role(other, "typed") };
    let tried = scene.check_as(Selection { inquiry: Some(inquiry), ..scene.world.selection() });
    assert!(verdict(&tried, Party::Operator, other).live.is_some(), "it was tried");

    let scene = Scene::of("quilt-no-secret");
    let plan = planned(&scene.check());
    let roles = of_config(&plan).fields.iter().filter(|field| RoleArn::parse(&field.after).is_ok());
    let names: Vec<&str> = roles.map(|field| field.name.as_str()).collect();
    let known = RoleKind::BOTH.map(|kind| format!("quilt.{}", kind.config_field()));
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(names.iter().all(|name| known.iter().any(|known| known == name)), "{names:?}");
}
