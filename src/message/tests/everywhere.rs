//! Every known message in every wrapping: what is made of it must be what is made of it alone.

use std::collections::BTreeMap;

use super::*;

const REQUEST: &str = "5c1d3f0a-1b2c-4d5e-8f90-0123456789ab";

/// A message as AWS or an SDK gives it.
struct Given<'a> {
    /// `None` for what never comes from AWS.
    code: Option<&'a str>,
    text: &'a str,
}

impl Given<'_> {
    /// As an SDK prints code and message.
    fn coded(&self) -> String {
        self.code.map_or_else(|| self.text.to_owned(), |code| format!("{code}: {}", self.text))
    }

    fn cli(&self) -> String {
        match self.code {
            Some(code) => {
                format!("An error occurred ({code}) when calling the AssumeRole operation: {}", self.text)
            }
            None => self.text.to_owned(),
        }
    }

    fn go(&self) -> String {
        match self.code {
            Some(code) => format!(
                "operation error STS: AssumeRole, https response error StatusCode: 403, RequestID: {REQUEST}, api error {code}: {}",
                self.text
            ),
            None => format!("operation error STS: AssumeRole, get identity: get credentials: {}", self.text),
        }
    }

    fn code(&self) -> &str {
        self.code.unwrap_or("CredentialsError")
    }

    /// Within quotation marks of JSON or Rust.
    fn escaped(text: &str) -> String {
        let quoted = serde_json::to_string(text).unwrap();
        quoted[1..quoted.len() - 1].to_owned()
    }
}

