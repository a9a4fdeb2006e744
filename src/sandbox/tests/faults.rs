//! Latency and what goes wrong on purpose.

use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::*;
use crate::sandbox::{Failure, Fault};

fn fault(times: Option<u32>, failure: Failure) -> Fault {
    Fault { operation: "sts:GetCallerIdentity".into(), times, after: 0, attempts: Vec::new(), failure }
}

fn throttled() -> Failure {
    Failure::Error { status: 400, code: "Throttling".into(), message: "Rate exceeded".into() }
}

#[tokio::test]
async fn the_sdk_retries_what_passes() {
    let world = world("quilt-no-secret");
    world.inject(fault(Some(2), throttled()));
    let quick = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1));
    let config = config(&world, OPERATOR).to_builder().retry_config(quick).build();
    let client = aws_sdk_sts::Client::new(&config);
    assert_eq!(client.get_caller_identity().send().await.unwrap().arn(), Some(OPERATOR));
    assert_eq!(world.calls().len(), 3);
    assert_eq!(world.calls()[0].access_key_id, "AKIADEMOOPERATOR0001");
}

#[tokio::test]
async fn errors_surface_as_they_were_sent() {
    let world = world("quilt-no-secret");
    world.inject(fault(None, throttled()));
    let (code_, message) = refusal(sts(&world, OPERATOR).get_caller_identity().send().await);
    assert_eq!((code_.as_str(), message.as_str()), ("Throttling", "Rate exceeded"));

    let page = Failure::Page { status: 503, body: "<html>proxy</html>".into() };
    world.inject(fault(Some(1), page));
    assert_eq!(code(sts(&world, OPERATOR).get_caller_identity().send().await), "(none)");

    world.inject(fault(Some(1), Failure::Connection));
    let error = sts(&world, OPERATOR).get_caller_identity().send().await.unwrap_err();
    assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
}

#[tokio::test]
async fn a_lost_connection_is_tried_again_wherever_it_is_lost() {
    for failure in [Failure::Connection, Failure::Reset, Failure::Truncated] {
        let world = world("quilt-no-secret");
        world.inject(Fault { attempts: vec![1], ..fault(None, failure.clone()) });
        let quick = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1));
        let config = config(&world, OPERATOR).to_builder().retry_config(quick).build();
        let client = aws_sdk_sts::Client::new(&config);
        for call in 1..=2 {
            assert_eq!(client.get_caller_identity().send().await.unwrap().arn(), Some(OPERATOR), "{failure:?}");
            assert_eq!(world.calls().len(), 2 * call, "{failure:?}: each call once");
        }
    }
}

#[tokio::test]
async fn deceiving_text_arrives_as_it_was_sent() {
    let name = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\r\n\t<&\"";
    let world = patched(serde_json::json!({
        "extends": "quilt-no-secret", "request_id": "id-\u{202e}",
        "accounts": {"111122223333": {"regions": {"us-east-1": {"stacks": {"quilt-prod": {"status_reason": name}}}}}}
    }));
    let answer = stacks(&world, OPERATOR).describe_stacks().stack_name("quilt-prod").send().await.unwrap();
    assert_eq!(answer.stacks()[0].stack_status_reason(), Some(name));
    let error = stacks(&world, OPERATOR).describe_stacks().stack_name("gone").send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().headers().get("x-amzn-requestid"), Some("id-\u{202e}"));
}

#[tokio::test]
async fn silence_ends_with_the_operations_time_out() {
    let world = world("quilt-no-secret");
    world.inject(fault(None, Failure::Silence));
    let patience = TimeoutConfig::builder().operation_timeout(Duration::from_millis(50)).build();
    let config = config(&world, OPERATOR).to_builder().timeout_config(patience).build();
    let error = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap_err();
    assert!(matches!(error, SdkError::TimeoutError(_)), "{error:?}");
}

#[tokio::test]
async fn calls_take_as_long_as_the_world_says() {
    let slow = serde_json::json!({
        "extends": "quilt-no-secret",
        "latency_ms": {"default": 20, "operations": {"cloudformation:DescribeStacks": 40, "sts:GetCallerIdentity": 0}}
    });
    let world = World::from_json(&slow.to_string()).unwrap();
    let started = std::time::Instant::now();
    stacks(&world, OPERATOR).describe_stacks().stack_name("quilt-prod").send().await.unwrap();
    iam(&world, OPERATOR).get_user().send().await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn no_host_but_the_worlds_services_can_be_reached() {
    let world = world("quilt-no-secret");
    let config =
        config(&world, OPERATOR).to_builder().endpoint_url("https://portal.sso.us-east-1.amazonaws.com").build();
    let error = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap_err();
    assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
    assert!(world.calls().is_empty());
}

#[tokio::test]
async fn nothing_secret_is_in_debug_output() {
    let world = world("quilt-healthy");
    let text = format!("{world:?} {:?}", world.client());
    assert!(!text.contains("demo-client-secret") && !text.contains("AKIA"), "{text}");
}
