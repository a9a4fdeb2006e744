//! The message of AWS without what tools put around it.
//!
//! Each wrapping was seen in public logs: the AWS CLI and boto3 put a sentence in front, the Go, Java and Rust SDKs codes and request ids
//! around, JavaScript a stack behind, Terraform a box of lines, CDK and CloudFormation sentences on both sides.

use std::sync::LazyLock;

use regex_lite::Regex;

use super::hint::Hinted;
use super::lines::{flat, plain, rejoined};

/// A message, bare, with what its wrapping told.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Bare {
    pub message: String,
    pub code: Option<String>,
    pub operation: Option<String>,
    pub request_id: Option<String>,
    /// A role that the text names outside the message.
    pub role_arn: Option<String>,
    pub wrapped_by: Vec<&'static str>,
}

/// Signs of a tool, in the text as it came.
const TOOLS: [(&str, &str); 14] = [
    ("boto3", r"botocore\.|boto3\.|Traceback \(most recent call last\)"),
    ("AWS CLI", r"An error occurred \(|Unable to locate credentials\. You can configure|aws: \[ERROR\]"),
    ("AWS SDK for Go v2", r"operation error [\w ]+: \w+,"),
    ("AWS SDK for Go v1", r"status code: \d+, request id:"),
    ("AWS SDK for JavaScript v3", r"\$metadata|\$fault|@aws-sdk/|@smithy/"),
    ("AWS SDK for JavaScript v2", r"node_modules/aws-sdk/|\bretryable: (?:true|false)"),
    ("AWS SDK for Java v2", r"software\.amazon\.awssdk|\(Service: [\w ]+, Status Code: \d+,"),
    ("AWS SDK for Java v1", r"com\.amazonaws\.|\(Service: [\w ]+; Status Code: \d+;"),
    ("AWS SDK for Rust", r"unhandled error|ErrorMetadata|DispatchFailure|\baws_request_id\b"),
    ("Terraform", r"with provider\[|(?m)^[│╷╵]|on \S+\.tf line \d+|IAM Role \(arn:\S+\) cannot be assumed"),
    ("CloudFormation", r"Resource handler returned message:|HandlerErrorCode:"),
    (
        "CDK",
        r"Could not assume role in target account|could not be used to assume|\bcdk (?:deploy|bootstrap)|role/cdk-",
    ),
    ("GitHub Actions", r"##\[error\]|::error|Could not assume role with|configure-aws-credentials"),
    ("CloudTrail", "\"errorCode\"\\s*:|\"errorMessage\"\\s*:"),
];

/// What stands in front of the message. The last of each that is found counts, and what is before it is dropped.
const HEADS: [&str; 10] = [
    r"An error occurred \((?P<code>[\w.]+)\) when calling the (?P<operation>\w+) operation(?: \(reached max retries: \d+\))?: ",
    r"operation error (?P<service>[\w ]+): (?P<operation>\w+), ",
    r"https response error StatusCode: \d+, RequestID: (?P<request>[\w-]*), (?:(?P<code>[A-Z]\w+): )?",
    r"api error (?P<code>\w+): ",
    r#"Resource handler returned message: ""#,
    r"Could not assume role in target account using current credentials(?: \([^)]*\))? ",
    r"Could not assume role with [\w ]+: ",
    r"(?:[A-Za-z]\w*\.)+[A-Z]\w*(?:Exception|Error): ",
    r"unhandled error \((?P<code>\w+)\): ",
    r"\.rb:\d+:in [`'][^']+': ",
];

