//! Which operation an HTTP request is, read from the request itself.

use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

/// An operation as IAM would name it, and what it is aimed at; `benchling:CreateToken` is none of AWS's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Operation {
    /// `sts`, `iam`, `cloudformation`, `secretsmanager`, `s3`, `ecr`, `sso`, `sso-oidc`, `signin`, `metadata`, `benchling`; empty when not
    /// recognised.
    pub service: &'static str,
    /// `AssumeRole`, …; for unrecognised requests the method and path.
    pub name: String,
    /// The secret that a Secrets Manager call names; the host of a call to Benchling.
    pub target: Option<String>,
}

impl Operation {
    /// `sts:AssumeRole`.
    #[must_use]
    pub fn full_name(&self) -> String {
        if self.service.is_empty() { self.name.clone() } else { format!("{}:{}", self.service, self.name) }
    }
}

/// The host that a request goes to, without the port, and without a name and password that an endpoint's URL may carry.
#[must_use]
pub fn host(request: &HttpRequest) -> String {
    let rest = request.uri().split_once("://").map_or(request.uri(), |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let authority = authority.rsplit('@').next().unwrap_or_default();
    match authority.strip_prefix('[').and_then(|v6| v6.split_once(']')) {
        Some((address, _)) => address.to_owned(),
        None => authority.split(':').next().unwrap_or_default().to_owned(),
    }
}

/// Recognises the operation: the query protocol's `Action`, the JSON protocol's target header, S3's method and path, or the credential chain's
/// own requests.
#[must_use]
pub fn operation(request: &HttpRequest) -> Operation {
    let body = request.body().bytes().unwrap_or_default();
    if let Some(target) = request.headers().get("x-amz-target") {
        return from_target(target, body);
    }
    let signed_for = request.headers().get("authorization").and_then(signing_service);
    if let Some(action) = query_action(body) {
        let service = match signed_for {
            Some("sts") => "sts",
            Some("iam") => "iam",
            Some("cloudformation") => "cloudformation",
            None if host(request).starts_with("sts.") => "sts",
            // A web identity call is unsigned, and an endpoint override hides the host.
            None if action == "AssumeRoleWithWebIdentity" => "sts",
            _ => "",
        };
        return Operation { service, name: action, target: None };
    }
    if signed_for == Some("s3") {
        return of_s3(request);
    }
    of_benchling(request).unwrap_or_else(|| of_credential_chain(request))
}

/// A tenant's token endpoint: exactly one name before `.benchling.com`, over TLS, at the port of TLS (Benchling API reference, "Create token").
fn of_benchling(request: &HttpRequest) -> Option<Operation> {
    const END: &str = ".benchling.com/api/v2/token";
    let tenant = request.uri().strip_prefix("https://")?.strip_suffix(END)?;
    let label = !tenant.is_empty() && tenant.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    (label && request.method() == "POST").then(|| Operation {
        service: "benchling",
        name: "CreateToken".to_owned(),
        target: Some(format!("{tenant}.benchling.com")),
    })
}

fn from_target(target: &str, body: &[u8]) -> Operation {
    let (service, name) = target.split_once('.').unwrap_or(("", target));
    let service = match service {
        "secretsmanager" => "secretsmanager",
        "AmazonEC2ContainerRegistry_V20150921" => {
            return Operation { service: "ecr", name: name.to_owned(), target: None };
        }
        _ => "",
    };
    let document: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let named = document.get("SecretId").or_else(|| document.get("Name")).and_then(serde_json::Value::as_str);
    Operation { service, name: name.to_owned(), target: named.map(str::to_owned) }
}

/// `Credential=AKIA…/20260304/us-east-1/sts/aws4_request` is signed for `sts`.
fn signing_service(authorization: &str) -> Option<&str> {
    let (_, scope) = authorization.split_once("Credential=")?;
    scope.split([',', ' ']).next()?.split('/').nth(3)
}

fn query_action(body: &[u8]) -> Option<String> {
    form_urlencoded::parse(body).find(|(name, _)| name == "Action").map(|(_, value)| value.into_owned())
}

/// S3 speaks REST: the operation is the method, what is asked for, and the query (S3 User Guide, "Making requests using the REST API"). Only
/// requests for a whole bucket are recognised, none for an object.
fn of_s3(request: &HttpRequest) -> Operation {
    let (path, query) = path_and_query(request);
    let host = host(request);
    // `bucket.s3.us-east-1.amazonaws.com`; in every other form of an endpoint the bucket is the path's first part.
    let in_host = host.contains(".amazonaws.com") && [".s3.", ".s3-"].iter().any(|part| host.contains(part));
    let key = if in_host { path } else { path.split_once('/').map_or("", |(_, key)| key) };
    let lists = form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "list-type" && value == "2");
    let name = match (request.method(), lists) {
        _ if !key.is_empty() || (!in_host && path.is_empty()) => None,
        ("HEAD", false) => Some("HeadBucket"),
        ("GET", true) => Some("ListObjectsV2"),
        _ => None,
    };
    match name {
        Some(name) => Operation { service: "s3", name: name.to_owned(), target: None },
        None => Operation { service: "", name: format!("S3's {} /{path}", request.method()), target: None },
    }
}

