//! From a fault to the sentence beside the field.

use ground::AddressFault;
use letterbox::{FieldFault, LetterFaults};
use pages::Language;

/// Faults shown beside one field; what is beyond is counted.
const MOST_SHOWN: usize = 6;

/// The sentences for each field of the form.
#[derive(Debug, Default)]
pub(crate) struct FaultWords {
    pub addresses: Vec<String>,
    pub seen_where: Vec<String>,
    pub words: Vec<String>,
    pub reach: Vec<String>,
}

impl FaultWords {
    pub(crate) fn of(language: Language, faults: &LetterFaults) -> Self {
        let one = |fault: &Option<FieldFault>| -> Vec<String> {
            fault
                .iter()
                .map(|fault| sentence(language, *fault))
                .collect()
        };
        let mut addresses: Vec<String> = faults
            .addresses
            .iter()
            .take(MOST_SHOWN)
            .map(|fault| sentence(language, *fault))
            .collect();
        if let Some(more) = faults
            .addresses
            .len()
            .checked_sub(MOST_SHOWN)
            .filter(|more| *more > 0)
        {
            addresses.push(language.t_n("door-fault-more", "n", more));
        }
        Self {
            addresses,
            seen_where: one(&faults.seen_where),
            words: one(&faults.words),
            reach: one(&faults.reach),
        }
    }
}

fn sentence(language: Language, fault: FieldFault) -> String {
    match fault {
        FieldFault::Address { line, fault } => language.t_n(address_phrase(fault), "line", line),
        FieldFault::TooMany => language.t("door-fault-too-many"),
        FieldFault::TooLong => language.t("door-fault-too-long"),
        FieldFault::NothingSaid => language.t("door-fault-nothing"),
    }
}

const fn address_phrase(fault: AddressFault) -> &'static str {
    match fault {
        AddressFault::Empty | AddressFault::NotAnAddress => "door-fault-not-address",
        AddressFault::TooLong => "door-fault-address-long",
        AddressFault::OtherScheme => "door-fault-scheme",
        AddressFault::NoHost => "door-fault-host",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_sentence_in_both_languages() {
        let address = |fault| FieldFault::Address { line: 3, fault };
        for language in Language::ALL {
            for fault in [
                address(AddressFault::Empty),
                address(AddressFault::TooLong),
                address(AddressFault::NotAnAddress),
                address(AddressFault::OtherScheme),
                address(AddressFault::NoHost),
                FieldFault::TooMany,
                FieldFault::TooLong,
                FieldFault::NothingSaid,
            ] {
                let says = sentence(language, fault);
                assert!(says.contains(' ') && !says.starts_with("door-"), "{says}");
            }
        }
    }

    #[test]
    fn many_faults_are_counted_rather_than_listed() {
        let fault = FieldFault::Address {
            line: 1,
            fault: AddressFault::NoHost,
        };
        let faults = LetterFaults {
            addresses: vec![fault; 20],
            ..LetterFaults::default()
        };
        assert_eq!(
            FaultWords::of(Language::En, &faults).addresses.len(),
            MOST_SHOWN + 1
        );
    }
}
