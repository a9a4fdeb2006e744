//! Simple Storage Service: HeadBucket and ListObjectsV2.
//!
//! Source: Amazon S3 API Reference, the pages of both and "Error responses".

use super::auth::{self, Access};
use super::exchange::{Call, Content, ServiceError};
use super::page::page;
use super::service::bucket_of_host;
use super::state::State;
use super::sts::whole_seconds;
use super::xml::Xml;

/// The content type of its answers.
pub(super) const XML: &str = "application/xml";
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// What a request is about: virtual-hosted or with the bucket in its path.
pub(super) struct Rest {
    /// The bucket; empty for the service itself.
    bucket: String,
    /// The key; empty for the bucket itself.
    key: String,
    query: Vec<(String, String)>,
}

impl Rest {
    /// Reads host, path and query.
    pub(super) fn read(uri: &http::Uri) -> Self {
        let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let path = uri.path().trim_start_matches('/');
        let (bucket, key) = match bucket_of_host(uri.host().unwrap_or_default()) {
            Some(bucket) => (bucket.to_owned(), decoded(path)),
            None => {
                let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
                (decoded(bucket), decoded(key))
            }
        };
        let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        Self { bucket, key, query }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Which operation a method on that path is.
pub(super) fn operation(method: &str, rest: &Rest) -> String {
    let of_bucket = !rest.bucket.is_empty() && rest.key.is_empty();
    match (method, rest.get("list-type")) {
        ("HEAD", None) if of_bucket => "HeadBucket".to_owned(),
        ("GET", Some("2")) if of_bucket => "ListObjectsV2".to_owned(),
        (method, _) => format!("{method} /{}/{}", rest.bucket, rest.key),
    }
}

/// Answers a call to S3.
///
/// # Errors
/// As AWS answers.
pub(super) fn serve(state: &State, call: &Call, rest: &Rest) -> Result<Content, ServiceError> {
    match call.operation.as_str() {
        "HeadBucket" => {
            let bucket = find(state, call, rest, Vec::new())?;
            let headers = vec![(REGION, bucket.region), ("x-amz-access-point-alias", "false".to_owned())];
            Ok(Content::Rest { body: String::new(), headers })
        }
        "ListObjectsV2" => list(state, call, rest),
        other => Err(ServiceError::new(501, "NotImplemented", format!("the sandbox has no {other}"))),
    }
}

const REGION: &str = "x-amz-bucket-region";

struct Found {
    region: String,
    keys: Vec<String>,
}

/// The bucket, once the caller may list it. One that is missing is told to anybody.
fn find(state: &State, call: &Call, rest: &Rest, keys: Vec<(&'static str, String)>) -> Result<Found, ServiceError> {
    let name = rest.bucket.as_str();
    let Some((owner, region, bucket)) = state.bucket(name) else {
        return Err(ServiceError::new(404, "NoSuchBucket", "The specified bucket does not exist"));
    };
    if region != call.region {
        let message = "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future \
             requests to this endpoint.";
        return Err(ServiceError::new(301, "PermanentRedirect", message).with_header(REGION, region));
    }
    let arn = format!("arn:aws:s3:::{name}");
    // S3 puts the resource into quotes.
    let shown = format!("\"{arn}\"");
    let shared = bucket.shared_with.contains(call.account());
    let access = Access { action: "s3:ListBucket", resource: &arn, shown: Some(&shown), owner, shared, keys };
    auth::permit(state, call, &access).map_err(|error| error.with_header(REGION, region))?;
    Ok(Found { region: region.to_owned(), keys: bucket.objects.iter().cloned().collect() })
}

fn list(state: &State, call: &Call, rest: &Rest) -> Result<Content, ServiceError> {
    let prefix = rest.get("prefix").unwrap_or_default();
    let most: usize = match rest.get("max-keys").map(str::parse) {
        None => 1_000,
        Some(Ok(most)) if most <= 1_000 => most,
        Some(Ok(_)) => 1_000,
        Some(Err(_)) => {
            return Err(ServiceError::new(
                400,
                "InvalidArgument",
                "Provided max-keys not an integer or within integer range",
            ));
        }
    };
    if rest.get("delimiter").is_some() {
        return Err(ServiceError::gap("a list with a delimiter"));
    }
    let mut keys = vec![("s3:max-keys", most.to_string())];
    if rest.get("prefix").is_some() {
        keys.push(("s3:prefix", prefix.to_owned()));
    }
    let found = find(state, call, rest, keys)?;
    let all: Vec<&String> = found.keys.iter().filter(|key| key.starts_with(prefix)).collect();
    let page = page(&all, rest.get("continuation-token"), most)
        .ok_or_else(|| ServiceError::new(400, "InvalidArgument", "The continuation token provided is incorrect"))?;
    let shown = if most == 0 { &[] } else { page.items };
    let body = Xml::document("ListBucketResult", NAMESPACE, |xml| {
        xml.text("Name", &rest.bucket);
        xml.text("Prefix", prefix);
        xml.text("KeyCount", &shown.len().to_string());
        xml.text("MaxKeys", &most.to_string());
        xml.text("IsTruncated", if page.next.is_some() && most > 0 { "true" } else { "false" });
        xml.optional("NextContinuationToken", page.next.as_deref().filter(|_| most > 0));
        for key in shown {
            xml.element("Contents", |xml| {
                xml.text("Key", key);
                xml.text("LastModified", &whole_seconds(state.loaded));
                xml.text("Size", "1024");
                xml.text("StorageClass", "STANDARD");
            });
        }
    });
    Ok(Content::Rest { body, headers: vec![(REGION, found.region)] })
}

/// An error; the answer to HEAD has no body.
pub(super) fn error_body(operation: &str, error: &ServiceError, request_id: &str) -> String {
    if operation == "HeadBucket" {
        return String::new();
    }
    let mut xml = Xml::new();
    xml.element("Error", |xml| {
        xml.text("Code", &error.code);
        xml.text("Message", &error.message);
        xml.text("RequestId", request_id);
    });
    xml.into_text()
}
