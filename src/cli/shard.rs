//! `--shard I/N`: one of several jobs that report a repository's findings together.
//!
//! Every job analyses the whole repository, as findings lead across files, and reports the findings of its own share of
//! the files. Which share a file belongs to depends on its path alone, so the jobs need not speak with each other.

use std::str::FromStr;

use sha2::{Digest, Sha256};

use super::audit::Audit;
use super::baseline::Accepted;

/// A share of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    /// Which one, from 0.
    index: u64,
    /// Of how many.
    count: u64,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no share: write I/N, such as 1/4 for the first of four");
        let (index, count) = text.split_once('/').ok_or_else(wrong)?;
        let (index, count): (u64, u64) = index.parse().ok().zip(count.parse().ok()).ok_or_else(wrong)?;
        if index == 0 || index > count {
            return Err(wrong());
        }
        Ok(Shard { index: index - 1, count })
    }
}

impl Shard {
    /// Whether a file belongs to this share.
    pub(super) fn holds(self, path: &str) -> bool {
        let digest: [u8; 32] = Sha256::digest(path.as_bytes()).into();
        let number = digest.first_chunk().map_or(0, |first| u64::from_le_bytes(*first));
        number % self.count == self.index
    }

    /// Leaves what other jobs report to them. What the tool says about the run as a whole, all say.
    pub(super) fn keep(self, audit: &mut Audit, accepted: &mut Vec<Accepted>) {
        let filtered = &mut audit.filtered;
        filtered.kept.retain(|finding| self.holds(&finding.at.path));
        filtered.suppressed.retain(|(finding, _)| self.holds(&finding.at.path));
        audit.decided.retain(|(finding, _)| self.holds(&finding.at.path));
        audit.older.retain(|finding| self.holds(&finding.at.path));
        accepted.retain(|one| self.holds(&one.finding.at.path));
        audit.notices.retain(|notice| notice.path.is_empty() || self.holds(&notice.path));
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;

    #[test]
    fn every_path_belongs_to_one_share() {
        let shards: Vec<Shard> = (1..=3).map(|index| format!("{index}/3").parse().expect("a share")).collect();
        let mut sizes = [0; 3];
        for path in (0..300).map(|number| format!("src/{number}.py")) {
            let of: Vec<usize> = (0..3).filter(|index| shards[*index].holds(&path)).collect();
            assert_eq!(of.len(), 1, "{path}");
            sizes[of[0]] += 1;
        }
        assert!(sizes.iter().all(|size| *size > 70), "{sizes:?}");
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for text in ["", "1", "0/2", "3/2", "a/b", "1/", "/2", "-1/2", "1/0"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }
}
