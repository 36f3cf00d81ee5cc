//! What code scanning takes: larger uploads are refused, or cut by the host without a word to whoever reads the result.

/// Results of one run that the host keeps.
pub(super) const RESULTS: usize = 5_000;
/// Fewer results are never written, however large they are.
pub(super) const FEWEST_RESULTS: usize = 100;
/// The host takes 10 MB after compression, which shrinks this format to a tenth or less.
pub(super) const BYTES: usize = 80_000_000;
/// Steps of one code flow that the host shows.
pub(super) const STEPS: usize = 1_000;
/// Related places of one result that the host shows.
pub(super) const LOCATIONS: usize = 100;
/// Tags of one rule that the host shows.
pub(super) const TAGS: usize = 10;
/// The longest description of a rule that the host takes, less some for a final stop.
pub(super) const LONGEST_DESCRIPTION: usize = 1_000;

/// Keeps the `most` items of highest rank in the order they stand in; tells how many were dropped.
pub(super) fn keep_worst<T, R: Ord>(items: &mut Vec<T>, most: usize, rank: impl Fn(&T) -> R) -> usize {
    if items.len() <= most {
        return 0;
    }
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|a, b| rank(&items[*b]).cmp(&rank(&items[*a])).then(a.cmp(b)));
    let mut is_kept = vec![false; items.len()];
    order.iter().take(most).for_each(|at| is_kept[*at] = true);
    let dropped = items.len() - most;
    let mut kept = is_kept.into_iter();
    items.retain(|_| kept.next().unwrap_or(false));
    dropped
}

/// A flow's steps, without the middle of one that is too long: its two ends say most.
pub(super) fn steps<T>(flow: &[T]) -> Vec<&T> {
    if flow.len() <= STEPS {
        return flow.iter().collect();
    }
    let half = STEPS / 2;
    flow[..half].iter().chain(&flow[flow.len() - half..]).collect()
}

#[cfg(test)]
mod tests {
    use super::{STEPS, keep_worst, steps};

    #[test]
    fn the_worst_are_kept_in_their_order() {
        let mut items = vec![(1, 'a'), (9, 'b'), (1, 'c'), (5, 'd'), (9, 'e')];
        assert_eq!(keep_worst(&mut items, 3, |item| item.0), 2);
        assert_eq!(items, [(9, 'b'), (5, 'd'), (9, 'e')]);
        assert_eq!(keep_worst(&mut items, 3, |item| item.0), 0);
    }

    #[test]
    fn long_flows_keep_both_ends() {
        let flow: Vec<usize> = (0..STEPS * 3).collect();
        let kept = steps(&flow);
        assert_eq!(kept.len(), STEPS);
        assert_eq!((*kept[0], *kept[STEPS - 1]), (0, STEPS * 3 - 1));
    }
}
