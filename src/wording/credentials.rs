//! What is said where there are no AWS credentials at all.

/// That there are none.
pub const NONE: &str = "There is no AWS profile on this machine, and no key in its environment: AWS cannot be asked.";

/// What to do, a sentence each.
pub const WHAT_TO_DO: [&str; 3] = [
    "Make an AWS profile in another terminal: aws configure sso where you log in with a browser, aws configure where you have an access key.",
    "If your AWS files are in another place, leave, set AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, and begin again.",
    "Then r looks again.",
];

/// What can be done without.
pub const WITHOUT: &str = "Without AWS an error message can be explained (rolecall explain --message), and an access case that somebody saved (rolecall explain).";
