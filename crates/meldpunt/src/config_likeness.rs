//! The section of the configuration on pictures that look alike.

use casework::LikenessRule;

/// When a picture is taken for one that was judged before.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Likeness {
    /// Up to so many differing bits of 256 a picture is proposed with the earlier verdict; at most 40.
    /// More finds more altered copies and proposes more pictures that are not the same.
    #[config(default = 31)]
    pub near: u32,
    /// Up to so many differing bits images of one report are the same picture: one tile, one look,
    /// and every one of them has the verdict. At most `near`.
    #[config(default = 10)]
    pub same: u32,
    /// Hashes of less quality, 0 to 100, say too little (even, blurred pictures) and are not compared.
    #[config(default = 50)]
    pub quality: u8,
    /// Of a hundred frames of each of two videos so many must be found in the other, and it is proposed
    /// with the earlier verdict. Frames are compared by `near` and `quality`.
    #[config(default = 80)]
    pub film: u8,
}

impl Likeness {
    /// What is wrong: the setting, and what to do about it.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        if self.near > 40 {
            Some(("likeness.near", "must be 40 or less"))
        } else if self.same > self.near {
            Some(("likeness.same", "must not be more than likeness.near"))
        } else if self.quality > 100 {
            Some(("likeness.quality", "must be 100 or less"))
        } else if !(1..=100).contains(&self.film) {
            Some(("likeness.film", "must be from 1 to 100"))
        } else {
            None
        }
    }

    /// The rule these settings make.
    pub const fn rule(&self) -> LikenessRule {
        LikenessRule {
            distance: self.near,
            same: self.same,
            quality: self.quality,
            film: self.film,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_that_make_no_sense_are_refused_by_name() {
        let of = |near, same, quality| Likeness {
            near,
            same,
            quality,
            film: 80,
        };
        assert_eq!(of(31, 10, 50).fault(), None);
        assert_eq!(of(31, 10, 50).rule(), LikenessRule::default());
        for (wrong, name) in [
            (of(41, 10, 50), "likeness.near"),
            (of(8, 10, 50), "likeness.same"),
            (of(31, 10, 101), "likeness.quality"),
        ] {
            assert_eq!(wrong.fault().map(|(setting, _)| setting), Some(name));
        }
        let none = Likeness {
            film: 0,
            ..of(31, 10, 50)
        };
        assert_eq!(
            none.fault().map(|(setting, _)| setting),
            Some("likeness.film")
        );
    }
}
