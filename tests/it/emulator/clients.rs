//! SDK clients for seeding and checking, free of everything the program adds to its own.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// An access key. No `Debug`: it is a secret.
#[derive(Clone)]
pub struct Keys {
    /// `AWS_ACCESS_KEY_ID`.
    pub access_key_id: String,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret_access_key: String,
    /// `AWS_SESSION_TOKEN`, of a session.
    pub session_token: Option<String>,
}

impl Keys {
    /// As environment variables.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let mut variables = vec![
            ("AWS_ACCESS_KEY_ID", self.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.secret_access_key.clone()),
        ];
        variables.extend(self.session_token.clone().map(|token| ("AWS_SESSION_TOKEN", token)));
        variables
    }

    /// As the lines of a section of the credentials file.
    pub fn file_lines(&self) -> String {
        self.environment().iter().map(|(name, value)| format!("{} = {value}\n", name.to_lowercase())).collect()
    }
}

impl From<&aws_sdk_sts::types::Credentials> for Keys {
    fn from(credentials: &aws_sdk_sts::types::Credentials) -> Self {
        Self {
            access_key_id: credentials.access_key_id().to_owned(),
            secret_access_key: credentials.secret_access_key().to_owned(),
            session_token: Some(credentials.session_token().to_owned()),
        }
    }
}

/// One client per service, all with the same keys.
pub struct Clients {
    /// STS.
    pub sts: aws_sdk_sts::Client,
    /// IAM.
    pub iam: aws_sdk_iam::Client,
    /// CloudFormation.
    pub cloudformation: aws_sdk_cloudformation::Client,
    /// Secrets Manager.
    pub secrets: aws_sdk_secretsmanager::Client,
    /// S3, with a bucket's name in the path.
    pub s3: aws_sdk_s3::Client,
    /// ECR.
    pub ecr: aws_sdk_ecr::Client,
}

impl Clients {
    /// Clients for this endpoint; nothing of the environment reaches them.
    ///
    /// To be made in the test that uses them: their connections belong to its runtime.
    pub fn new(endpoint: &str, region: &str, keys: &Keys) -> Self {
        let credentials = Credentials::new(
            keys.access_key_id.clone(),
            keys.secret_access_key.clone(),
            keys.session_token.clone(),
            None,
            "test",
        );
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region.to_owned()))
            .endpoint_url(endpoint)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Self {
            sts: aws_sdk_sts::Client::new(&config),
            iam: aws_sdk_iam::Client::new(&config),
            cloudformation: aws_sdk_cloudformation::Client::new(&config),
            secrets: aws_sdk_secretsmanager::Client::new(&config),
            s3: aws_sdk_s3::Client::from_conf(
                aws_sdk_s3::config::Builder::from(&config).force_path_style(true).build(),
            ),
            ecr: aws_sdk_ecr::Client::new(&config),
        }
    }
}

/// The error code of a call that must have been refused.
pub fn code<T, E: ProvideErrorMetadata>(result: Result<T, E>) -> String {
    match result {
        Ok(_) => panic!("the call was to be refused, and it went through"),
        Err(error) => error.code().unwrap_or("(no code)").to_owned(),
    }
}
