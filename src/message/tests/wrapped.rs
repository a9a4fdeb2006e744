//! One message in the wrappings that tools put around it, as public logs show them.

use super::*;

pub(super) struct Wrapped {
    pub tool: &'static str,
    pub text: &'static str,
    /// What must be found: id, code, operation.
    found: (&'static str, Option<&'static str>, Option<&'static str>),
}

const CALLER: &str = "arn:aws:sts::111111111111:assumed-role/Caller/s1";
const ROLE: &str = "arn:aws:iam::222222222222:role/Target";
const REQUEST: &str = "5c1d3f0a-1b2c-4d5e-8f90-0123456789ab";
const STS: Option<&str> = Some("sts:AssumeRole");
const DENIED: Option<&str> = Some("AccessDenied");

/// Every text is about [`CALLER`] and [`ROLE`] unless its id says otherwise.
pub(super) const WRAPPED: &[Wrapped] = &[
    Wrapped {
        tool: "AWS CLI",
        text: "\nAn error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target\n",
        found: ("denied_bare", DENIED, STS),
    },
    Wrapped {
        tool: "AWS CLI",
        text: "aws: [ERROR]: An error occurred (AccessDenied) when calling the AssumeRole operation (reached max retries: 4): User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target",
        found: ("denied_bare", DENIED, STS),
    },
    Wrapped {
        tool: "boto3",
        text: "Traceback (most recent call last):\n  File \"/app/main.py\", line 12, in <module>\n    sts.assume_role(RoleArn=arn, RoleSessionName=\"x\")\n  File \"/usr/lib/python3/botocore/client.py\", line 960, in _make_api_call\n    raise error_class(parsed_response, operation_name)\nbotocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target",
        found: ("denied_bare", DENIED, STS),
    },
    Wrapped {
        tool: "AWS SDK for Go v1",
        text: "AccessDenied: User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target\n\tstatus code: 403, request id: 5c1d3f0a-1b2c-4d5e-8f90-0123456789ab",
        found: ("denied_bare", DENIED, None),
    },
    Wrapped {
        tool: "AWS SDK for Go v2",
        text: "failed to refresh cached credentials, operation error STS: AssumeRole, https response error StatusCode: 403, RequestID: 5c1d3f0a-1b2c-4d5e-8f90-0123456789ab, api error AccessDenied: User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target",
        found: ("denied_bare", DENIED, STS),
    },
    Wrapped {
        tool: "AWS SDK for Go v2",
        text: "operation error STS: AssumeRole, https response error StatusCode: 403, RequestID: 5c1d3f0a-1b2c-4d5e-8f90-0123456789ab, RegionDisabledException: STS is not activated in this region for account:123456789012. Your account administrator can activate STS in this region using the IAM Console.",
        found: ("region_disabled", Some("RegionDisabledException"), STS),
    },
    Wrapped {
        tool: "AWS SDK for JavaScript v2",
        text: "Uncaught AccessDenied: User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target\n    at Request.extractError (/app/node_modules/aws-sdk/lib/protocol/query.js:50:29)\n    at Request.callListeners (/app/node_modules/aws-sdk/lib/sequential_executor.js:106:20) {\n  code: 'AccessDenied',\n  time: 2024-01-01T00:00:00.000Z,\n  requestId: '5c1d3f0a-1b2c-4d5e-8f90-0123456789ab',\n  statusCode: 403,\n  retryable: false,\n  retryDelay: 42.1\n}",
        found: ("denied_bare", DENIED, None),
    },
    Wrapped {
        tool: "AWS SDK for JavaScript v3",
        text: "AccessDenied: User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target\n    at throwDefaultError (/app/node_modules/@smithy/smithy-client/dist-cjs/index.js:388:20)\n    at async /app/node_modules/@aws-sdk/middleware-signing/dist-cjs/index.js:226:18 {\n  '$fault': 'client',\n  '$metadata': {\n    httpStatusCode: 403,\n    requestId: '5c1d3f0a-1b2c-4d5e-8f90-0123456789ab',\n    attempts: 1\n  },\n  Type: 'Sender',\n  Code: 'AccessDenied'\n}",
        found: ("denied_bare", DENIED, None),
    },
    Wrapped {
        tool: "AWS SDK for Java v1",
        text: "Exception in thread \"main\" com.amazonaws.services.securitytoken.model.AWSSecurityTokenServiceException: User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target (Service: AWSSecurityTokenService; Status Code: 403; Error Code: AccessDenied; Request ID: 5c1d3f0a-1b2c-4d5e-8f90-0123456789ab; Proxy: null)\n\tat com.amazonaws.http.AmazonHttpClient$RequestExecutor.handleErrorResponse(AmazonHttpClient.java:1819)",
        found: ("denied_bare", DENIED, None),
    },
    Wrapped {
        tool: "AWS SDK for Java v2",
        text: "software.amazon.awssdk.services.sts.model.StsException: User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target (Service: Sts, Status Code: 403, Request ID: 5c1d3f0a-1b2c-4d5e-8f90-0123456789ab) (SDK Attempt Count: 1)",
        found: ("denied_bare", None, None),
    },
    Wrapped {
        tool: "AWS SDK for Rust",
        text: "service error: unhandled error (AccessDenied): Error { code: \"AccessDenied\", message: \"User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target\", aws_request_id: \"5c1d3f0a-1b2c-4d5e-8f90-0123456789ab\" }",
        found: ("denied_bare", DENIED, None),
    },
    Wrapped {
        tool: "AWS SDK for Rust",
        text: "ServiceError(ServiceError { source: Unhandled(Unhandled { source: ErrorMetadata { code: Some(\"AccessDenied\"), message: Some(\"User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target\"), extras: Some({\"aws_request_id\": \"5c1d3f0a-1b2c-4d5e-8f90-0123456789ab\"}) } }), raw: Response { status: StatusCode(403) } })",
        found: ("denied_bare", DENIED, None),
    },
    Wrapped {
        tool: "Terraform",
        text: "\u{1b}[31m╷\u{1b}[0m\n│ \u{1b}[1mError: \u{1b}[0mCannot assume IAM Role\n│ \n│   with provider[\"registry.terraform.io/hashicorp/aws\"],\n│   on main.tf line 10, in provider \"aws\":\n│   10: provider \"aws\" {\n│ \n│ IAM Role (arn:aws:iam::222222222222:role/Target) cannot be assumed.\n│ \n│ There are a number of possible causes of this - the most common are:\n│   * The credentials used in order to assume the role are invalid\n│   * The credentials do not have appropriate permission to assume the role\n│   * The role ARN is not valid\n│ \n│ Error: operation error STS: AssumeRole, https response error StatusCode: 403,\n│ RequestID: 5c1d3f0a-1b2c-4d5e-8f90-0123456789ab, api error AccessDenied:\n│ User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized\n│ to perform: sts:AssumeRole on resource:\n│ arn:aws:iam::222222222222:role/Target\n│ \n╵\n",
        found: ("denied_bare", DENIED, STS),
    },
    Wrapped {
        tool: "CDK",
        text: "current credentials could not be used to assume 'arn:aws:iam::222222222222:role/Target', but are for the right account. Proceeding anyway.\n❌ Deployment failed: Error: Stack: Could not assume role in target account using current credentials (which are for account 111111111111) User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target . Please make sure that this role exists in the account. If it doesn't exist, (re)-bootstrap the environment with the right '--trust', using the latest version of the CDK CLI.",
        found: ("denied_bare", None, None),
    },
    Wrapped {
        tool: "CloudFormation",
        text: "Resource handler returned message: \"User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: iam:GetRole on resource: role Target because no identity-based policy allows the iam:GetRole action (Service: Iam, Status Code: 403, Request ID: 5c1d3f0a-1b2c-4d5e-8f90-0123456789ab)\" (RequestToken: 0d1e, HandlerErrorCode: AccessDenied)",
        found: ("getrole_denied", DENIED, None),
    },
    Wrapped {
        tool: "GitHub Actions",
        text: "2024-05-01T10:00:00.1234567Z ##[error]Could not assume role with user credentials: User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:TagSession on resource: arn:aws:iam::222222222222:role/Target",
        found: ("tag_session", None, None),
    },
    Wrapped {
        tool: "GitHub Actions",
        text: "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity",
        found: ("denied_web_identity", None, None),
    },
    Wrapped {
        tool: "CloudTrail",
        text: "{\"eventName\": \"AssumeRole\", \"errorCode\": \"AccessDenied\", \"errorMessage\": \"User: arn:aws:sts::111111111111:assumed-role/Caller/s1 is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/Target\", \"requestID\": \"5c1d3f0a-1b2c-4d5e-8f90-0123456789ab\"}",
        found: ("denied_bare", DENIED, None),
    },
    Wrapped {
        tool: "AWS SDK for JavaScript v3",
        text: "CredentialsProviderError: Could not load credentials from any providers\n    at /app/node_modules/@smithy/property-provider/dist-cjs/index.js:99:17 {\n  tryNextLink: true\n}",
        found: ("no_credentials", Some("CredentialsProviderError"), None),
    },
    Wrapped {
        tool: "boto3",
        text: "botocore.exceptions.UnauthorizedSSOTokenError: The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.",
        found: ("sso_expired", None, None),
    },
];

#[test]
fn wrappings_are_taken_off() {
    for Wrapped { tool, text, found } in WRAPPED {
        let reading = read(text);
        let told = (reading.id.unwrap_or("none"), reading.code.as_deref(), reading.operation.as_deref());
        assert_eq!(told, *found, "{tool}: {text}\n{reading:#?}");
        assert!(reading.wrapped_by.contains(tool), "{tool}: {:?}", reading.wrapped_by);
        if reading.message.starts_with("User: ") {
            assert_eq!(reading.caller.as_deref(), Some(CALLER), "{tool}");
            let end = reading.message.rsplit(' ').next().unwrap();
            assert!(
                end == ROLE || end == "action",
                "{tool}: the message does not end where AWS ended it: {}",
                reading.message
            );
        }
        if reading.id == Some("denied_bare") {
            assert_eq!(reading.role_arn.as_deref(), Some(ROLE), "{tool}");
            assert!(reading.message.starts_with("User: "), "{tool}: {}", reading.message);
        }
        if text.contains(REQUEST) {
            assert_eq!(reading.request_id.as_deref(), Some(REQUEST), "{tool}");
        }
    }
}

#[test]
fn the_xml_of_sts_is_read() {
    let reading = read(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: arn:aws:iam::111111111111:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/A&amp;B</Message></Error><RequestId>5c1d3f0a-1b2c-4d5e-8f90-0123456789ab</RequestId></ErrorResponse>",
    );
    assert_eq!((reading.id, reading.code.as_deref()), (Some("denied_bare"), Some("AccessDenied")));
    assert_eq!(reading.resource.as_deref(), Some("arn:aws:iam::222222222222:role/A&B"));
    assert_eq!(reading.role_arn, None, "a role has no such name");
}
