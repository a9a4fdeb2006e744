//! What several look-ups need, asked for once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

/// Answers by what was asked. Whoever asks for the same while it is under way waits for that answer.
#[derive(Debug)]
pub(super) struct Once<K, V>(Mutex<HashMap<K, Arc<OnceCell<V>>>>);

impl<K, V> Default for Once<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Once<K, V> {
    /// The answer; `ask` is run where nobody has asked before. An `Err` is an answer too, but nobody else's: the next asks again.
    pub(super) async fn get(&self, key: K, ask: impl Future<Output = Result<V, V>>) -> V {
        let cell = self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone();
        match cell.get_or_try_init(|| ask).await {
            Ok(answer) => answer.clone(),
            Err(passing) => passing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_is_asked_for_once_and_a_passing_one_again() {
        let once = Once::default();
        let (first, second) = tokio::join!(
            once.get("a", async {
                tokio::task::yield_now().await;
                Ok(1)
            }),
            once.get("a", async { Ok(2) })
        );
        assert_eq!((first, second), (1, 1));
        assert_eq!(once.get("b", async { Err(3) }).await, 3);
        assert_eq!(once.get("b", async { Ok(4) }).await, 4);
    }
}