/// What stands behind it; everything from there on is dropped.
const TAILS: [&str; 14] = [
    r"\s*\(Service: [\w ]+[;,] Status Code: \d+[;,](?: Error Code: (?P<code>\w+);)? Request ID: (?P<request>[\w-]+)",
    r"\s+status code: \d+, request id: (?P<request>[\w-]*)",
    r#"" \(RequestToken: "#,
    r"\s*\.? Please make sure that this role exists in the account",
    r"\s+with (?:provider|module|data|aws_)\S*, on \S+\.tf line",
    r"\s+at (?:async )?[\w.<>$]+ \(",
    r#"\s*(?:\{ )?'?(?:\$fault|\$metadata|code|Code|tryNextLink)'?: (?:['"{]|true|false)"#,
    r"\s*, aws_request_id: ",
    r"\s*caused by: ",
    r"\s*\(Aws::\w+::Errors::(?P<code>\w+)\)",
    r" ---> ",
    r"\s*--- End of inner exception",
    r" - <ErrorResponse ",
    r"\s*\$ *$",
];

/// Messages within quotation marks, with their escapes: XML, JSON and the forms in which Rust shows an error.
const QUOTED: [&str; 4] = [
    r#"message: (?:Some\()?"(?P<message>(?:[^"\\]|\\.)+)""#,
    r#""(?:[Mm]essage|errorMessage|error|err|msg|reason|exception|cause)"\s*:\s*"(?P<message>(?:[^"\\]|\\.)+)""#,
    r#"\b(?:err|error|msg)="(?P<message>(?:[^"\\]|\\.)+)""#,
    r"<Message>(?P<message>[^<]+)</Message>",
];

/// Codes where no wrapping says that they are one.
const CODES: [&str; 6] = [
    r#"\bcode: (?:Some\()?["'](?P<code>\w+)["']"#,
    r#""(?:[Cc]ode|errorCode|__type)"\s*:\s*"(?:[\w.]+#)?(?P<code>\w+)""#,
    r"<Code>(?P<code>\w+)</Code>",
    r"HandlerErrorCode: (?P<code>\w+)",
    r"\.model\.(?P<code>(?:MalformedPolicyDocument|ExpiredToken|RegionDisabled|PackedPolicyTooLarge)Exception): ",
    r"unhandled error \((?P<code>\w+)\)",
];

const REQUEST_ID: &str =
    r#"(?i)\b(?:aws_?)?request[_ ]?id["']?\s*[:=]\s*(?:Some\()?["']?(?P<request>[0-9a-f][\w-]{7,})"#;
const ROLE: &str = r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+";
/// `AccessDenied: User: …`, as Go and JavaScript write it, with words such as "Error:" in front.
const CODE_IN_FRONT: &str = r"^(?:.{0,200}?[\s:])??(?P<code>AccessDenied(?:Exception)?|ValidationError|ExpiredToken(?:Exception)?|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|RequestExpired|RegionDisabled(?:Exception)?|PackedPolicyTooLarge(?:Exception)?|MalformedPolicyDocument(?:Exception)?|NoSuchEntity(?:Exception)?|InvalidInput(?:Exception)?|Throttling(?:Exception)?|OptInRequired|UnauthorizedException|ForbiddenException|CredentialsProviderError|NoCredentialProviders|ProfileNotFound): ";
/// What a logger puts in front of a line: when, how bad, whose ("2026-11-22 16:40:00,123 - ERROR - ", "ERROR:root:", "[WARN] "). It says nothing
/// of the message.
const LEVEL: &str = r"^(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.,]*(?:Z|[+-]\d\d:?\d\d)?\]?[\s|-]*)?(?:\[(?:[Ee]rror|ERROR|[Ww]arn(?:ing)?|WARN(?:ING)?|INFO|DEBUG|FATAL|CRITICAL)\]\s*[:|-]?|(?:[Ee]rror|ERROR|[Ww]arning|WARN(?:ING)?|INFO|DEBUG|FATAL|CRITICAL)(?::[\w.]+:|\s*[:|]|\s+-\s))\s*";
/// How many texts within quotation marks are looked at.
const MOST_QUOTED: usize = 8;

