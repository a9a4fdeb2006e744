//! The names that a file of answers knows, and what the template says of each.

/// A member of the outermost object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// `aws_profile`.
    AwsProfile,
    /// `region`.
    Region,
    /// `config_profile`.
    ConfigProfile,
    /// `stack`.
    Stack,
    /// `secret`.
    Secret,
    /// `reader`.
    Reader,
    /// `webhook_stack`.
    WebhookStack,
    /// `principal`.
    Principal,
    /// `external_id`.
    ExternalId,
    /// `roles`.
    Roles,
    /// `values`.
    Values,
    /// `leave_out`.
    LeaveOut,
    /// `write`.
    Write,
}

impl Field {
    /// All, in the order of the template.
    pub const ALL: [Self; 13] = [
        Self::AwsProfile,
        Self::Region,
        Self::ConfigProfile,
        Self::Stack,
        Self::Secret,
        Self::Reader,
        Self::WebhookStack,
        Self::Principal,
        Self::ExternalId,
        Self::Roles,
        Self::Values,
        Self::LeaveOut,
        Self::Write,
    ];

    /// As the file spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AwsProfile => "aws_profile",
            Self::Region => "region",
            Self::ConfigProfile => "config_profile",
            Self::Stack => "stack",
            Self::Secret => "secret",
            Self::Reader => "reader",
            Self::WebhookStack => "webhook_stack",
            Self::Principal => "principal",
            Self::ExternalId => "external_id",
            Self::Roles => "roles",
            Self::Values => "values",
            Self::LeaveOut => "leave_out",
            Self::Write => "write",
        }
    }

    /// What it is, and what stands for it while it is not answered: lines of the template.
    #[must_use]
    pub const fn about(self) -> &'static [&'static str] {
        match self {
            Self::AwsProfile => &[
                "The AWS profile to use, alone: keys in the environment do not shadow it.",
                "Default: AWS_PROFILE, then keys in the environment, then the AWS profile default, or the only one.",
            ],
            Self::Region => {
                &["The AWS region.", "Default: the stack's, AWS_REGION, AWS_DEFAULT_REGION, then the AWS profile's."]
            }
            Self::ConfigProfile => &[
                "The config profile: a folder below benchling-webhook/ that holds config.json.",
                "Letters, digits, - and _. Default: default.",
            ],
            Self::Stack => &[
                "Name or ARN of the Quilt stack.",
                "Default: what config.json names, then the only Quilt stack there is.",
            ],
            Self::Secret => &[
                "Name or ARN of the secret; it is created when it does not exist.",
                "Default: what config.json names, then the Quilt stack's own, then benchling-webhook-prod, or with the name of",
                "another config profile than default in place of prod.",
            ],
            Self::Reader => &[
                "Which runtime will read the secret: \"specification\" (11 keys in capitals), \"shipped\" (names in small letters), or \"both\".",
                "Default: both where the secret holds small letters or a release was deployed from here, else specification.",
            ],
            Self::WebhookStack => &[
                "Name of the webhook's own stack.",
                "Default: BenchlingWebhookStack; for another config profile than default with - and its name behind it.",
            ],
            Self::Principal => &[
                "ARN of the role that will assume the roles in production.",
                "Default: the task role of the webhook's own stack.",
            ],
            Self::ExternalId => &[
                "The external ID to send with sts:AssumeRole: 2 to 1224 letters, digits and _+=,.@:/-",
                "Default: none.",
            ],
            Self::Roles => {
                &["ARNs of the two roles, where the stack does not tell them.", "Default: what the stack tells."]
            }
            Self::Values => &[
                "The 11 values of the secret; all are needed in the end. null keeps what the secret holds, else what config.json",
                "holds, else for the bucket what the stack tells. What is merely usual is never filled in unasked.",
            ],
            Self::LeaveOut => &[
                "Fields of config.json that are left as they are, by their dotted paths: \"quilt.readRoleArn\", or \"quilt\" for all",
                "below it.",
            ],
            Self::Write => &["What is written. Default: both."],
        }
    }
}
