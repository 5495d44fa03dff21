//! Putting records in order. One sort serves every list: each instance of the generic one adds kilobytes to what a phone downloads.

use uuid::Uuid;

/// The items by a number, and by identity where the numbers are the same.
pub fn in_order<T>(items: impl IntoIterator<Item = T>, key: impl Fn(&T) -> (i64, Uuid)) -> Vec<T> {
    let mut slots: Vec<Option<T>> = items.into_iter().map(Some).collect();
    let keys = slots.iter().flatten().map(key).collect();
    order_of(keys).into_iter().filter_map(|slot| slots[slot].take()).collect()
}

fn order_of(keys: Vec<(i64, Uuid)>) -> Vec<usize> {
    let mut order: Vec<(i64, Uuid, usize)> = keys.into_iter().enumerate().map(|(slot, (number, id))| (number, id, slot)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, _, slot)| slot).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_first_and_identities_break_ties() {
        let id = Uuid::from_u128;
        let items = [(2, id(1)), (1, id(9)), (1, id(3))];
        assert_eq!(in_order(items, |item| *item), [(1, id(3)), (1, id(9)), (2, id(1))]);
    }
}