struct Compiled {
    tools: Vec<(&'static str, Hinted)>,
    heads: Vec<Hinted>,
    tails: Vec<Hinted>,
    quoted: Vec<Regex>,
    codes: Vec<Hinted>,
    request_id: Option<Hinted>,
    role: Option<Regex>,
    code_in_front: Option<Hinted>,
    level: Option<Regex>,
}

// A test holds that every pattern is one.
static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let all = |patterns: &[&str]| patterns.iter().filter_map(|pattern| Hinted::new(pattern)).collect();
    Compiled {
        tools: TOOLS.iter().filter_map(|(name, pattern)| Some((*name, Hinted::new(pattern)?))).collect(),
        heads: all(&HEADS),
        tails: all(&TAILS),
        quoted: QUOTED.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect(),
        codes: all(&CODES),
        request_id: Hinted::new(REQUEST_ID),
        role: Regex::new(ROLE).ok(),
        code_in_front: Hinted::new(CODE_IN_FRONT),
        level: Regex::new(LEVEL).ok(),
    }
});

/// All that a message may be, the likeliest first: tools quote more than the message, and a terminal that cut lines leaves open where
/// words end, so that only what is known tells which it is.
pub(super) struct Unwrapped {
    /// With lines that end where words do; never empty.
    pub as_pasted: Vec<Bare>,
    /// With lines that were cut at the last column; empty where that cannot be.
    pub rejoined: Vec<Bare>,
}

/// Takes a message out of its wrapping.
pub(super) fn unwrap(text: &str) -> Unwrapped {
    let compiled = &*COMPILED;
    let text = plain(text);
    let tools = || compiled.tools.iter().filter(|(_, sign)| sign.is_match(&text)).map(|(name, _)| *name);
    let mut wrapped_by: Vec<&'static str> = tools().collect();
    if wrapped_by.contains(&"boto3") {
        // Both say "An error occurred (…)".
        wrapped_by.retain(|tool| *tool != "AWS CLI");
    }
    let of_lines = |lines: Vec<String>| candidates(compiled, &flat(lines.iter().map(String::as_str)), &wrapped_by);
    Unwrapped {
        as_pasted: candidates(compiled, &flat(text.lines()), &wrapped_by),
        rejoined: rejoined(&text).map(of_lines).unwrap_or_default(),
    }
}

