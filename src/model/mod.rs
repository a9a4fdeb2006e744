//! Plain data that flows between the rooms: what was chosen, what was looked up, what was judged, what would be written. No I/O.

pub mod call;
pub mod error;
pub mod fact;
pub mod facts;
pub mod finding;
pub mod inquiry;
pub mod migration;
pub mod plan;
pub mod progress;
pub mod selection;
pub mod system;
pub mod text;
pub mod verdict;

pub use call::CallRecord;
pub use error::{AwsError, ErrorKind};
pub use fact::Fact;
pub use facts::Facts;
pub use finding::{Finding, Severity};
pub use inquiry::{Hop, Inquiry};
pub use migration::{ImportSource, Migration, Reader, Trials, VersionChoice};
pub use plan::{Change, Confirmed, Plan};
pub use progress::Progress;
pub use selection::Selection;
pub use system::SystemChoice;
pub use verdict::{LiveCall, Verdict};