type Wrapping = (&'static str, fn(&Given<'_>) -> String);
type Way = (&'static str, fn(&str) -> String);

/// As public logs show them. Where a tool has two forms, both.
const WRAPPINGS: &[Wrapping] = &[
    ("AWS CLI", |given| format!("\n{}\n", given.cli())),
    ("AWS CLI, newer", |given| format!("\naws: [ERROR]: {}\n", given.cli())),
    ("AWS CLI below its command", |given| {
        format!("$ aws sts get-caller-identity --profile prod\n\n{}\n$ ", given.cli())
    }),
    ("boto3", |given| {
        format!(
            "Traceback (most recent call last):\n  File \"/app/main.py\", line 12, in <module>\n    sts.assume_role(RoleArn=arn, RoleSessionName=\"x\")\n  File \"/usr/lib/python3/botocore/client.py\", line 960, in _make_api_call\n    raise error_class(parsed_response, operation_name)\nbotocore.exceptions.ClientError: {}",
            given.cli()
        )
    }),
    ("Go v1", |given| format!("{}\n\tstatus code: 403, request id: {REQUEST}", given.coded())),
    ("Go v2", |given| given.go()),
    ("Go v2 within others", |given| format!("failed to refresh cached credentials, {}", given.go())),
    ("JavaScript v2", |given| {
        format!(
            "Uncaught {}\n    at Request.extractError (/app/node_modules/aws-sdk/lib/protocol/query.js:50:29)\n    at Request.callListeners (/app/node_modules/aws-sdk/lib/sequential_executor.js:106:20) {{\n  code: '{}',\n  time: 2024-01-01T00:00:00.000Z,\n  requestId: '{REQUEST}',\n  statusCode: 403,\n  retryable: false,\n  retryDelay: 42.1\n}}",
            given.coded(),
            given.code()
        )
    }),
    ("JavaScript v3", |given| {
        format!(
            "{}\n    at throwDefaultError (/app/node_modules/@smithy/smithy-client/dist-cjs/index.js:388:20)\n    at async /app/node_modules/@aws-sdk/middleware-signing/dist-cjs/index.js:226:18 {{\n  '$fault': 'client',\n  '$metadata': {{\n    httpStatusCode: 403,\n    requestId: '{REQUEST}',\n    attempts: 1\n  }},\n  Type: 'Sender',\n  Code: '{}'\n}}",
            given.coded(),
            given.code()
        )
    }),
    ("Java v1", |given| {
        format!(
            "Exception in thread \"main\" com.amazonaws.services.securitytoken.model.AWSSecurityTokenServiceException: {} (Service: AWSSecurityTokenService; Status Code: 403; Error Code: {}; Request ID: {REQUEST}; Proxy: null)\n\tat com.amazonaws.http.AmazonHttpClient$RequestExecutor.handleErrorResponse(AmazonHttpClient.java:1819)",
            given.text,
            given.code()
        )
    }),
    ("Java v2", |given| {
        let class = match given.code() {
            modelled if modelled.starts_with("MalformedPolicyDocument") => "MalformedPolicyDocumentException",
            _ => "StsException",
        };
        format!(
            "software.amazon.awssdk.services.sts.model.{class}: {} (Service: Sts, Status Code: 403, Request ID: {REQUEST}) (SDK Attempt Count: 1)\n\tat software.amazon.awssdk.protocols.query.unmarshall.AwsXmlErrorUnmarshaller.unmarshall(AwsXmlErrorUnmarshaller.java:99)",
            given.text
        )
    }),
    ("Rust", |given| {
        format!(
            "service error: unhandled error ({code}): Error {{ code: \"{code}\", message: \"{}\", aws_request_id: \"{REQUEST}\" }}",
            Given::escaped(given.text),
            code = given.code()
        )
    }),
    ("Rust, debugged", |given| {
        format!(
            "ServiceError(ServiceError {{ source: Unhandled(Unhandled {{ source: ErrorMetadata {{ code: Some(\"{}\"), message: Some(\"{}\"), extras: Some({{\"aws_request_id\": \"{REQUEST}\"}}) }} }}), raw: Response {{ status: StatusCode(403) }} }})",
            given.code(),
            Given::escaped(given.text)
        )
    }),
    ("PHP", |given| {
        format!(
            "Error executing \"AssumeRole\" on \"https://sts.amazonaws.com\"; AWS HTTP error: Client error: `POST https://sts.amazonaws.com` resulted in a `403 Forbidden` response:\n<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    <Type>Sender</Type>\n    <Code (truncated...)\n {} (client): {} - <ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    <Type>Sender</Type>\n    <Code>{}</Code>\n    <Message>{}</Message>\n  </Error>\n  <RequestId>{REQUEST}</RequestId>\n</ErrorResponse>",
            given.code(),
            given.text,
            given.code(),
            given.text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
        )
    }),
    (".NET", |given| {
        format!(
            "Unhandled exception. Amazon.SecurityToken.AmazonSecurityTokenServiceException: {}\n ---> Amazon.Runtime.Internal.HttpErrorResponseException: Exception of type 'Amazon.Runtime.Internal.HttpErrorResponseException' was thrown.\n   at Amazon.Runtime.HttpWebRequestMessage.ProcessHttpResponseMessage(HttpResponseMessage responseMessage)\n   --- End of inner exception stack trace ---\n   at Amazon.Runtime.Internal.HttpErrorResponseExceptionHandler.HandleException(IExecutionContext executionContext)",
            given.coded()
        )
    }),
    ("Ruby", |given| {
        format!(
            "/usr/lib/ruby/gems/aws-sdk-core-3.190.0/lib/seahorse/client/plugins/raise_response_errors.rb:17:in `call': {} (Aws::STS::Errors::{})\n\tfrom /usr/lib/ruby/gems/aws-sdk-core-3.190.0/lib/aws-sdk-core/plugins/checksum_algorithm.rb:111:in `call'",
            given.text,
            given.code()
        )
    }),
    ("XML", |given| {
        format!(
            "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error><RequestId>{REQUEST}</RequestId></ErrorResponse>",
            given.code(),
            given.text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
        )
    }),
    ("CloudTrail", |given| {
        format!(
            "{{\n  \"eventVersion\": \"1.08\",\n  \"eventSource\": \"sts.amazonaws.com\",\n  \"eventName\": \"AssumeRole\",\n  \"errorCode\": \"{}\",\n  \"errorMessage\": \"{}\",\n  \"requestParameters\": null,\n  \"requestID\": \"{REQUEST}\"\n}}",
            given.code(),
            Given::escaped(given.text)
        )
    }),
    ("Terraform", |given| {
        boxed(&format!(
            "Cannot assume IAM Role\n\n  with provider[\"registry.terraform.io/hashicorp/aws\"],\n  on main.tf line 10, in provider \"aws\":\n  10: provider \"aws\" {{\n\n{}\n",
            filled(&format!("Error: {}", given.go()), 76)
        ))
    }),
    ("Terraform, older", |given| {
        format!(
            "Error: error configuring Terraform AWS Provider: error validating provider credentials: error calling sts:AssumeRole: {}\n\tstatus code: 403, request id: {REQUEST}\n\n  on main.tf line 1, in provider \"aws\":\n   1: provider \"aws\" {{\n",
            given.coded()
        )
    }),
    ("CDK", |given| {
        format!(
            "❌ Deployment failed: Error: Stack: Could not assume role in target account using current credentials (which are for account 111111111111) {} . Please make sure that this role exists in the account. If it doesn't exist, (re)-bootstrap the environment with the right '--trust', using the latest version of the CDK CLI.",
            given.text
        )
    }),
    ("CloudFormation", |given| {
        format!(
            "CREATE_FAILED        | Custom::Thing | Thing Resource handler returned message: \"{} (Service: Sts, Status Code: 403, Request ID: {REQUEST})\" (RequestToken: 0d1e, HandlerErrorCode: {})",
            given.text,
            given.code()
        )
    }),
    ("GitHub Actions", |given| {
        format!("2024-05-01T10:00:00.1234567Z ##[error]Could not assume role with user credentials: {}", given.text)
    }),
    ("GitHub Actions, as its page shows it", |given| {
        format!(
            "Run aws-actions/configure-aws-credentials@v4\nError: Could not assume role with user credentials: {}",
            given.text
        )
    }),
    ("Docker Compose", |given| format!("webhook-1  | ERROR:app:{}", given.cli())),
    ("ECS log", |given| {
        format!(
            "2024-05-01T10:00:00.123000+00:00 webhook/app/0123456789abcdef0123456789abcdef 2024-05-01 10:00:00,123 - src.auth.role_manager - ERROR - Failed to assume role: {}",
            given.cli()
        )
    }),
    ("systemd", |given| format!("May 01 10:00:00 ip-10-0-0-1 webhook[1234]: {}", given.cli())),
    ("log in JSON", |given| {
        format!(
            "{{\"level\":\"error\",\"ts\":\"2024-05-01T10:00:00.123Z\",\"msg\":\"reconcile failed\",\"controller\":\"bucket\",\"error\":\"{}\"}}",
            Given::escaped(&given.go())
        )
    }),
    ("structlog", |given| {
        format!(
            "{{\"event\": \"role_assumption_failed\", \"level\": \"error\", \"message\": \"Failed to assume role\", \"error\": \"{}\", \"timestamp\": \"2024-05-01T10:00:00Z\"}}",
            Given::escaped(&given.cli())
        )
    }),
    ("Kubernetes event", |given| {
        format!("  Warning  FailedAssumeRole  3m12s (x12 over 5m)  secrets-controller  {}", given.go())
    }),
    ("Kubernetes log", |given| {
        format!(
            "E0501 10:00:00.123456       1 controller.go:317] \"Reconciler error\" err=\"{}\" controller=\"bucket\" namespace=\"prod\"",
            Given::escaped(&given.go())
        )
    }),
    ("Pulumi", |given| {
        format!(
            "error: pulumi:providers:aws resource 'default' has a problem: unable to validate AWS credentials. Details: {}",
            given.go()
        )
    }),
];

/// What happens to a text on its way, whatever it is.
const WAYS: &[Way] = &[
    ("as it is", |text| text.to_owned()),
    ("wrapped between words", |text| filled(text, 80)),
    ("cut at 80 columns", |text| cut(text, 80)),
    ("cut at 120 columns", |text| cut(text, 120)),
    ("with line numbers", |text| {
        filled(text, 70).lines().zip(1..).map(|(line, number)| format!("{number:>4} | {line}\n")).collect()
    }),
    ("with numbers as of cat -n", |text| {
        text.lines().zip(1..).map(|(line, number)| format!("{number:>6}\t{line}\n")).collect()
    }),
    ("in a pane with borders", |text| filled(text, 76).lines().map(|line| format!("│ {line:<76} │\n")).collect()),
    ("quoted in a mail", |text| filled(text, 76).lines().map(|line| format!("> > {line}\n")).collect()),
    ("coloured", |text| format!("\u{1b}[31;1m{}\u{1b}[0m", text.replace("Error", "\u{1b}[1mError\u{1b}[22m"))),
    ("coloured, the escapes lost", |text| format!("[31;1m{text}[0m")),
    ("in a block of code", |text| format!("```\n{text}\n```")),
    ("with typographic quotes", typographic),
    ("with hard blanks", |text| text.replace("is not authorized", "is\u{a0}not\u{a0}authorized")),
    ("with line ends of Windows", |text| text.replace('\n', "\r\n")),
];

fn boxed(text: &str) -> String {
    let lines: String = text.lines().map(|line| format!("│ {line}\n")).collect();
    format!("╷\n{lines}╵\n")
}

/// Broken between words, so that no line is longer unless a word is.
fn filled(text: &str, columns: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut used = 0;
        for word in line.split(' ') {
            let width = word.chars().count();
            if used > 0 && used + 1 + width > columns {
                out.push('\n');
                used = 0;
            } else if used > 0 {
                out.push(' ');
                used += 1;
            }
            out.push_str(word);
            used += width;
        }
        out.push('\n');
    }
    out
}