fn candidates(compiled: &Compiled, flat: &str, wrapped_by: &[&'static str]) -> Vec<Bare> {
    let common = Bare {
        wrapped_by: wrapped_by.to_vec(),
        request_id: first(compiled.request_id.as_slice(), flat, "request"),
        code: first(&compiled.codes, flat, "code"),
        ..Bare::default()
    };
    let roles: Vec<&str> = compiled
        .role
        .iter()
        .filter(|_| flat.contains(":role/"))
        .flat_map(|regex| regex.find_iter(flat))
        .map(|found| found.as_str().trim_end_matches(['.', ',']))
        .collect();
    let quoted = compiled.quoted.iter().filter(|_| flat.contains('"') || flat.contains('<'));
    let quoted =
        quoted.flat_map(|regex| regex.captures_iter(flat)).filter_map(|found| Some(found.name("message")?.as_str()));
    let quoted = quoted.take(MOST_QUOTED).map(unescaped);
    // Of errors within errors each may be the one of AWS.
    let whole = std::iter::once(flat.to_owned())
        .chain(flat.split(" ---> ").skip_while(|part| *part == flat).map(str::to_owned));
    quoted.chain(whole).map(|message| stripped(compiled, &message, &common, &roles)).collect()
}

/// A message without what stands in front of it and behind it.
fn stripped(compiled: &Compiled, message: &str, common: &Bare, roles: &[&str]) -> Bare {
    let mut bare = common.clone();
    let mut message = headless(compiled, message, &mut bare);
    message = tailless(compiled, &message, &mut bare);
    if let Some(captures) = compiled.code_in_front.as_ref().and_then(|regex| regex.captures(&message))
        && let (Some(code), Some(all)) = (captures.name("code"), captures.get(0))
    {
        bare.code.get_or_insert_with(|| code.as_str().to_owned());
        message = message.get(all.end()..).unwrap_or_default().to_owned();
    }
    let message = message.trim();
    let level = compiled.level.as_ref().and_then(|level| level.find(message));
    bare.message = message.get(level.map_or(0, |found| found.end())..).unwrap_or_default().to_owned();
    let role = roles.iter().find(|role| !bare.message.contains(&format!("User: {role} ")));
    bare.role_arn = role.map(|role| (*role).to_owned());
    bare
}

fn first(regexes: &[Hinted], text: &str, name: &str) -> Option<String> {
    regexes.iter().find_map(|regex| Some(regex.captures(text)?.name(name)?.as_str().to_owned()))
}

fn headless(compiled: &Compiled, message: &str, bare: &mut Bare) -> String {
    let mut message = message.to_owned();
    for head in &compiled.heads {
        let Some(captures) = head.last_captures(&message) else { continue };
        let get =
            |name: &str| captures.name(name).map(|found| found.as_str().to_owned()).filter(|text| !text.is_empty());
        bare.code = get("code").or(bare.code.take());
        bare.request_id = get("request").or(bare.request_id.take());
        if let Some(call) = get("operation") {
            bare.operation = Some(qualified(get("service").as_deref(), &call));
        }
        let end = captures.get(0).map_or(0, |all| all.end());
        message = message.get(end..).unwrap_or_default().to_owned();
    }
    message
}

fn tailless(compiled: &Compiled, message: &str, bare: &mut Bare) -> String {
    let mut message = message.to_owned();
    for tail in &compiled.tails {
        let Some(captures) = tail.captures(&message) else { continue };
        let get =
            |name: &str| captures.name(name).map(|found| found.as_str().to_owned()).filter(|text| !text.is_empty());
        bare.code = get("code").or(bare.code.take());
        bare.request_id = get("request").or(bare.request_id.take());
        let start = captures.get(0).map_or(message.len(), |all| all.start());
        // A message that would be nothing but its tail is kept.
        if start > 0 {
            message.truncate(start);
        }
    }
    message
}

/// `AssumeRole` is an operation of STS alone; others are told only where the wrapping names the service.
fn qualified(service: Option<&str>, call: &str) -> String {
    const OF_STS: [&str; 8] = [
        "AssumeRole",
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "GetCallerIdentity",
        "GetSessionToken",
        "GetFederationToken",
        "GetAccessKeyInfo",
        "DecodeAuthorizationMessage",
    ];
    match service.map(str::to_lowercase) {
        Some(service) => format!("{}:{call}", service.replace(' ', "")),
        None if OF_STS.contains(&call) => format!("sts:{call}"),
        None => call.to_owned(),
    }
}

/// The escapes of JSON, Rust and XML that occur in messages.
fn unescaped(message: &str) -> String {
    if !message.contains('\\') && !message.contains('&') {
        return message.to_owned();
    }
    let plain = message.replace("&quot;", "\"").replace("&apos;", "'").replace("&lt;", "<").replace("&gt;", ">");
    let plain = plain.replace("&amp;", "&");
    let mut out = String::with_capacity(plain.len());
    let mut characters = plain.chars();
    while let Some(c) = characters.next() {
        match (c, c == '\\') {
            (_, true) => match characters.next() {
                Some('n' | 'r' | 't') => out.push(' '),
                Some(other) => out.push(other),
                None => {}
            },
            (c, false) => out.push(c),
        }
    }
    out
}

#[cfg(test)]
pub(super) fn every_pattern() -> Vec<&'static str> {
    let mut all: Vec<&str> = TOOLS.iter().map(|(_, pattern)| *pattern).collect();
    for patterns in [HEADS.as_slice(), TAILS.as_slice(), QUOTED.as_slice(), CODES.as_slice()] {
        all.extend(patterns);
    }
    all.extend([REQUEST_ID, ROLE, CODE_IN_FRONT, LEVEL]);
    all.extend(super::lines::every_pattern());
    all
}
