//! What stands in front of a version, and what it sells.

/// A `PaidAccess` row.
#[derive(Debug, Clone)]
pub struct Gate {
    /// How long it stands.
    pub lasts: Lasts,
    /// What it sells. A check ignores this (contract §1.6 step 2).
    pub terms: Terms,
}

impl Gate {
    /// Timed early access that ends at `ms` (Unix time).
    pub fn until(ms: u64) -> Self {
        Self { lasts: Lasts::Until(ms), terms: Terms::default() }
    }

    /// Paid access that never ends.
    pub fn permanent() -> Self {
        Self { lasts: Lasts::ForEver, terms: Terms::default() }
    }

    /// The same gate selling something else.
    #[must_use]
    pub fn with_terms(mut self, terms: Terms) -> Self {
        self.terms = terms;
        self
    }

    /// Whether it stands (contract §1.6 step 2: no end, or an end to come).
    pub fn is_active(&self, now_ms: u64) -> bool {
        self.ends_at().is_none_or(|ends_at| ends_at > now_ms)
    }

    /// The `endsAt` of the row.
    pub fn ends_at(&self) -> Option<u64> {
        match self.lasts {
            Lasts::Until(ms) => Some(ms),
            Lasts::ForEver | Lasts::Pending => None,
        }
    }
}

/// How long a gate stands (the table of contract §2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// Timed early access until then (Unix ms).
    Until(u64),
    /// Permanent paid access.
    ForEver,
    /// Timed, but the time starts with a publication that has not happened.
    Pending,
}

/// What a gate sells.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// Whether the download is sold.
    pub download: bool,
    /// On what terms others generate; `None`: the gate does not say.
    pub generation: Option<Generation>,
}

impl Default for Terms {
    /// Both are sold; the tries are the site's default.
    fn default() -> Self {
        Self { download: true, generation: Some(Generation::Paid { trial_limit: None }) }
    }
}

/// The terms of generation.
#[derive(Debug, Clone, Copy)]
pub enum Generation {
    /// Free for everybody, though a check denies it.
    Free,
    /// Sold, after some tries.
    Paid {
        /// `None`: the site's default, 10 (contract §1.6).
        trial_limit: Option<u32>,
    },
}