/// Broken wherever the line ends, as a terminal shows it and some copy it; blanks at the ends of lines are lost.
fn cut(text: &str, columns: usize) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let characters: Vec<char> = line.chars().collect();
        for piece in characters.chunks(columns) {
            out.push_str(piece.iter().collect::<String>().trim_end());
            out.push('\n');
        }
    }
    out
}

fn typographic(text: &str) -> String {
    let mut out = String::new();
    let mut opening = true;
    for c in text.chars() {
        match c {
            '"' => {
                out.push(if opening { '“' } else { '”' });
                opening = !opening;
            }
            '\'' => out.push('’'),
            other => out.push(other),
        }
    }
    out
}

/// Every known message, with the code it comes with.
fn messages() -> Vec<(&'static str, Given<'static>)> {
    let given = |pattern: &'static patterns::Pattern| {
        let code = pattern.codes.first().map(String::as_str).filter(|code| *code != "(client)");
        (pattern.id.as_str(), Given { code, text: pattern.sample.trim() })
    };
    TABLE.all().map(given).collect()
}

/// What must be the same.
type Made = (Option<&'static str>, Option<Cause>, Option<Layer>, Vec<Step>, Option<String>);

fn made(text: &str) -> Made {
    let reading = read(text);
    (reading.id, reading.cause, reading.layer, reading.next, reading.role_arn)
}

/// A wrapping that drops the code cannot pass on a message that says nothing without it.
fn passes_on(wrapping: &str, id: &str) -> bool {
    let drops_the_code = ["CDK", "GitHub Actions", "GitHub Actions, as its page shows it"].contains(&wrapping);
    !(drops_the_code && id == "malformed_session_policy")
}

#[test]
fn every_message_leads_to_the_same_steps_in_every_wrapping() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (id, given) in messages() {
        let alone = made(&given.coded());
        assert_eq!(alone.0, Some(id));
        for (wrapping, wrap) in WRAPPINGS.iter().filter(|(wrapping, _)| passes_on(wrapping, id)) {
            tried += 1;
            let text = wrap(&given);
            let found = made(&text);
            if found != alone {
                wrong.push(format!(
                    "{id} from {wrapping}: {found:?}\nand not {alone:?}\n{text}\nread as {:?}\n",
                    read(&text).message
                ));
            }
        }
    }
    assert!(tried > 1_300, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_message_survives_the_way_to_the_clipboard() {
    let carried = ["AWS CLI", "boto3", "Go v2", "Rust", "Java v1", "GitHub Actions", "log in JSON"];
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (id, given) in messages() {
        let alone = made(&given.coded());
        let wrapped = WRAPPINGS.iter().filter(|(wrapping, _)| carried.contains(wrapping) && passes_on(wrapping, id));
        let texts = wrapped.map(|(wrapping, wrap)| (*wrapping, wrap(&given))).chain([("alone", given.coded())]);
        for (wrapping, text) in texts {
            for (way, carry) in WAYS {
                tried += 1;
                let text = carry(&text);
                let found = made(&text);
                if found != alone {
                    wrong.push(format!(
                        "{id} from {wrapping}, {way}: {found:?}\nand not {alone:?}\n{text}\nread as {:?}\n",
                        read(&text).message
                    ));
                }
            }
        }
    }
    assert!(tried > 4_500, "{tried}");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Logs are posted with the accounts blacked out: the names are still told, and so are the steps.
#[test]
fn accounts_that_are_blacked_out_change_no_step() {
    let accounts = regex_lite::Regex::new(r"\b\d{12}\b").unwrap();
    let kind = |steps: &[Step]| -> Vec<Option<String>> {
        steps
            .iter()
            .map(|step| step.command.as_ref().map(|command| command.split(' ').take(3).collect::<Vec<_>>().join(" ")))
            .collect()
    };
    for (id, given) in messages() {
        let alone = read(&given.coded());
        for black in
            ["***", "<redacted>", "XXXXXXXXXXXX", "************", "[REDACTED]", "1234****9012", "${ACCOUNT_ID}"]
        {
            let text = accounts.replace_all(given.text, regex_lite::NoExpand(black)).into_owned();
            let reading = read(&Given { code: given.code, text: &text }.cli());
            assert_eq!((reading.id, reading.cause, reading.layer), (Some(id), alone.cause, alone.layer), "{text}");
            assert_eq!(kind(&reading.next), kind(&alone.next), "{text}");
        }
    }
}

/// What whoever knows AWS would do first with each message: a command, or how the advice begins.
const FIRST: &[(&str, &str)] = &[
    ("arn_invalid", "Compare the ARN letter by letter"),
    ("constraint", "Correct roleSessionName"),
    ("denied_action", "aws iam list-role-policies --role-name Caller"),
    ("denied_bare", "aws iam get-role --role-name Target"),
    ("denied_explicit", "aws organizations describe-policy --policy-id p-2kgnabcd"),
    (
        "denied_explicit_untyped",
        "aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::111111111111:user/alice --action-names sts:AssumeRole --resource-arns arn:aws:iam::222222222222:role/Target",
    ),
    ("denied_identity_implicit", "aws iam list-role-policies --role-name Caller"),
    ("denied_implicit_other", "aws iam get-user --user-name alice --query User.PermissionsBoundary"),
    ("denied_old", "aws sts get-caller-identity"),
    ("denied_resource_implicit", "aws iam get-role --role-name Target"),
    ("denied_trust_explicit", "aws iam get-role --role-name ROLE_NAME"),
    ("denied_trust_implicit", "aws iam get-role --role-name ROLE_NAME"),
    (
        "denied_vpce_transitive",
        "aws organizations list-policies-for-target --target-id 111111111111 --filter SERVICE_CONTROL_POLICY",
    ),
    ("denied_untold", "aws sts get-caller-identity"),
    ("denied_web_identity", "aws iam get-role --role-name ROLE_NAME"),
    ("duration_chain", "Ask for 3600 seconds or less."),
    ("duration_max", "Ask for what the role's MaxSessionDuration allows"),
    (
        "encoded",
        "aws sts decode-authorization-message --query DecodedMessage --output text --encoded-message 4GIOHlTkIaWHQD0Q0m6XSnuUMCm-abcdefghijklmn",
    ),
    ("expired_token", "aws configure list"),
    ("getrole_denied", "aws iam get-role --role-name cdk-x"),
    ("getrole_missing", "aws sts get-caller-identity"),
    ("imds", "aws configure list"),
    ("invalid_token", "aws configure list"),
    ("login_expired", "Sign in again: aws login."),
    ("malformed_session_policy", "Read the policy with a JSON reader"),
    ("mfa_bad_code", "Wait for the next code (30 seconds)"),
    ("mfa_bad_device", "aws iam list-mfa-devices"),
    ("mfa_incomplete", "Look for mfa_serial in the AWS profile"),
    ("no_credentials", "aws configure list"),
    ("onepassword_conflict", "Run unset OP_ACCOUNT before Pulumi"),
    ("onepassword_credentials", "See whether the token is set"),
    ("opt_in_required", "aws sts get-caller-identity"),
    ("packed_policy", "Send fewer or shorter tags"),
    ("profile", "aws configure list-profiles"),
    ("region_disabled", "Call STS in us-east-1"),
    ("root_user", "Call as an IAM user or a role"),
    ("session_creds_not_allowed", "aws configure list"),
    ("set_source_identity", "aws iam get-role --role-name Target"),
    ("sig_expired", "Set the clock"),
    ("sig_future", "Set the clock"),
    ("sig_wrong", "aws configure list"),
    ("simulate_bad_arn", "aws iam get-role --role-name Caller"),
    ("sre_assume_denied", "Try every role as the bot calls it, each side by itself"),
    ("sre_assume_failed", "Try every role as the bot calls it"),
    ("sre_client_creation", "See whether caching is on"),
    ("sre_credentials", "See whom the bot calls as"),
    ("sre_role_not_found", "See which roles the bot has"),
    ("sre_roles_unparsed", "See where it breaks"),
    ("sso_expired", "Sign in again: aws sso login"),
    ("sso_forbidden", "Compare sso_account_id and sso_role_name"),
    ("sso_unauthorized", "Sign in again: aws sso login"),
    ("tag_session", "aws iam get-role --role-name Target"),
    ("throttled", "Wait some seconds and try again"),
    ("trust_invalid_principal", "aws iam get-role --role-name Gone"),
    ("trust_prohibited_field", "Remove Resource from the policy."),
    ("user_exists", "aws sts get-caller-identity"),
];

#[test]
fn each_message_begins_with_the_step_that_tells_most() {
    let expected: BTreeMap<&str, &str> = FIRST.iter().copied().collect();
    let ids: Vec<&str> = messages().iter().map(|(id, _)| *id).collect();
    assert_eq!(expected.keys().copied().collect::<BTreeSet<_>>(), ids.iter().copied().collect());
    for (id, given) in messages() {
        let reading = read(&given.coded());
        let first = &reading.next[0];
        match &first.command {
            Some(command) => assert_eq!(command, expected[id], "{id}"),
            None => assert!(first.what.starts_with(expected[id]), "{id}: {}", first.what),
        }
    }
}

/// No message leaves whoever pasted it without anything to do.
#[test]
fn there_is_always_a_next_step() {
    for text in [
        "Invalid principal in policy: \"AWS\":\"AROAEXAMPLEEXAMPLE123\"",
        "MalformedPolicyDocument: Invalid principal in policy",
        "User: arn:aws:iam::111111111111:user/a is not authorized to perform: s3:GetObject with an explicit deny in a resource-based policy",
        "InvalidInput: Invalid Entity Arn: nonsense",
        "",
    ] {
        assert!(!read(text).next.is_empty(), "{text}");
    }
}
