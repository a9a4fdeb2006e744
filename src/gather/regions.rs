//! Stacks in every region: only when somebody asks for it, a few regions at a time.

use futures::StreamExt;
use futures::stream;

use super::Sink;
use crate::aws::calls::cloudformation as cfn;
use crate::aws::region::Region;
use crate::aws::{Connection, Connector, Guard};
use crate::model::facts::Stack;
use crate::model::{AwsError, Fact};
use crate::values::regions;

/// Regions that are asked at the same time.
const AT_ONCE: usize = 12;

/// Lists the stacks of every region of the partition; what a region has is shown as soon as it answers.
///
/// A region that does not answer is kept with its reason. If the region of all other calls does not answer, neither is the whole
/// search known: whoever may not list stacks there may not do it elsewhere.
pub(super) async fn search(connector: &Connector, connection: &Connection, sink: &Sink) {
    let home = connection.region.name.clone();
    sink.land(|facts| facts.regions.clear());
    let regions: Vec<String> = regions::around(&home).into_iter().map(str::to_owned).collect();
    let asked: Vec<_> = regions.into_iter().map(|region| one(connector, connection, region, sink)).collect();
    let answers: Vec<(String, Option<AwsError>)> = stream::iter(asked).buffer_unordered(AT_ONCE).collect().await;
    let refused = answers.into_iter().find_map(|(region, refused)| refused.filter(|_| region == home));
    sink.land(move |facts| {
        let found = match std::mem::take(&mut facts.stacks) {
            Fact::Pending(Some(found)) => *found,
            _ => Vec::new(),
        };
        let answered = |stack: &Stack| facts.regions.get(stack.arn.region()).is_some_and(|fact| fact.known().is_some());
        facts.stacks = match refused {
            Some(error) => Fact::from_error(error),
            None => Fact::Known(found.into_iter().filter(answered).collect()),
        };
    });
}

/// Asks one region and shows what it has; returns why it did not answer.
async fn one(
    connector: &Connector,
    connection: &Connection,
    region: String,
    sink: &Sink,
) -> (String, Option<AwsError>) {
    let found = of_region(connector, connection, &region).await;
    let refused = found.as_ref().err().cloned();
    land(region.clone(), found, sink);
    (region, refused)
}

async fn of_region(connector: &Connector, connection: &Connection, region: &str) -> Result<Vec<Stack>, AwsError> {
    let region = Region { name: region.to_owned(), from: "the search of all regions".into() };
    let there = connector.reconnect(connection, region, Guard::reader()).await?;
    cfn::stacks(&there, |_, _| {}).await
}

/// Stacks of the same region that an earlier list held give way.
fn land(region: String, found: Result<Vec<Stack>, AwsError>, sink: &Sink) {
    sink.land(move |facts| {
        let count = found.as_ref().map(Vec::len).map_err(Clone::clone);
        if let (Fact::Pending(shown), Ok(stacks)) = (&mut facts.stacks, found) {
            let shown = shown.get_or_insert_default();
            shown.retain(|stack| stack.arn.region() != region);
            shown.extend(stacks);
        }
        facts.regions.insert(region, Fact::from_result(count));
    });
}
