//! The tables of the project file in which a team says who answers for what, and what it decided.

use serde_json::{Value, json};

use crate::catalogue::Track;
use crate::finding::Severity;
use crate::settings::Date;
use crate::settings::decision::Ruling;
use crate::settings::described::{Described, entry, section};

section! {
    /// `[items.<id>]`: what holds for one checklist item, or for a whole group of them.
    pub struct ItemEntry {
        /// Who makes it hold.
        pub owner: Option<String>,
        /// Who confirms that it holds.
        pub reviewer: Option<String>,
        /// When it must hold: `blocking` before launch, `follow-up` soon after it.
        pub track: Option<Track>,
        /// How bad it is if it does not hold.
        pub severity: Option<Severity>,
    }
}

entry! {
    /// `[[attestations]]`: a dated, owned statement about what reading a repository cannot show.
    pub struct AttestationEntry {
        /// The checklist item.
        pub item: String,
        /// Who says so.
        pub who: String,
        /// The day it was said.
        pub when: Date,
        /// A link to what the team can show for it.
        pub artefact: String,
        /// The last day it counts; then it must be said again.
        pub review_by: Date,
        /// What is stated, in the team's words.
        pub statement: Option<String>,
    }

    /// `[[decisions]]`: what the team decided about a finding, an item or a path that fails. At least one of `finding`,
    /// `rule`, `item` and `path` says what about; those that are given must all match.
    pub struct DecisionEntry {
        /// `blocker`: fixed before launch. `mitigated`: a compensating control holds until a deadline; needs `control`,
        /// `owner` and `deadline`. `accepted`: tolerated until it expires; needs `reason`, `approver` and `expires`.
        pub decision: Ruling,
        /// A finding's fingerprint, or its first eight characters or more.
        pub finding: Option<String>,
        /// A rule's id.
        pub rule: Option<String>,
        /// A checklist item's id.
        pub item: Option<String>,
        /// A path pattern, written as in `[scan]`.
        pub path: Option<String>,
        /// The day it was made.
        pub made: Option<Date>,
        /// What compensates for the failure.
        pub control: Option<String>,
        /// Who answers for it.
        pub owner: Option<String>,
        /// The last day the mitigation counts; after it the failure blocks again.
        pub deadline: Option<Date>,
        /// Why the risk is tolerable for this use.
        pub reason: Option<String>,
        /// Who accepted the risk.
        pub approver: Option<String>,
        /// The last day the acceptance counts; after it the failure blocks again.
        pub expires: Option<Date>,
    }
}

impl Described for Track {
    fn schema() -> Value {
        json!({"enum": [Track::Blocking.label(), Track::FollowUp.label()]})
    }
}

impl Described for Severity {
    fn schema() -> Value {
        json!({"enum": Severity::ALL.map(Severity::label)})
    }
}
