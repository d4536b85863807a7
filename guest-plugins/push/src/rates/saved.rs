//! Rates as bytes, for the instance that comes after this one.

use super::{Hour, MOST_USERS, Rates};

/// What this policy has written begins with this. A change of the format changes it.
const TITLE: &[u8] = b"push rates 1\n";
/// Which rates, whose, since when, when last, how often.
const LENGTH: usize = 1 + 8 + 8 + 8 + 4;

/// All of them, in order.
pub fn write(all: &[&Rates]) -> Vec<u8> {
    let mut bytes = TITLE.to_vec();
    for (which, rates) in (0..).zip(all) {
        for (user, hour) in &rates.users {
            bytes.push(which);
            bytes.extend([*user, hour.since, hour.last].into_iter().flat_map(u64::to_be_bytes));
            bytes.extend(hour.count.to_be_bytes());
        }
    }
    bytes
}

/// As many as were written. The error is for the operator.
pub fn read<const COUNT: usize>(bytes: &[u8]) -> Result<[Rates; COUNT], String> {
    let foreign =
        || "what was saved are not the rates of this policy; to begin without them, start it afresh".to_owned();
    let (records, []) = bytes.strip_prefix(TITLE).ok_or_else(foreign)?.as_chunks::<LENGTH>() else {
        return Err(foreign());
    };
    let mut all: [Rates; COUNT] = std::array::from_fn(|_| Rates::default());
    for record in records {
        let (which, user, hour) = parse(record).ok_or_else(foreign)?;
        let rates = all.get_mut(usize::from(which)).filter(|rates| rates.users.len() < MOST_USERS);
        rates.ok_or_else(foreign)?.users.insert(user, hour);
    }
    Ok(all)
}

fn parse(record: &[u8; LENGTH]) -> Option<(u8, u64, Hour)> {
    let (which, rest) = record.split_first()?;
    let (numbers, count) = rest.as_chunks::<8>();
    let [user, since, last] = <[[u8; 8]; 3]>::try_from(numbers).ok()?.map(u64::from_be_bytes);
    let count = u32::from_be_bytes(count.try_into().ok()?);
    (since <= last).then_some((*which, user, Hour { since, last, count }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Rates {
        let mut rates = Rates::default();
        (0..MOST_USERS).for_each(|number| assert!(rates.count(&number.to_string(), 1, 0, 7)));
        rates
    }

    #[test]
    fn what_is_written_is_read() {
        let (none, full) = (Rates::default(), full());
        let bytes = write(&[&none, &full]);
        let [first, second] = read(&bytes).unwrap();
        assert!(first.users.is_empty());
        assert_eq!(second.users, full.users);
        assert!(write(&[&full, &full]).len() < 1024 * 1024, "the host takes no more");
    }

    #[test]
    fn what_is_not_is_refused() {
        let good = write(&[&full()]);
        let record = &good[TITLE.len()..TITLE.len() + LENGTH];
        for wrong in [
            vec![],
            b"{}".to_vec(),
            b"push rates 2\n".to_vec(),
            good[..good.len() - 1].to_vec(),
            [TITLE, &[9], &record[1..]].concat(),
            [TITLE, &record[..9], &[0xff; 8], &record[17..]].concat(),
            [&good[..], &[&[0], &[0xff; 8][..], &record[9..]].concat()].concat(),
        ] {
            let error = read::<2>(&wrong).expect_err("refused");
            assert!(error.contains("start it afresh"), "{error}");
        }
        assert!(read::<2>(TITLE).is_ok());
    }
}
