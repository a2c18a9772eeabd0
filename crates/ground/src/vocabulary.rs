//! The words that more than one room uses, spelled once: channels, verdicts, outcomes.

use crate::text_enum;

text_enum! {
    /// Through which door a report came (metric M1).
    pub enum Channel {
        /// The public form.
        Web = "web",
        /// A chat line.
        Chat = "chat",
        /// Mail.
        Mail = "mail",
        /// Another hotline.
        Partner = "partner",
        /// The police.
        Police = "police",
        /// A trusted reporter.
        Trusted = "trusted",
        /// Our own look back at something known.
        Recheck = "recheck",
    }
}

text_enum! {
    /// On which platform the chat line is spoken to.
    pub enum Platform {
        /// WhatsApp.
        Whatsapp = "whatsapp",
        /// Telegram.
        Telegram = "telegram",
    }
}

text_enum! {
    /// Whether a report came from within the country or from a hotline abroad (metric M1).
    pub enum Origin {
        /// Every channel but a foreign hotline.
        National = "national",
        /// A foreign hotline.
        International = "international",
    }
}

text_enum! {
    /// What the answers of one assessment add up to.
    pub enum Verdict {
        /// Illegal in every country that joined the international baseline.
        IllegalBaseline = "illegal-baseline",
        /// Illegal under national law.
        IllegalNational = "illegal-national",
        /// Not illegal.
        NotIllegal = "not-illegal",
        /// Cannot be judged from what is there.
        NotAssessable = "not-assessable",
        /// Not part of what was reported: an icon, an ornament of the page.
        Ignore = "ignore",
    }
}

impl Verdict {
    /// Whether a removal must be asked for.
    #[must_use]
    pub const fn is_illegal(self) -> bool {
        matches!(self, Self::IllegalBaseline | Self::IllegalNational)
    }
}

text_enum! {
    /// Why something is not illegal, or could not be judged.
    pub enum NotIllegalReason {
        /// Adults only.
        Adult = "adult",
        /// Nudity without a sexual meaning.
        Nudism = "nudism",
        /// Children, not sexualised.
        Children = "children",
        /// Drawn or generated, and not illegal in this country.
        Virtual = "virtual",
        /// Nothing was there any more.
        NotFound = "not-found",
        /// A private storage space.
        Cloud = "cloud",
        /// Behind a sign-in, a payment or a block.
        NotAccessible = "not-accessible",
        /// Within the law.
        Legal = "legal",
        /// Only links to elsewhere.
        Linking = "linking",
        /// Anything else, said in the note.
        Other = "other",
    }
}

text_enum! {
    /// Why the police are asked before the provider is told.
    pub enum PoliceReason {
        /// A provider that warns its customers.
        BadProvider = "bad-provider",
        /// A provider not seen before that asks for attention.
        NewProvider = "new-provider",
        /// It concerns this country.
        CountryRelated = "country-related",
        /// Possibly a victim not yet known.
        PossibleNewVictim = "possible-new-victim",
        /// Hosted where no partner hotline is.
        NoPartnerHotline = "no-partner-hotline",
        /// Behind Tor, not traceable.
        NotTraceable = "not-traceable",
        /// The provider cannot be reached.
        ProviderUnreachable = "provider-unreachable",
    }
}

text_enum! {
    /// How a report ended.
    pub enum Outcome {
        /// At least one item was illegal.
        Illegal = "illegal",
        /// Everything was judged, nothing was illegal.
        NotIllegal = "not-illegal",
        /// Nothing was there to be judged.
        NothingFound = "nothing-found",
        /// Outside what a hotline may look at.
        OutOfMandate = "out-of-mandate",
        /// No address and nothing to act on; read and answered.
        Read = "read",
        /// Not a report.
        Junk = "junk",
    }
}

text_enum! {
    /// What one check of an item saw. Only the first four say something about the item.
    pub enum Observation {
        /// The same picture is there, by bytes or by likeness.
        Present = "present",
        /// Something is there that is not the same picture.
        Changed = "changed",
        /// The host says it is gone (404, 410, or the name no longer exists).
        Absent = "absent",
        /// The host refuses us (401, 403, 451, a sign-in wall).
        Blocked = "blocked",
        /// The host answered with an error of its own (5xx) or did not answer: says nothing.
        Unreachable = "unreachable",
        /// We could not look: our line, our name service or our canary failed. Says nothing.
        OurFailure = "our-failure",
    }
}

text_enum! {
    /// What a provider says about an item it was told of.
    pub enum ResponseKind {
        /// It removed the item.
        Removed = "removed",
        /// It does not host the item.
        NotHost = "not-host",
        /// It objects to the request.
        Objection = "objection",
    }
}

text_enum! {
    /// What came of a provider's response.
    pub enum ResponseOutcome {
        /// The item is looked at at once.
        Checked = "checked",
        /// The registries name another host now, who is told instead.
        OtherHost = "other-host",
        /// The registries still name the same host: a human decides.
        SameHost = "same-host",
        /// A human agreed with the provider, and the takedown was ended.
        Upheld = "upheld",
        /// A human did not agree; the request stands.
        Dismissed = "dismissed",
    }
}

text_enum! {
    /// Where an item is hosted, seen from the hotline.
    pub enum HostedIn {
        /// In the hotline's own country.
        Home = "home",
        /// Abroad.
        Abroad = "abroad",
        /// Behind Tor.
        Onion = "onion",
        /// Not found out.
        Unknown = "unknown",
    }
}

text_enum! {
    /// By what an item came to its verdict.
    pub enum Basis {
        /// An analyst looked at it.
        Looked = "looked",
        /// The same bytes were judged before.
        SameBytes = "same-bytes",
        /// A picture perceptually the same was judged before.
        Likeness = "likeness",
        /// The same picture stood beside it in one report and was judged by looking.
        SamePicture = "same-picture",
        /// The house confirmed by itself that a judged picture is the same, as it was told to.
        ByItself = "by-itself",
    }
}

impl Basis {
    /// Whether a person looked for it, at the picture or at its likeness to a judged one. Else a look
    /// was saved.
    #[must_use]
    pub const fn is_look(self) -> bool {
        matches!(self, Self::Looked | Self::Likeness)
    }
}
