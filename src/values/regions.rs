//! The AWS regions, for a search that somebody asked for. Asking AWS for the list would need a permission of its own
//! (`ec2:DescribeRegions` or `account:ListRegions`).
//!
//! Sources: AWS Account Management reference guide, "Enable or disable AWS Regions in your account", for which regions every account has;
//! `partitions.json` of botocore 1.43 for all of them.

/// Regions that every account of the partition `aws` has switched on.
const STANDARD: [&str; 17] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "sa-east-1",
];

/// Regions that an account has to switch on first. Until then AWS refuses the credentials there as unknown.
const OPT_IN: [&str; 17] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];

const CHINA: [&str; 2] = ["cn-north-1", "cn-northwest-1"];
const GOVERNMENT: [&str; 2] = ["us-gov-west-1", "us-gov-east-1"];

/// Every region of the partition that `home` is in: `home` first, then those that every account has. Credentials are of one partition only.
#[must_use]
pub fn around(home: &str) -> Vec<&str> {
    let others = if home.starts_with("cn-") {
        CHINA.to_vec()
    } else if home.starts_with("us-gov-") {
        GOVERNMENT.to_vec()
    } else {
        [STANDARD, OPT_IN].concat()
    };
    std::iter::once(home).chain(others.into_iter().filter(|region| *region != home)).collect()
}

/// Whether it is one of the regions that there were when this list was made; a newer one is none of them.
#[must_use]
pub fn is_listed(region: &str) -> bool {
    let all: [&[&str]; 4] = [&STANDARD, &OPT_IN, &CHINA, &GOVERNMENT];
    all.into_iter().any(|listed| listed.contains(&region))
}

/// Whether an account has to switch the region on before it can be used.
#[must_use]
pub fn is_opt_in(region: &str) -> bool {
    OPT_IN.contains(&region)
}

/// The partition that a region is in. `None`: the text has not the form of a region.
///
/// Source: AWS General Reference, "AWS partitions": China's and GovCloud's regions begin alike.
#[must_use]
pub fn partition_of(region: &str) -> Option<&'static str> {
    let (place, number) = region.rsplit_once('-')?;
    let words: Vec<&str> = place.split('-').collect();
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    let fits = words.len() >= 2 && words.iter().all(is_word) && !number.is_empty();
    if !fits || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_region_of_the_partition_is_asked_once_and_the_own_one_first() {
        let all = around("eu-west-1");
        assert_eq!((all.first(), all.len()), (Some(&"eu-west-1"), 34));
        let mut sorted = all.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), all.len());
        assert!(all.iter().all(|region| !region.starts_with("cn-") && !region.starts_with("us-gov-")));
    }

    #[test]
    fn no_partition_is_asked_with_credentials_of_another() {
        assert_eq!(around("cn-northwest-1"), ["cn-northwest-1", "cn-north-1"]);
        assert_eq!(around("us-gov-west-1"), ["us-gov-west-1", "us-gov-east-1"]);
        assert_eq!(around("xx-new-9").len(), 35, "a region newer than the list is asked too");
        assert!(is_opt_in("me-south-1") && !is_opt_in("sa-east-1"));
        assert!(is_listed("me-south-1") && is_listed("us-gov-east-1") && !is_listed("us-east-11"));
    }

    #[test]
    fn a_region_tells_its_partition() {
        for (region, partition) in [
            ("eu-west-1", Some("aws")),
            ("ap-southeast-12", Some("aws")),
            ("cn-north-1", Some("aws-cn")),
            ("us-gov-east-1", Some("aws-us-gov")),
            ("", None),
            ("west-1", None),
            ("eu-west", None),
            ("EU-west-1", None),
            ("eu-west-1.example", None),
        ] {
            assert_eq!(partition_of(region), partition, "{region}");
        }
    }
}