/// Both without what stands before them: `bucket/key`, `list-type=2`.
fn path_and_query(request: &HttpRequest) -> (&str, &str) {
    let uri = request.uri();
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
    (before.split_once('/').map_or("", |(_, path)| path), query)
}

fn of_credential_chain(request: &HttpRequest) -> Operation {
    let host = host(request);
    let (path, _) = path_and_query(request);
    let known = |service, name: &str| Operation { service, name: name.to_owned(), target: None };
    match (request.method(), path) {
        ("GET", "federation/credentials") => known("sso", "GetRoleCredentials"),
        ("POST", "token") if host.starts_with("oidc.") => known("sso-oidc", "CreateToken"),
        ("POST", "v1/token") if host.contains("signin") => known("signin", "CreateOAuth2Token"),
        ("GET" | "PUT", path) if is_metadata(&host) => {
            known("metadata", if path.contains("token") { "token" } else { "credentials" })
        }
        (method, path) => Operation { service: "", name: format!("{method} /{path}"), target: None },
    }
}

/// The link-local and loopback addresses that hand out instance and container credentials.
fn is_metadata(host: &str) -> bool {
    matches!(host, "169.254.169.254" | "169.254.170.2" | "169.254.170.23" | "fd00:ec2::254" | "fd00:ec2::23")
        || matches!(host, "localhost" | "127.0.0.1" | "::1")
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::body::SdkBody;

    use super::*;

    fn request(method: &str, uri: &str, headers: &[(&'static str, &'static str)], body: &'static str) -> HttpRequest {
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method(method).unwrap();
        request.set_uri(uri).unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, *value);
        }
        request
    }

    #[test]
    fn each_protocol_is_recognised() {
        let signed =
            "AWS4-HMAC-SHA256 Credential=AKIA1/20260304/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0";
        for (request, name) in [
            (
                request(
                    "POST",
                    "https://iam.amazonaws.com/",
                    &[("authorization", signed)],
                    "Action=GetRole&RoleName=r",
                ),
                "iam:GetRole",
            ),
            (
                request("POST", "https://sts.amazonaws.com/", &[], "Action=AssumeRoleWithWebIdentity"),
                "sts:AssumeRoleWithWebIdentity",
            ),
            (
                request(
                    "POST",
                    "https://x/",
                    &[("x-amz-target", "secretsmanager.PutSecretValue")],
                    r#"{"SecretId":"s"}"#,
                ),
                "secretsmanager:PutSecretValue",
            ),
            (
                request("GET", "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?a=b", &[], ""),
                "sso:GetRoleCredentials",
            ),
            (request("PUT", "http://169.254.169.254/latest/api/token", &[], ""), "metadata:token"),
            (request("DELETE", "https://s3.amazonaws.com/bucket", &[], ""), "DELETE /bucket"),
        ] {
            assert_eq!(operation(&request).full_name(), name);
        }
    }

    #[test]
    fn requests_for_a_bucket_are_told_from_those_for_an_object() {
        let signed =
            "AWS4-HMAC-SHA256 Credential=AKIA1/20260304/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
        let virtual_host = "https://acme-data.s3.us-east-1.amazonaws.com/";
        let list = "?list-type=2&max-keys=1";
        for (method, uri, name) in [
            ("HEAD", virtual_host.to_owned(), "s3:HeadBucket"),
            ("HEAD", "https://acme-data.s3.dualstack.eu-west-1.amazonaws.com/".to_owned(), "s3:HeadBucket"),
            ("HEAD", "https://acme-data.s3.cn-north-1.amazonaws.com.cn/".to_owned(), "s3:HeadBucket"),
            ("HEAD", "https://s3.us-east-1.amazonaws.com/acme.data".to_owned(), "s3:HeadBucket"),
            ("HEAD", "http://127.0.0.1:4600/acme-data".to_owned(), "s3:HeadBucket"),
            ("HEAD", "http://127.0.0.1:4600/acme-data/".to_owned(), "s3:HeadBucket"),
            ("GET", format!("{virtual_host}{list}"), "s3:ListObjectsV2"),
            ("GET", format!("http://127.0.0.1:4600/acme-data/{list}"), "s3:ListObjectsV2"),
            ("GET", format!("http://127.0.0.1:4600/{list}"), "S3's GET /"),
            ("GET", virtual_host.to_owned(), "S3's GET /"),
            ("GET", format!("{virtual_host}key?list-type=2"), "S3's GET /key"),
            ("HEAD", format!("{virtual_host}key"), "S3's HEAD /key"),
            ("HEAD", "http://127.0.0.1:4600/acme-data/key".to_owned(), "S3's HEAD /acme-data/key"),
            ("PUT", virtual_host.to_owned(), "S3's PUT /"),
            ("DELETE", virtual_host.to_owned(), "S3's DELETE /"),
        ] {
            let request = request(method, &uri, &[("authorization", signed)], "");
            assert_eq!(operation(&request).full_name(), name, "{method} {uri}");
        }
    }

    #[test]
    fn a_registrys_operation_is_in_its_target() {
        let target = "AmazonEC2ContainerRegistry_V20150921.DescribeImages";
        let request = request("POST", "https://x/", &[("x-amz-target", target)], "{}");
        assert_eq!(operation(&request).full_name(), "ecr:DescribeImages");
    }

    #[test]
    fn a_host_is_neither_port_nor_password() {
        for (uri, expected) in [
            ("https://iam.amazonaws.com/", "iam.amazonaws.com"),
            ("http://user:word@127.0.0.1:4600/x?y", "127.0.0.1"),
            ("http://[fd00:ec2::254]:80/", "fd00:ec2::254"),
        ] {
            assert_eq!(host(&request("GET", uri, &[], "")), expected);
        }
    }

    #[test]
    fn a_secrets_name_is_its_target() {
        let put = request("POST", "https://x/", &[("x-amz-target", "secretsmanager.CreateSecret")], r#"{"Name":"n"}"#);
        assert_eq!(operation(&put).target.as_deref(), Some("n"));
    }

    #[test]
    fn only_a_tenants_token_endpoint_is_benchlings() {
        let body = "grant_type=client_credentials";
        let known =
            request("POST", "https://acme.benchling.com/api/v2/token", &[("authorization", "Basic eA==")], body);
        let operation_of = operation(&known);
        assert_eq!(operation_of.full_name(), "benchling:CreateToken");
        assert_eq!(operation_of.target.as_deref(), Some("acme.benchling.com"));
        for (method, uri) in [
            ("GET", "https://acme.benchling.com/api/v2/token"),
            ("POST", "http://acme.benchling.com/api/v2/token"),
            ("POST", "https://acme.benchling.com/api/v2/token?x=1"),
            ("POST", "https://acme.benchling.com:8443/api/v2/token"),
            ("POST", "https://a.b.benchling.com/api/v2/token"),
            ("POST", "https://x@acme.benchling.com/api/v2/token"),
            ("POST", "https://benchling.com/api/v2/token"),
            ("POST", "https://evil.example.com/.benchling.com/api/v2/token"),
            ("POST", "https://acme.benchling.com/api/v2/entries"),
        ] {
            assert_eq!(operation(&request(method, uri, &[], body)).service, "", "{method} {uri}");
        }
    }
}
